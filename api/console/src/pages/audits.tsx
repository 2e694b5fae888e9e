// Audits as the logs tell them: who audits whom, what was asked for, tested and found. Read only.

import { ask, at, useAsked, useNames, type LedgerEvent, type ListedEvent, type Names } from '../api';
import { Fields } from '../fields';
import { list, t, titled, word } from '../language';
import { Badge, Institution, institutionName, Page, Read, Section, typeTitle, When, type Tone } from '../parts';
import { to } from '../route';

const kLimit = 1000;

interface Act extends ListedEvent {
  event: LedgerEvent;
}

async function acts(type: string): Promise<Act[]> {
  const { events } = await ask<{ events: ListedEvent[] }>(at('/v1/events', { type, limit: kLimit }));
  return events.filter((one): one is Act => one.event !== null);
}

const text = (act: Act, field: string) => String(act.event.fields[field] ?? '');
const texts = (act: Act, field: string) => {
  const value = act.event.fields[field];
  return Array.isArray(value) ? value.map(String) : [];
};

export function AuditsPage() {
  const names = useNames();
  const audits = useAsked<Act[]>('audit-engagement', acts);
  return (
    <Page title={t('audits')} lead={t('auditsLead')}>
      <Read of={audits}>
        {(read) =>
          read.length === 0 ? (
            <p class="quiet">{t('noAudits')}</p>
          ) : (
            <table class="stack">
              <caption class="unseen">{t('audits')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('title')}</th>
                  <th scope="col">{t('auditor')}</th>
                  <th scope="col">{t('auditees')}</th>
                  <th scope="col">{t('period')}</th>
                  <th scope="col">{t('assurance')}</th>
                </tr>
              </thead>
              <tbody>
                {read.map((audit) => (
                  <tr key={audit.id}>
                    <th scope="row">
                      <a href={to(['audit', audit.id])}>{text(audit, 'title')}</a>
                    </th>
                    <td data-label={t('auditor')}>
                      <Institution id={audit.event.issuer} names={names} />
                    </td>
                    <td data-label={t('auditees')}>
                      {list(texts(audit, 'auditees').map((id) => institutionName(id, names)))}
                    </td>
                    <td data-label={t('period')}>{text(audit, 'period')}</td>
                    <td data-label={t('assurance')}>{word('assurance', text(audit, 'level'))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Read>
    </Page>
  );
}

const kTypes = [
  'audit-plan',
  'audit-cut',
  'audit-reveal',
  'audit-evidence-request',
  'audit-evidence-provision',
  'audit-evidence-refusal',
  'audit-test',
  'audit-finding',
  'finding-response',
  'finding-conclusion',
  'finding-closure',
  'assurance-statement',
] as const;

/// Events that name this audit, or name an event that does.
async function actsOf(id: string): Promise<{ engagement: Act; acts: Act[] }> {
  const [engagements, ...lists] = await Promise.all([acts('audit-engagement'), ...kTypes.map(acts)]);
  const engagement = engagements?.find((one) => one.id === id);
  if (!engagement) throw new Error(t('noAudits'));
  const belongs = new Set([id]);
  const found: Act[] = [];
  const rest = lists.flat();
  for (let grown = true; grown; ) {
    grown = false;
    for (const act of rest) {
      const named = ['engagement', 'plan', 'request', 'finding'].map((field) => text(act, field));
      if (belongs.has(act.id) || !named.some((one) => belongs.has(one))) continue;
      belongs.add(act.id);
      found.push(act);
      grown = true;
    }
  }
  found.sort((a, b) => (a.recorded_by ?? '9').localeCompare(b.recorded_by ?? '9') || a.index - b.index);
  return { engagement, acts: found };
}

function resultTone(result: string): Tone {
  return result === 'ok' ? 'good' : result === 'deviation' ? 'bad' : 'warn';
}

export function AuditPage(props: { id: string }) {
  const names = useNames();
  const audit = useAsked(props.id, actsOf);
  return (
    <Page title={audit.data ? text(audit.data.engagement, 'title') : t('audits')}
      path={<a href={to(['audits'])}>{t('audits')}</a>}
      lead={
        audit.data &&
        t('auditOf', {
          auditor: institutionName(audit.data.engagement.event.issuer, names),
          auditees: list(texts(audit.data.engagement, 'auditees').map((id) => institutionName(id, names))),
        })
      }>
      <Read of={audit}>
        {({ engagement, acts: all }) => {
          const of = (type: string) => all.filter((act) => act.event.type === type);
          return (
            <>
              <Section title={t('content')}>
                <Fields event={engagement.event} names={names} />
              </Section>
              <Tests tests={of('audit-test')} />
              <Findings findings={of('audit-finding')} all={all} names={names} />
              <Section title={t('history')}>
                <ol class="history">
                  {all.map((act) => (
                    <li key={act.id}>
                      <a href={to(['event', act.id])}>{typeTitle(act.event.type, names)}</a>
                      <Institution id={act.event.issuer} names={names} />
                      <span class="date">
                        <When at={act.recorded_by} />
                      </span>
                      <span class="quiet">{text(act, 'asks_for') || text(act, 'reason')}</span>
                    </li>
                  ))}
                </ol>
              </Section>
            </>
          );
        }}
      </Read>
    </Page>
  );
}

function Tests(props: { tests: readonly Act[] }) {
  if (props.tests.length === 0) return null;
  return (
    <Section title={t('samples')} note={t('total', { count: props.tests.length })}>
      <table class="stack">
        <caption class="unseen">{t('samples')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('item')}</th>
            <th scope="col">{t('stratum')}</th>
            <th scope="col">{t('result')}</th>
            <th scope="col">{t('remark')}</th>
          </tr>
        </thead>
        <tbody>
          {props.tests.map((test) => (
            <tr key={test.id}>
              <th scope="row">
                <a class="mono" href={to(['record', text(test, 'item')])}>
                  {text(test, 'item').slice(0, 12)}
                </a>
              </th>
              <td data-label={t('stratum')}>{text(test, 'stratum')}</td>
              <td data-label={t('result')}>
                <Badge tone={resultTone(text(test, 'result'))}>{word('testResult', text(test, 'result'))}</Badge>
              </td>
              <td data-label={t('remark')}>{text(test, 'remark')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Findings(props: { findings: readonly Act[]; all: readonly Act[]; names: Names }) {
  const { findings, all, names } = props;
  if (findings.length === 0) return null;
  return (
    <Section title={t('findings')} note={t('total', { count: findings.length })}>
      <ul class="rows">
        {findings.map((finding) => {
          const answers = all.filter((act) => text(act, 'finding') === finding.id);
          return (
            <li key={finding.id}>
              <Badge tone={text(finding, 'severity') === 'minor' ? 'warn' : 'bad'}>
                {word('severity', text(finding, 'severity'))}
              </Badge>
              <span class="grow">
                <a href={to(['event', finding.id])}>{text(finding, 'finding')}</a>
                <span class="under quiet">
                  {institutionName(text(finding, 'addressed_to'), names)} · {text(finding, 'rule')}
                </span>
                {answers.map((act) => (
                  <span class="under" key={act.id}>
                    {titled(names.types.get(act.event.type)?.title, act.event.type)}
                    {' — '}
                    {text(act, 'answer') || text(act, 'reason') || text(act, 'remark')}
                  </span>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
