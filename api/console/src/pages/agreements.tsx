// Agreements: which end soon, which wait for signatures, and all of them on one axis of time.

import { ask, useAsked, useNames, type AgreementRow, type Names } from '../api';
import { list, t, word } from '../language';
import { Badge, institutionName, Page, Read, Section, type Tone } from '../parts';
import { to } from '../route';

const kDayMs = 86_400_000;
const kSoonDays = 180;

export function agreementTone(state: string): Tone {
  if (state === 'effective' || state === 'in-force') return 'good';
  if (state === 'open' || state === 'agreed') return 'warn';
  return state === 'annulled' ? 'bad' : 'idle';
}

/// Days from today to a date; negative if it is over. Dates are those of +08:00.
export function daysUntil(date: string, now = Date.now()): number {
  return Math.ceil((Date.parse(`${date}T23:59:59+08:00`) - now) / kDayMs) - 1;
}

/// What it is today: its phase once it has taken effect, also while a notice still runs.
export function stateWord(row: {
  state: string;
  phase?: { state: string } | undefined;
}): { text: string; tone: Tone } {
  const inForce = row.phase?.state === 'in-force';
  if (row.phase && (row.state === 'effective' || (row.state === 'terminated' && inForce))) {
    const tone = row.state === 'terminated' ? 'warn' : agreementTone(row.phase.state);
    return { text: word('phase', row.phase.state), tone };
  }
  return { text: word('state', row.state), tone: agreementTone(row.state) };
}

function lastDay(row: AgreementRow): string | undefined {
  return row.last ?? row.valid_to;
}

async function readAll(): Promise<AgreementRow[]> {
  const rows: AgreementRow[] = [];
  let from = '';
  for (let page = 0; page < 10; ++page) {
    const read = await ask<{ agreements: AgreementRow[]; next: string | null }>(
      `/v1/agreements?limit=1000${from && `&from=${from}`}`,
    );
    rows.push(...read.agreements);
    if (!read.next) break;
    from = read.next;
  }
  return rows.sort((a, b) => a.valid_from.localeCompare(b.valid_from));
}

export function AgreementsPage() {
  const names = useNames();
  const agreements = useAsked<AgreementRow[]>('agreements', readAll);
  return (
    <Page title={t('agreements')}>
      <Read of={agreements}>
        {(rows) => {
          if (rows.length === 0) return <p class="quiet">{t('noAgreements')}</p>;
          const ending = rows.filter((row) => {
            const end = lastDay(row);
            if (!end || row.state === 'dead' || row.state === 'open') return false;
            const days = daysUntil(end);
            return days >= 0 && days <= kSoonDays;
          });
          const waiting = rows.filter((row) => row.state === 'open');
          return (
            <>
              {(ending.length > 0 || waiting.length > 0) && (
                <div class="columns">
                  {ending.length > 0 && (
                    <Section title={t('expiring')} note={t('total', { count: ending.length })}>
                      <ul class="rows">
                        {ending.map((row) => (
                          <li key={row.id}>
                            <Badge tone="warn">{untilWords(lastDay(row) ?? '')}</Badge>
                            <a class="grow" href={to(['agreement', row.id])}>
                              {row.title ?? row.id.slice(0, 12)}
                            </a>
                            {row.renews_itself && <span class="quiet">{t('renewsItself')}</span>}
                          </li>
                        ))}
                      </ul>
                    </Section>
                  )}
                  {waiting.length > 0 && (
                    <Section title={t('waiting')} note={t('total', { count: waiting.length })}>
                      <ul class="rows">
                        {waiting.map((row) => (
                          <li key={row.id}>
                            <Badge tone="warn">{signWords(row.sign_by)}</Badge>
                            <span class="grow">
                              <a href={to(['agreement', row.id])}>
                                {row.title ?? row.id.slice(0, 12)}
                              </a>
                              <small class="under quiet">
                                {t('missingSignatures', {
                                  parties: list(row.missing.map((id) => institutionName(id, names))),
                                })}
                              </small>
                            </span>
                          </li>
                        ))}
                      </ul>
                    </Section>
                  )}
                </div>
              )}
              <Section title={t('allAgreements')} note={
                <>
                  {t('total', { count: rows.length })}
                  <span class="axis-note"> · {t('todayLine')}</span>
                </>
              }>
                <Table rows={rows} names={names} />
              </Section>
            </>
          );
        }}
      </Read>
    </Page>
  );
}

