// One record: what it says, who has to confirm it, and every event that made it what it is.

import { ask, at, useAsked, useNames, type Answer, type FullRecord, type ListedEvent, type Names } from '../api';
import { Fields } from '../fields';
import { list, t, word } from '../language';
import {
  Badge,
  Copyable,
  Institution,
  institutionName,
  Page,
  Read,
  Section,
  Short,
  Standing,
  typeTitle,
  When,
} from '../parts';
import { to } from '../route';
import { recordTitle } from './indicator';

export function RecordPage(props: { id: string }) {
  const names = useNames();
  const record = useAsked<FullRecord>(`/v1/records/${encodeURIComponent(props.id)}`, ask);
  const title = record.data ? recordTitle(record.data, names) : t('record');
  return (
    <Page
      title={title}
      lead={
        record.data && (
          <>
            {typeTitle(record.data.type, names)} · <Institution id={record.data.issuer} names={names} />{' '}
            · {record.data.event.occurred_on}
          </>
        )
      }
      path={<a href={to(['records'])}>{t('records')}</a>}
    >
      <Read of={record}>
        {(read) => (
          <>
            <p class="line">
              <Standing of={read.standing} />
              <span>
                {t('state')} <strong>{word('state', read.state)}</strong>
              </span>
              <span>
                {t('confirmedOn')} <When at={read.confirmed} />
              </span>
              {read.type === 'collaboration-agreement' && (
                <a href={to(['agreement', read.id])}>{t('toAgreement')}</a>
              )}
            </p>
            {read.retraction && (
              <p class="notice warn">
                <strong>{t('retraction')}</strong> {read.retraction.reason}
              </p>
            )}
            {read.disputes.map((dispute) => (
              <p key={dispute.event} class="notice bad">
                <strong>
                  {t('disputes')}
                  {dispute.open && ` (${t('disputeOpen')})`}
                </strong>{' '}
                {institutionName(dispute.party, names)}
                {' — '}
                {dispute.claim}
              </p>
            ))}
            <div class="columns">
              <Section title={t('content')}>
                <Fields event={read.event} names={names} />
              </Section>
              <Section title={t('whoConfirms')}>
                <Confirmations record={read} names={names} />
              </Section>
            </div>
            <History id={read.id} names={names} />
            {read.problems.length > 0 && (
              <Section title={t('problems')}>
                <ul class="plain-list">
                  {read.problems.map((problem) => (
                    <li key={problem.event}>
                      <a href={to(['event', problem.event])}>{typeTitle(problem.type, names)}</a>{' '}
                      {institutionName(problem.issuer, names)}{' '}
                      <span class="quiet">
                        {problem.reason} {problem.detail}
                      </span>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            {read.attachments.length > 0 && (
              <Section title={t('attachments')}>
                <ul class="plain-list">
                  {read.attachments.map((file) => (
                    <li key={file.event + file.digest}>
                      <Short hex={file.digest} /> {file.media_type}{' '}
                      {institutionName(file.party, names)}
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <p class="quiet">
              <Copyable text={read.id} what={t('record')} />
            </p>
          </>
        )}
      </Read>
    </Page>
  );
}

function Confirmations(props: { record: FullRecord; names: Names }) {
  const { record, names } = props;
  const waiting = record.missing.filter(
    (party) => !record.rejections.some((answer) => answer.party === party),
  );
  if (record.countersignatures.length + record.rejections.length + waiting.length === 0) {
    return <p class="quiet">{t('noConfirmation')}</p>;
  }
  const row = (answer: Answer, rejects: boolean) => (
    <li key={answer.event}>
      <Badge tone={rejects ? 'bad' : 'good'}>{t(rejects ? 'hasRejected' : 'hasConfirmed')}</Badge>
      <span class="grow">
        <Institution id={answer.party} names={names} />{' '}
        <span class="quiet">{word('role', answer.role)}</span>
        {answer.guest && (
          <span class="quiet">
            {' · '}
            {t('guestBy', {
              members: list(answer.guest.introduced_by.map((id) => institutionName(id, names))),
            })}
          </span>
        )}
        {answer.remark && <span class="under quiet">{answer.remark}</span>}
      </span>
      <a href={to(['event', answer.event])}>
        <When at={answer.recorded_by} />
      </a>
    </li>
  );
  return (
    <ul class="rows">
      {record.countersignatures.map((answer) => row(answer, false))}
      {record.rejections.map((answer) => row(answer, true))}
      {waiting.map((party) => (
        <li key={party}>
          <Badge tone="warn">{t('hasNotConfirmed')}</Badge>
          <span class="grow">
            <Institution id={party} names={names} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function History(props: { id: string; names: Names }) {
  const events = useAsked<{ events: ListedEvent[] }>(
    at('/v1/events', { record: props.id, limit: 1000 }),
    ask,
  );
  return (
    <Section title={t('history')}>
      <Read of={events}>
        {(read) => {
          const sorted = [...read.events].sort((a, b) =>
            (a.recorded_by ?? '9').localeCompare(b.recorded_by ?? '9') || a.index - b.index,
          );
          return (
            <ol class="history">
              {sorted.map((one) => (
                <li key={one.id}>
                  <a href={to(['event', one.id])}>
                    {one.event ? typeTitle(one.event.type, props.names) : t('event')}
                  </a>
                  {one.event && <Institution id={one.event.issuer} names={props.names} />}
                  <span class="date">
                    {one.event?.occurred_on}
                    {one.event && <Lateness event={one} />}
                  </span>
                  <span class="quiet mono">
                    {one.log} #{one.index}
                  </span>
                </li>
              ))}
            </ol>
          );
        }}
      </Read>
    </Section>
  );
}

/// The distance between the day it happened and the day others first saw it.
function Lateness(props: { event: ListedEvent }) {
  const { event, recorded_by: recorded } = props.event;
  if (!event || !recorded) return null;
  const days = Math.floor((Date.parse(recorded) - Date.parse(event.occurred_on)) / 86_400_000);
  return days > 30 ? <span class="quiet"> {t('late', { days })}</span> : null;
}
