// The console's page for verifying what one was given.

import { askText } from '../api';
import { t } from '../language';
import { Page } from '../parts';
import { Verifier } from '../verify';

export function VerifyPage() {
  return (
    <Page
      title={t('verify')}
      lead={t('verifyIntro')}
      actions={
        <a class="button" href="/console/verify.html" download="hefu-verify.html">
          {t('verifyOffline')}
        </a>
      }
    >
      <Verifier nodeCharter={() => askText('/v1/charter')} />
    </Page>
  );
}
