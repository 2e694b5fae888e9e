// Signing in: name, password, one-time code where one is asked for, or the institution's single
// sign-on; and the own password, where the one given by the administrator is to be replaced.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from './language';
import { Page } from './parts';
import { Refusal } from './refusal';
import { usePlace, type Place } from './route';
import { changePassword, outsideAddress, signIn, signOut, useSession, type Session } from './session';

const kPasswordCharactersMin = 10;

/// One line of a form. `kind`: what a browser may offer to fill in.
export function Line(props: {
  id: string;
  title: string;
  value: string;
  kind: 'username' | 'current-password' | 'new-password' | 'one-time-code';
  change: (value: string) => void;
  hint?: string;
  wrong?: boolean;
  first?: boolean;
}) {
  const secret = props.kind.endsWith('password');
  return (
    <div class="field">
      <label for={props.id}>{props.title}</label>
      <div class="answer">
        <input id={props.id} name={props.id} type={secret ? 'password' : 'text'} value={props.value}
          autocomplete={props.kind} autocapitalize="none" spellcheck={false} required
          inputMode={props.kind === 'one-time-code' ? 'numeric' : 'text'} autofocus={props.first ?? false}
          aria-invalid={props.wrong ?? false} aria-describedby={props.hint ? `${props.id}-hint` : undefined}
          onInput={(event) => props.change(event.currentTarget.value)} />
        {props.hint && (
          <p class="hint" id={`${props.id}-hint`}>
            {props.hint}
          </p>
        )}
      </div>
    </div>
  );
}

/// Why signing in, or what else is confirmed by a password, was refused.
export function Unconfirmed(props: { error: unknown }) {
  const why = props.error;
  if (!(why instanceof Refusal)) return <Told title={t('failed')}>{String(why)}</Told>;
  if (why.status === 0) return <Told title={t('unreachable')}>{t('unreachableHint')}</Told>;
  if (why.status === 429 || (why.status === 503 && why.message === 'too many tries')) {
    return (
      <Told title={t('tooManyTries')}>
        {t('tooManyTriesHint', { seconds: Math.max(why.waitSeconds, 60) })}
      </Told>
    );
  }
  if (why.message.startsWith('new_password')) {
    return <Told title={t('passwordUnfit')}>{t('passwordHint')}</Told>;
  }
  if (why.message.startsWith('code:')) return <Told title={t('codeWrong')}>{t('codeWrongHint')}</Told>;
  if (why.status === 401 || why.status === 403) {
    return <Told title={t('signInWrong')}>{t('signInWrongHint')}</Told>;
  }
  return <Told title={why.message}>{why.hint}</Told>;
}

function Told(props: { title: string; children: ComponentChildren }) {
  return (
    <div class="notice bad" role="alert">
      <strong>{props.title}</strong>
      <p class="text">{props.children}</p>
    </div>
  );
}

const kRefusals = ['no-account', 'disabled', 'refused', 'over', 'failed'] as const;
type OutsideRefusal = (typeof kRefusals)[number];

/// What became of the way through the single sign-on: the node says it in the address it sends the
/// browser back to.
function OutsideRefused(props: { place: Place }) {
  const code = props.place.query.get('refused') as OutsideRefusal | null;
  if (!code || !kRefusals.includes(code)) return null;
  const name = props.place.query.get('name') ?? '';
  const words = {
    'no-account': ['outsideNoAccount', 'outsideNoAccountHint'],
    disabled: ['outsideDisabled', 'outsideDisabledHint'],
    refused: ['outsideRefused', 'outsideRefusedHint'],
    over: ['outsideOver', 'outsideOverHint'],
    failed: ['outsideFailed', 'outsideFailedHint'],
  } as const;
  return <Told title={t(words[code][0])}>{t(words[code][1], { name: name.slice(0, 128) })}</Told>;
}

/// The page in the place of all others while somebody has to sign in.
export function SignInPage() {
  const { session, again } = useSession();
  const place = usePlace();
  const setsPassword = session !== undefined && session.account !== null && session.must_change_password;
  const [password, setPassword] = useState('');
  useEffect(() => () => setPassword(''), []); // what was typed does not outlive the page
  return (
    <Page title={t(setsPassword ? 'newPasswordFirst' : 'signIn')}
      lead={t(setsPassword ? 'newPasswordFirstLead' : again ? 'signInAgainLead' : 'signInLead')}>
      {setsPassword ? (
        <>
          <PasswordForm session={session} given={password} />
          <p class="line">
            <button type="button" onClick={() => void signOut()}>
              {t('signOut')}
            </button>
          </p>
        </>
      ) : (
        <>
          <OutsideRefused place={place} />
          {session?.outside_service && <OutsideButton again={again} />}
          <PasswordSignIn password={password} change={setPassword} first={!session?.outside_service} />
        </>
      )}
    </Page>
  );
}

