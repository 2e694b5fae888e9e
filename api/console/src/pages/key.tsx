// My key: a file and a passphrase, opened in this page and nowhere else.

import { useEffect, useState } from 'preact/hooks';
import { FileButton } from '../form/file';
import { HefuError } from '../hefu';
import { kIdleMinutes, lock, unlock, useKeys, type Desk } from '../keys';
import { t, titled, word } from '../language';
import { Badge, Page, Section } from '../parts';
import { Outgoing } from '../outgoing';
import { Refused } from '../signing';

export function KeyPage() {
  const { open, locked } = useKeys();
  const [file, setFile] = useState<File>();
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [form, setForm] = useState(0);
  // What was typed does not outlive the page.
  useEffect(() => () => setPassphrase(''), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!file || passphrase === '' || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await unlock(file, passphrase);
      setFile(undefined);
      setForm(form + 1);
    } catch (why) {
      setError(why);
    }
    setPassphrase('');
    setBusy(false);
  };
  const bad = error instanceof HefuError && error.code === 'unauthorised';
  return (
    <Page title={t('key')} lead={t('keyLead')}>
      {locked && open.length === 0 && (
        <p class="notice" role="status">
          {locked === 'idle' ? t('lockedIdle', { minutes: kIdleMinutes }) : t('lockedHand')}
        </p>
      )}
      {open.length > 0 && (
        <Section title={t('openKeys')} note={t('locksAfter', { minutes: kIdleMinutes })}>
          <ul class="rows keys">
            {open.map((desk) => (
              <Whose key={desk.key.public} desk={desk} />
            ))}
          </ul>
          <button type="button" class="first" onClick={() => void lock('hand')}>
            {t('lockNow')}
          </button>
        </Section>
      )}
      <Section title={t(open.length > 0 ? 'openAnother' : 'openKey')}>
        <form class="form narrow" onSubmit={submit} key={form} autocomplete="off">
          <div class="field">
            <span class="label">{t('keyFile')}</span>
            <div class="answer">
              <FileButton id="key-file" title={t('chooseFile')} described="key-file-hint" keep
                choose={([first]) => setFile(first)} />
              <p class="hint" id="key-file-hint">
                {t('keyFileHint')}
              </p>
            </div>
          </div>
          <div class="field">
            <label for="passphrase">{t('passphrase')}</label>
            <div class="answer">
              <input id="passphrase" type="password" value={passphrase} autocomplete="off" required
                aria-invalid={bad} aria-describedby={error !== undefined ? 'key-refused' : undefined}
                onInput={(event) => setPassphrase(event.currentTarget.value)} />
            </div>
          </div>
          {error !== undefined && (
            <div id="key-refused">
              <Refused error={error} title={bad ? t('wrongPassphrase') : t('keyNotOpened')} />
            </div>
          )}
          <p class="line">
            <button type="submit" class="first" disabled={busy || !file || passphrase === ''}>
              {busy ? t('opening') : t('open')}
            </button>
            <span class="quiet">{t('opensHere')}</span>
          </p>
        </form>
      </Section>
      <Outgoing />
    </Page>
  );
}

function Whose(props: { desk: Desk }) {
  const { key, role, member, name, here } = props.desk;
  return (
    <li>
      <Badge tone={here ? 'good' : 'bad'}>{here ? t('keyGood') : t('keyNotHere')}</Badge>
      <span class="grow">
        <strong>{member ? titled(name, member) : t('nobodysKey')}</strong>
        {role && <> · {word('role', role)}</>}
        <span class="under quiet">
          {key.label} · <span class="mono">{key.key_id}</span>
        </span>
        {!here && <span class="under">{t(member ? 'otherMembersKey' : 'nobodysKeyHint')}</span>}
      </span>
    </li>
  );
}