function untilWords(date: string): string {
  const days = daysUntil(date);
  if (days === 0) return t('endsToday');
  return days > 0 ? t('endsIn', { days }) : t('endedAgo', { days: -days });
}

function signWords(date: string): string {
  const days = daysUntil(date);
  return days >= 0 ? t('signWithin', { days }) : t('signTooLate', { days: -days });
}

/// One axis for all rows: whole years around everything that is dated, and today.
function axisOf(rows: readonly AgreementRow[]) {
  const dates = rows.flatMap((row) => [row.valid_from, lastDay(row) ?? row.valid_from]);
  const today = new Date().getFullYear();
  const years = dates.map((date) => Number(date.slice(0, 4)));
  const first = Math.min(today, ...years);
  const last = Math.max(today, ...years) + 1;
  const begin = Date.UTC(first, 0, 1);
  const end = Date.UTC(last, 0, 1);
  const at = (date: string | number) =>
    (((typeof date === 'number' ? date : Date.parse(date)) - begin) / (end - begin)) * 100;
  return { first, last, at };
}

function Table(props: { rows: AgreementRow[]; names: Names }) {
  const axis = axisOf(props.rows);
  const step = Math.max(1, Math.ceil((axis.last - axis.first) / 6));
  const ticks: number[] = [];
  for (let year = axis.first; year < axis.last; year += step) ticks.push(year);
  return (
    <table class="stack agreements">
      <caption class="unseen">{t('allAgreements')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('agreement')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('signatures')}</th>
          <th scope="col">{t('validity')}</th>
          <th scope="col" class="axis">
            <svg viewBox="0 0 300 16" aria-hidden="true">
              {ticks.map((year) => (
                <text key={year} x={axis.at(Date.UTC(year, 0, 1)) * 3 + 2} y="12">
                  {year}
                </text>
              ))}
            </svg>
            <span class="unseen">{t('validity')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => {
          const state = stateWord(row);
          const end = lastDay(row);
          const all = row.signed.length + row.missing.length;
          return (
            <tr key={row.id}>
              <th scope="row">
                <a href={to(['agreement', row.id])}>{row.title ?? row.id.slice(0, 12)}</a>
                <small class="under quiet">
                  {list(row.parties.map((id) => institutionName(id, props.names)))}
                </small>
              </th>
              <td data-label={t('state')}>
                <Badge tone={state.tone}>{state.text}</Badge>
                {row.state === 'terminated' && end && (
                  <small class="under quiet">{t('endsOn', { date: end })}</small>
                )}
                {row.contests > 0 && (
                  <small class="under bad-text">{t('contestsOpen', { count: row.contests })}</small>
                )}
              </td>
              <td data-label={t('signatures')}>
                {t('signedOf', { signed: row.signed.length, all })}
              </td>
              <td data-label={t('validity')} class="date">
                {row.valid_from}
                <span class="under">{end ?? t('openEnded')}</span>
              </td>
              <td class="axis" aria-hidden="true">
                <svg viewBox="0 0 300 22" preserveAspectRatio="none">
                  {ticks.map((year) => (
                    <path key={year} class="tick-line"
                      d={`M${axis.at(Date.UTC(year, 0, 1)) * 3} 0v22`} />
                  ))}
                  <rect class={`span ${state.tone}`} x={axis.at(row.valid_from) * 3} y="7" height="8"
                    rx="2"
                    width={Math.max(2, (axis.at(end ?? `${axis.last - 1}-12-31`) - axis.at(row.valid_from)) * 3)} />
                  <path class="today" d={`M${axis.at(Date.now()) * 3} 0v22`} />
                </svg>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