/// Where forms wait to be finished, signing in happens in a tab of its own.
function OutsideButton(props: { again: boolean }) {
  // What the node takes as a place to come back to: a page of the console, not too long.
  const here = location.hash;
  const place = here.startsWith('#/') && !here.startsWith('#/account') && here.length <= 512 &&
    !here.includes('\\') ? here : '#/';
  return (
    <p class="outside line">
      <a class="button first" href={outsideAddress(props.again ? '#/account' : place)}
        {...(props.again ? { target: '_blank', rel: 'noopener' } : {})}>
        {t('outsideSignIn')}
      </a>
      <span class="quiet">{t(props.again ? 'outsideInNewTab' : 'outsideHint')}</span>
    </p>
  );
}

function PasswordSignIn(props: { password: string; change: (value: string) => void; first: boolean }) {
  const [account, setAccount] = useState('');
  const [code, setCode] = useState('');
  const [codeAsked, setCodeAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await signIn(account.trim(), props.password, code.replace(/\s/g, ''));
    } catch (why) {
      if (why instanceof Refusal && why.message === 'code: missing') {
        setCodeAsked(true);
      } else {
        setError(why);
        if (codeAsked) setCode('');
        else props.change('');
      }
    }
    setBusy(false);
  };
  const wrong = error !== undefined;
  return (
    <form class="form narrow" onSubmit={submit}>
      <Line id="account" title={t('accountName')} kind="username" value={account} wrong={wrong}
        change={setAccount} first={props.first} />
      <Line id="password" title={t('password')} kind="current-password" value={props.password}
        wrong={wrong} change={props.change} />
      {codeAsked && (
        <Line id="code" title={t('oneTimeCode')} kind="one-time-code" value={code} wrong={wrong}
          change={setCode} hint={t('oneTimeCodeHint')} first />
      )}
      {wrong && <Unconfirmed error={error} />}
      <p class="line">
        <button type="submit" class="first" disabled={busy}>
          {busy ? t('signingIn') : t('signIn')}
        </button>
        <span class="quiet">{t('forgottenPassword')}</span>
      </p>
    </form>
  );
}

/// A new password in the place of the present one. `given`: the present one, if it was just typed.
export function PasswordForm(props: { session: Session; given?: string; done?: () => void }) {
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [twice, setTwice] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [retype, setRetype] = useState(!props.given);
  const differs = twice !== '' && next !== twice;
  const short = [...next].length < kPasswordCharactersMin;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || short || next !== twice) return;
    setBusy(true);
    setError(undefined);
    try {
      await changePassword(retype ? present : (props.given ?? ''), next, code.replace(/\s/g, ''));
      setPresent('');
      setNext('');
      setTwice('');
      setCode('');
      props.done?.();
    } catch (why) {
      setError(why);
      if (why instanceof Refusal && why.status === 403) setRetype(true);
    }
    setBusy(false);
  };
  return (
    <form class="form narrow" onSubmit={submit}>
      {retype && (
        <Line id="present-password" title={t('presentPassword')} kind="current-password" value={present}
          change={setPresent} />
      )}
      <Line id="new-password" title={t('newPassword')} kind="new-password" value={next}
        change={setNext} hint={t('passwordHint')} first={!retype} />
      <Line id="new-password-twice" title={t('newPasswordTwice')} kind="new-password" value={twice}
        wrong={differs} change={setTwice} {...(differs ? { hint: t('passwordsDiffer') } : {})} />
      {props.session.code && (
        <Line id="password-code" title={t('oneTimeCode')} kind="one-time-code" value={code}
          change={setCode} hint={t('oneTimeCodeHint')} />
      )}
      {error !== undefined && <Unconfirmed error={error} />}
      <p class="line">
        <button type="submit" class="first" disabled={busy || short || next !== twice}>
          {t('setPassword')}
        </button>
      </p>
    </form>
  );
}
