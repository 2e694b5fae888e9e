// My account: what it may do, its password and one-time codes, and the way out.

import { useState } from 'preact/hooks';
import { askOnce, useAsked, useNames, type Status } from '../api';
import { list, t, titled, word } from '../language';
import { Badge, Copyable, departmentName, Page, Section } from '../parts';
import { confirmCode, offerCode, removeCode, signOut, useSession, type Session } from '../session';
import type { Word } from '../texts';
import { Line, PasswordForm, SignInPage, Unconfirmed } from '../sign_in';

const kRights = ['read', 'record', 'disclose', 'operate', 'administer'];

export function AccountPage() {
  const { session, wanted } = useSession();
  const names = useNames();
  const member = useAsked<Status>('/v1/status', askOnce<Status>).data?.member ?? '';
  const [said, setSaid] = useState<Word>();
  if (!session || wanted) return null; // the page to sign in stands in its place
  if (session.account === null) return <SignInPage />;
  return (
    <Page title={t('account')} lead={t('accountLead')}
      actions={
        <button type="button" class="sign-out" onClick={() => void signOut()}>
          {t('signOut')}
        </button>
      }>
      {said && (
        <p class="notice" role="status">
          {t(said)}
        </p>
      )}
      <Section title={session.account}>
        <dl class="facts">
          <dt>{t('myRoles')}</dt>
          <dd>
            {list(
              session.roles.map((one) =>
                one.department
                  ? `${titled(one.title, one.role)} (${departmentName(one.department, member, names)})`
                  : titled(one.title, one.role),
              ),
            ) || t('none')}
          </dd>
          <dt>{t('myRights')}</dt>
          <dd>
            <ul class="plain-list">
              {kRights.map((right) => (
                <li key={right}>
                  <Badge tone={session.scopes.includes(right) ? 'good' : 'idle'}>
                    {t(session.scopes.includes(right) ? 'mayDo' : 'mayNotDo', { right: word('right', right) })}
                  </Badge>
                </li>
              ))}
            </ul>
          </dd>
          {session.idle_s !== undefined && (
            <>
              <dt>{t('sessionEnds')}</dt>
              <dd>{t('sessionEndsAfter', { minutes: Math.round(session.idle_s / 60) })}</dd>
            </>
          )}
        </dl>
      </Section>
      {session.outside ? (
        <p class="notice">{t('outsideKeepsPassword')}</p>
      ) : (
        <>
          <Section title={t('changePassword')} note={t('changePasswordNote')}>
            <PasswordForm session={session} done={() => setSaid('passwordChanged')} />
          </Section>
          <Codes session={session} say={setSaid} />
        </>
      )}
    </Page>
  );
}

/// One-time codes: set up with an authenticator, or done without again.
function Codes(props: { session: Session; say: (word: Word) => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [offered, setOffered] = useState<{ secret: string; uri: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const has = props.session.code === true;
  const attempt = (what: () => Promise<void>) => async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await what();
      setPassword('');
      setCode('');
    } catch (why) {
      setError(why);
    }
    setBusy(false);
  };
  const ask = attempt(async () => setOffered(await offerCode(password)));
  const confirm = attempt(async () => {
    await confirmCode(code.replace(/\s/g, ''));
    setOffered(undefined);
    props.say('codesOn');
  });
  const remove = attempt(async () => {
    await removeCode(password, code.replace(/\s/g, ''));
    props.say('codesOff');
  });
  const codeLine = (
    <Line id="own-code" title={t('oneTimeCode')} kind="one-time-code" value={code} change={setCode}
      hint={t('oneTimeCodeHint')} />
  );
  const passwordLine = (
    <Line id="own-password" title={t('password')} kind="current-password" value={password}
      change={setPassword} />
  );
  return (
    <Section title={t('oneTimeCodes')} note={t(has ? 'codesAreOn' : 'codesAreOff')}>
      {offered && !has ? (
        <form class="form narrow" onSubmit={confirm}>
          <p>{t('codeSecretHint')}</p>
          <p>
            <Copyable text={offered.secret.replace(/(.{4})(?=.)/g, '$1 ')} what={t('codeSecret')} />
          </p>
          <p>
            <a href={offered.uri}>{t('openAuthenticator')}</a>
          </p>
          {codeLine}
          {error !== undefined && <Unconfirmed error={error} />}
          <p class="line">
            <button type="submit" class="first" disabled={busy}>
              {t('confirmCode')}
            </button>
            <button type="button" onClick={() => setOffered(undefined)}>
              {t('back')}
            </button>
          </p>
        </form>
      ) : (
        <form class="form narrow" onSubmit={has ? remove : ask}>
          {passwordLine}
          {has && codeLine}
          {error !== undefined && <Unconfirmed error={error} />}
          <p class="line">
            <button type="submit" disabled={busy}>
              {t(has ? 'removeCodes' : 'setUpCodes')}
            </button>
          </p>
        </form>
      )}
    </Section>
  );
}
