// verify.html: the verifier in one file, which asks nobody. The build puts the worker and the module
// into its page, as text.

import { render } from 'preact';
import { useState } from 'preact/hooks';
import { fromBase64 } from './base64';
import { loadFrom } from './hefu';
import { current, speak, t, tell, type Language } from './language';
import { Page } from './parts';
import { unpack } from './unpack';
import { Verifier } from './verify';

function held(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}

loadFrom({
  worker: () => new Worker(URL.createObjectURL(new Blob([held('worker')], { type: 'text/javascript' }))),
  module: () => unpack(new Blob([fromBase64(held('module').trim())]).stream()),
});

function App() {
  const [language, setLanguage] = useState<Language>(current());
  const other: Language = language === 'zh' ? 'en' : 'zh';
  return (
    <>
      <header class="bar">
        <span class="brand">{t('brand')}</span>
        <div class="who">
          <button type="button" class="plain" lang={other === 'zh' ? 'zh-CN' : 'en'}
            onClick={() => {
              speak(other);
              setLanguage(other);
            }}>
            {t('otherLanguage')}
          </button>
        </div>
      </header>
      <Page title={t('verify')} lead={t('verifyIntro')}>
        <Verifier />
      </Page>
    </>
  );
}

tell();
const root = document.getElementById('app');
if (root) render(<App />, root);
