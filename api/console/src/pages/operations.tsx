// How the node is doing, and why.

import { ask, askText, useAsked, useNames, type Backups, type Condition, type Status } from '../api';
import { bytes, number, t, titled, word } from '../language';
import { Badge, Institution, Page, Read, Section, Short, When, type Tone } from '../parts';
import { BackupState, DiskSection, KeysSection, useOperations } from './upkeep';

const kEveryMs = 5000;

function conditionTone(state: string): Tone {
  if (state === 'ok') return 'good';
  return state === 'behind' ? 'warn' : 'bad';
}

function ConditionCell(props: { of: Condition }) {
  const { state, code, detail } = props.of;
  return (
    <>
      <Badge tone={conditionTone(state)}>{word('condition', state)}</Badge>
      {code !== 'ok' && (
        <small class="under quiet">
          {word('fault', code)}
          {detail && ` · ${detail}`}
        </small>
      )}
    </>
  );
}

/// A sample of the Prometheus text the node serves; the sum where there are several.
export function sample(metrics: string, name: string, label = ''): number | undefined {
  let sum: number | undefined;
  for (const line of metrics.split('\n')) {
    if (!line.startsWith(name) || !/[ {]/.test(line[name.length] ?? '')) continue;
    if (!line.includes(label)) continue;
    const value = Number(line.slice(line.lastIndexOf(' ') + 1));
    if (Number.isFinite(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}

export function OperationsPage() {
  const names = useNames();
  const status = useAsked<Status>('/v1/status', ask, kEveryMs);
  const metrics = useAsked<string>('/metrics', askText, kEveryMs).data ?? '';
  const operations = useOperations().data;
  const kept = operations?.backups;
  const backups: Backups | undefined = kept && 'folder' in kept ? kept : undefined;
  return (
    <Page title={t('operations')} lead={t('refreshed')}>
      <Read of={status}>
        {(read) => (
          <>
            <p class="line">
              <Badge tone={read.log.writing ? 'good' : 'bad'}>
                {t(read.log.writing ? 'writes' : 'writesNot')}
              </Badge>
              <Badge tone={read.settled ? 'good' : 'warn'}>
                {t(read.settled ? 'settledYes' : 'settledNo')}
              </Badge>
              <Badge tone={read.forks === 0 ? 'good' : 'bad'}>
                {read.forks === 0 ? t('noForks') : t('forksFound', { count: read.forks })}
              </Badge>
            </p>
            {read.log.reason && (
              <div class="notice bad" role="status">
                <strong>{read.log.reason}</strong>
                {read.log.hint && <p class="quiet">{read.log.hint}</p>}
              </div>
            )}
            <Section title={t('node')}>
              <dl class="facts two">
                <dt>{t('member')}</dt>
                <dd>
                  {titled({ zh: read.name_zh, en: read.name_en }, read.member)}{' '}
                  <span class="quiet mono">{read.member}</span>
                </dd>
                <dt>{t('federation')}</dt>
                <dd>
                  {read.name} <Short hex={read.federation} />
                </dd>
                <dt>{t('participation')}</dt>
                <dd>{word('participation', read.participation)}</dd>
                <dt>{t('ownLog')}</dt>
                <dd class="mono">{read.log.origin}</dd>
                <dt>{t('entries')}</dt>
                <dd>
                  {number(read.log.size)}
                  <span class="quiet">
                    {' · '}
                    {t('witnessedEntries')} {number(read.log.cosigned_size)}
                    {' · '}
                    {t('waitingEntries')} {number((read.log.waiting ?? 0) + (read.log.staged ?? 0))}
                  </span>
                </dd>
                <dt>{t('quorum')}</dt>
                <dd>
                  {read.quorum}
                  {read.log.copies !== undefined && (
                    <span class="quiet">
                      {' · '}
                      {t('copies')} {read.log.copies}
                    </span>
                  )}
                </dd>
                <dt>{t('witness')}</dt>
                <dd>
                  <WitnessWords metrics={metrics} />
                </dd>
                <dt>{t('disk')}</dt>
                <dd>
                  {bytes(sample(metrics, 'hefu_store_size_bytes') ?? 0)}
                </dd>
                <dt>{t('program')}</dt>
                <dd>{read.program}</dd>
              </dl>
            </Section>
            <Section title={t('peers')}>
              <table class="stack">
                <caption class="unseen">{t('peers')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('member')}</th>
                    <th scope="col">{t('condition')}</th>
                    <th scope="col">{t('since')}</th>
                    <th scope="col" class="end">{t('behind')}</th>
                    <th scope="col">{t('heard')}</th>
                    <th scope="col">{t('address')}</th>
                  </tr>
                </thead>
                <tbody>
                  {read.peers.map((peer) => (
                    <tr key={peer.member}>
                      <th scope="row">
                        <Institution id={peer.member} names={names} />
                      </th>
                      <td data-label={t('condition')}>
                        <ConditionCell of={peer.condition} />
                      </td>
                      <td data-label={t('since')} class="date">
                        <When at={peer.condition.since} />
                      </td>
                      <td data-label={t('behind')} class="end">{number(peer.behind)}</td>
                      <td data-label={t('heard')}>
                        <When at={peer.heard} relative />
                      </td>
                      <td data-label={t('address')} class="mono quiet">{peer.address}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Section>
            <Section title={t('logs')}>
              <table class="stack">
                <caption class="unseen">{t('logs')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('member')}</th>
                    <th scope="col">{t('condition')}</th>
                    <th scope="col">{t('since')}</th>
                    <th scope="col" class="end">{t('size')}</th>
                    <th scope="col" class="end">{t('cosigned')}</th>
                    <th scope="col" class="end">{t('behind')}</th>
                    <th scope="col">{t('heard')}</th>
                  </tr>
                </thead>
                <tbody>
                  {read.logs.map((log) => (
                    <tr key={log.origin}>
                      <th scope="row">
                        <Institution id={log.member} names={names} />
                        <small class="under quiet mono">{log.origin}</small>
                      </th>
                      <td data-label={t('condition')}>
                        <ConditionCell of={log.condition} />
                      </td>
                      <td data-label={t('since')} class="date">
                        <When at={log.condition.since} />
                      </td>
                      <td data-label={t('size')} class="end">{number(log.size)}</td>
                      <td data-label={t('cosigned')} class="end">{number(log.cosigned_size)}</td>
                      <td data-label={t('behind')} class="end">{number(log.behind)}</td>
                      <td data-label={t('heard')}>
                        <When at={log.heard} relative />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Section>
          </>
        )}
      </Read>
      {operations && <DiskSection of={operations} names={names} />}
      {operations && <KeysSection of={operations} names={names} />}
      {operations && !backups && <BackupState of={operations} />}
      {operations && backups && (
        <Section title={t('backups')} note={backups.running ? t('backupRunning') : undefined}>
          {backups.error && (
            <p class="notice bad">
              {t('backupFailed', { error: backups.error })} {backups.hint}
            </p>
          )}
          <BackupState of={operations} />
          {backups.backups.length === 0 ? (
            <p class="quiet">{t('backupNone')}</p>
          ) : (
            <table class="stack">
              <caption class="unseen">{t('backups')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('backup')}</th>
                  <th scope="col">{t('made')}</th>
                  <th scope="col" class="end">{t('size')}</th>
                  <th scope="col" class="end">{t('logsHeld')}</th>
                  <th scope="col" class="end">{t('entries')}</th>
                </tr>
              </thead>
              <tbody>
                {[...backups.backups].reverse().map((backup) => {
                  const sizes = Object.values(backup.logs);
                  return (
                    <tr key={backup.id}>
                      <th scope="row">{backup.id}</th>
                      <td data-label={t('made')} class="date">
                        <When at={backup.made} />
                      </td>
                      <td data-label={t('size')} class="end">{bytes(backup.bytes)}</td>
                      <td data-label={t('logsHeld')} class="end">{sizes.length}</td>
                      <td data-label={t('entries')} class="end">
                        {number(sizes.reduce((sum, size) => sum + size, 0))}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
          <dl class="facts">
            <dt>{t('backupFolder')}</dt>
            <dd class="mono">{backups.folder}</dd>
            <dt>{t('backupKeep')}</dt>
            <dd>{backups.keep}</dd>
          </dl>
        </Section>
      )}
    </Page>
  );
}

function WitnessWords(props: { metrics: string }) {
  const ok = sample(props.metrics, 'hefu_witness_answers_total', 'status="200"') ?? 0;
  const all = sample(props.metrics, 'hefu_witness_answers_total') ?? 0;
  if (all === 0) return <span class="quiet">{t('witnessIdle')}</span>;
  return <>{t('witnessAnswers', { ok: number(ok), refused: number(all - ok) })}</>;
}
