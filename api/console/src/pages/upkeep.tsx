// What an operator looks after: room on the disk, keys and their last days, backups.

import { ask, useAsked, type Names, type Operations } from '../api';
import { bytes, number, t, word } from '../language';
import { Badge, Institution, Section, When, type Tone } from '../parts';

const kEveryMs = 60_000;
const kBackupDays = 7;
const kVerifiedDays = 31;

export function useOperations() {
  return useAsked<Operations>('/v1/operations', ask, kEveryMs);
}

function daysSince(text: string, now: string): number {
  return (Date.parse(now) - Date.parse(text)) / 86_400_000;
}

export function DiskSection(props: { of: Operations; names: Names }) {
  const { disk } = props.of;
  const all = Math.max(1, disk.members.reduce((sum, log) => sum + log.bytes, 0));
  return (
    <Section title={t('diskUse')}
      note={disk.bytes_in_a_year === null ? t('forecastYoung') : t('forecastNote')}>
      <dl class="facts two">
        <dt>{t('diskUsed')}</dt>
        <dd>{bytes(disk.folder_bytes)}</dd>
        <dt>{t('diskFree')}</dt>
        <dd>{disk.free_bytes === null ? '—' : bytes(disk.free_bytes)}</dd>
        <dt>{t('diskInAYear')}</dt>
        <dd>{disk.bytes_in_a_year === null ? '—' : `+${bytes(disk.bytes_in_a_year)}`}</dd>
        <dt>{t('diskFullOn')}</dt>
        <dd>
          {disk.full_on ? (
            <Badge tone={daysSince(props.of.now, disk.full_on) < 365 ? 'bad' : 'warn'}>
              {disk.full_on}
            </Badge>
          ) : (
            t(disk.bytes_in_a_year === null ? 'unknownYet' : 'notForeseen')
          )}
        </dd>
        {disk.kinds
          .filter((kind) => kind.bytes > 0)
          .flatMap((kind) => [
            <dt key={kind.kind}>{word('diskKind', kind.kind)}</dt>,
            <dd key={`${kind.kind} bytes`}>{bytes(kind.bytes)}</dd>,
          ])}
      </dl>
      <table class="stack">
        <caption class="unseen">{t('diskByMember')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('member')}</th>
            <th scope="col" class="end">{t('entries')}</th>
            <th scope="col" class="end">{t('size')}</th>
            <th scope="col" class="end">{t('entriesInAYear')}</th>
            <th scope="col" class="end">{t('diskInAYear')}</th>
          </tr>
        </thead>
        <tbody>
          {disk.members.map((log) => (
            <tr key={log.origin}>
              <th scope="row">
                <Institution id={log.member} names={props.names} />
                <small class="under quiet mono">{log.origin}</small>
              </th>
              <td data-label={t('entries')} class="end">{number(log.entries)}</td>
              <td data-label={t('size')} class="end">
                {bytes(log.bytes)}{' '}
                <span class="quiet">{Math.round((100 * log.bytes) / all)}%</span>
              </td>
              <td data-label={t('entriesInAYear')} class="end">
                {log.entries_in_a_year === null ? '—' : `+${number(log.entries_in_a_year)}`}
              </td>
              <td data-label={t('diskInAYear')} class="end">
                {log.bytes_in_a_year === null ? '—' : `+${bytes(log.bytes_in_a_year)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function keyTone(state: string): Tone {
  if (state === 'valid') return 'good';
  if (state === 'upcoming') return 'calm';
  return state === 'expiring' ? 'warn' : 'bad';
}

export function KeysSection(props: { of: Operations; names: Names }) {
  const { keys } = props.of;
  const urgent = keys.filter((key) => key.state === 'expiring' || key.state === 'expired').length;
  return (
    <Section title={t('keysAndExpiry')}
      note={urgent > 0 ? t('keysEnding', { count: urgent }) : t('keysFine')}>
      <details open={urgent > 0}>
        <summary>{t('allKeys', { count: keys.length })}</summary>
        <table class="stack">
          <caption class="unseen">{t('keysAndExpiry')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('member')}</th>
              <th scope="col">{t('keyRole')}</th>
              <th scope="col">{t('condition')}</th>
              <th scope="col">{t('validSince')}</th>
              <th scope="col">{t('validTo')}</th>
              <th scope="col">{t('publicKey')}</th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={`${key.member} ${key.role} ${key.public}`}>
                <th scope="row">
                  <Institution id={key.member} names={props.names} />
                </th>
                <td data-label={t('keyRole')}>{word('role', key.role)}</td>
                <td data-label={t('condition')}>
                  <Badge tone={keyTone(key.state)}>{word('keyState', key.state)}</Badge>
                </td>
                <td data-label={t('validSince')} class="date">{key.from ?? t('sinceFounding')}</td>
                <td data-label={t('validTo')} class="date">{key.to ?? t('noLastDay')}</td>
                <td data-label={t('publicKey')}>
                  <code class="hash" title={key.public}>{key.public.slice(0, 12)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Section>
  );
}

/// When a backup was made last, and one verified last; or why there is none.
export function BackupState(props: { of: Operations }) {
  const { backups, now } = props.of;
  if ('reason' in backups) {
    return (
      <Section title={t('backups')}>
        <p class="notice warn">
          <strong>{t('backupNoFolder')}</strong> <span class="quiet">{backups.hint}</span>
        </p>
      </Section>
    );
  }
  const last = backups.backups.at(-1);
  const { verified } = backups;
  const old = (text: string, days: number) => daysSince(text, now) > days;
  return (
    <dl class="facts">
      <dt>{t('backupLast')}</dt>
      <dd>
        {last ? (
          <>
            <Badge tone={old(last.made, kBackupDays) ? 'warn' : 'good'}>
              <When at={last.made} relative />
            </Badge>{' '}
            <span class="quiet">
              <When at={last.made} />
            </span>
          </>
        ) : (
          <Badge tone="warn">{t('never')}</Badge>
        )}
      </dd>
      <dt>{t('backupVerified')}</dt>
      <dd>
        {verified ? (
          <>
            <Badge tone={old(verified.at, kVerifiedDays) ? 'warn' : 'good'}>
              <When at={verified.at} relative />
            </Badge>{' '}
            <span class="quiet">{t('backupNumber', { id: verified.id })}</span>
          </>
        ) : (
          <>
            <Badge tone="warn">{t('never')}</Badge> <code>hefu backup verify</code>
          </>
        )}
      </dd>
    </dl>
  );
}
