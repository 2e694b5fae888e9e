// Plans and reports: the forms of a programme filled from its figures, what units filed and when it
// was due, and how far the figures of a period are vouched for and closed.

import {
  askOnce,
  useAsked,
  useNames,
  type Form,
  type Names,
  type Pack,
  type PackEntry,
  type Status,
} from '../api';
import { word, t, titled } from '../language';
import { Badge, Choices, Institution, Page, Read, Section, typeTitle, useSome, When } from '../parts';
import { go, to } from '../route';
import { filings, kFilingTypes, type Filing } from '../filings';
import { PeriodClosing } from './closing';
import { periodsOf, presentPeriod } from './overview';

const kFilingsShown = 15;
const kParts = ['H1', 'H2', 'Q1', 'Q2', 'Q3', 'Q4'];
const kMonths = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));

/// What the pages about one programme and period are asked with.
export interface Wanted {
  pack: string;
  period: string;
  unit: string;
}

export function ReportsPage(props: { query: URLSearchParams }) {
  const packs = useAsked<{ packs: PackEntry[] }>('/v1/packs');
  return (
    <Page title={t('reports')} lead={t('reportsLead')}>
      <Read of={packs}>
        {({ packs: entries }) => {
          const ids = [...new Set(entries.map((entry) => entry.id))];
          const asked = props.query.get('pack') ?? '';
          const id = ids.includes(asked) ? asked : ids[0];
          return id ? (
            <Programme key={id} id={id} ids={ids} query={props.query} />
          ) : (
            <p class="quiet">{t('noPacks')}</p>
          );
        }}
      </Read>
    </Page>
  );
}

function Programme(props: { id: string; ids: string[]; query: URLSearchParams }) {
  const names = useNames();
  const pack = useAsked<Pack>(`/v1/packs/${encodeURIComponent(props.id)}`, askOnce<Pack>);
  const member = useAsked<Status>('/v1/status', askOnce<Status>).data?.member ?? '';
  return (
    <Read of={pack}>
      {(read) => {
        const years = periodsOf(read).filter((period) => /^\d{4}$/.test(period));
        const asked = props.query.get('period') ?? '';
        const period = /^\d{4}(-\w+)?$/.test(asked) ? asked : presentPeriod(years);
        const wanted = { pack: props.id, period, unit: props.query.get('unit') ?? '' };
        return (
          <>
            <ChoosePeriod wanted={wanted} ids={props.ids} years={years} pack={read} names={names} />
            <Forms wanted={wanted} />
            <Filed key={props.id} wanted={wanted} names={names} />
            <PeriodClosing key={`${props.id} ${period}`} pack={props.id} period={period} names={names}
              self={member} />
          </>
        );
      }}
    </Read>
  );
}

function ChoosePeriod(props: {
  wanted: Wanted;
  ids: string[];
  years: string[];
  pack: Pack;
  names: Names;
}) {
  const { wanted, names } = props;
  const [year = '', part = ''] = wanted.period.split('-', 2);
  const years = props.years.includes(year) ? props.years : [...props.years, year].sort();
  const change = (more: Partial<Wanted>) => go(['reports'], { ...wanted, ...more });
  return (
    <>
      {props.ids.length > 1 ? (
        <Choices label={t('programmes')} of={props.ids.map((id) => ({
          text: id === wanted.pack ? titled(props.pack.pack.title, id) : id,
          href: to(['reports'], { ...wanted, pack: id }),
          chosen: id === wanted.pack,
        }))} />
      ) : (
        <h2>{titled(props.pack.pack.title, wanted.pack)}</h2>
      )}
      <div class="filters">
        <label>
          <span>{t('year')}</span>
          <select value={year}
            onChange={(e) => change({ period: joined(e.currentTarget.value, part) })}>
            {years.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('period')}</span>
          <select value={part}
            onChange={(e) => change({ period: joined(year, e.currentTarget.value) })}>
            <option value="">{t('wholeYear')}</option>
            {kParts.map((one) => (
              <option key={one} value={one}>
                {word('partOfYear', one)}
              </option>
            ))}
            {kMonths.map((month) => (
              <option key={month} value={month}>
                {t('month', { month: Number(month) })}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('figuresOf')}</span>
          <select value={wanted.unit} onChange={(e) => change({ unit: e.currentTarget.value })}>
            <option value="">{t('wholeProgramme')}</option>
            {[...names.institutions.entries()].map(([id, name]) => (
              <option key={id} value={id}>
                {titled(name, id)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  );
}

function joined(year: string, part: string): string {
  return part ? `${year}-${part}` : year;
}

// ---- The forms

function Forms(props: { wanted: Wanted }) {
  const { wanted } = props;
  const forms = useAsked<{ reports: Form[] }>('/v1/reports', askOnce<{ reports: Form[] }>);
  return (
    <Section title={t('forms')} note={t('formsNote')}>
      <Read of={forms}>
        {({ reports }) => {
          const ours = reports.filter((form) => form.pack === wanted.pack);
          if (ours.length === 0) return <p class="quiet">{t('noForms')}</p>;
          return (
            <ul class="rows items">
              {ours.map((form) => (
                <li key={form.form}>
                  <div class="grow">
                    <a href={to(['report', form.form], { period: wanted.period, unit: wanted.unit })}>
                      {form.title.replace('{year}', wanted.period.slice(0, 4))}
                    </a>
                    <span class="under quiet">{form.source}</span>
                  </div>
                  {form.undertaking && <span class="tag">{t('needsUndertaking')}</span>}
                  {form.entries.length > 0 && (
                    <span class="quiet">{t('entriesToWrite', { count: form.entries.length })}</span>
                  )}
                </li>
              ))}
            </ul>
          );
        }}
      </Read>
    </Section>
  );
}

// ---- What units filed

function Filed(props: { wanted: Wanted; names: Names }) {
  const { wanted, names } = props;
  const found = useAsked<Filing[]>(`filed ${wanted.pack}`, () => filings(wanted.pack));
  return (
    <Section title={t('filed')} note={t('filedNote')}>
      <p class="line">
        {kFilingTypes.map((type) => (
          <a key={type} class="button" href={to(['new', type], {
            programme: wanted.pack,
            ...(type === 'progress-report' ? { 'f.period': wanted.period, 'f.period_kind': kindOf(wanted.period) } : {}),
          })}>
            {t('fileOne', { type: typeTitle(type, names) })}
          </a>
        ))}
      </p>
      <Read of={found}>
        {(read) => <FiledTable filings={read.filter((one) => belongs(one, wanted.period))} names={names} />}
      </Read>
    </Section>
  );
}

/// Reports of the period or of a part of the year asked for; commitments that fall due in it.
function belongs(one: Filing, period: string): boolean {
  const named = one.period || one.due;
  return named === period || named.startsWith(`${period}-`);
}

function kindOf(period: string): string {
  const part = period.split('-', 2)[1] ?? '';
  if (part === '') return 'year';
  if (part.startsWith('H')) return 'half-year';
  return part.startsWith('Q') ? 'quarter' : 'month';
}

function FiledTable(props: { filings: Filing[]; names: Names }) {
  const { names } = props;
  const some = useSome(props.filings, kFilingsShown);
  if (props.filings.length === 0) return <p class="quiet">{t('nothingFiled')}</p>;
  return (
    <>
      <table class="stack">
        <caption class="unseen">{t('filed')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('whatFiled')}</th>
            <th scope="col">{t('unit')}</th>
            <th scope="col">{t('taskRows')}</th>
            <th scope="col">{t('due')}</th>
            <th scope="col">{t('recordedBy')}</th>
            <th scope="col">{t('inTime')}</th>
          </tr>
        </thead>
        <tbody>
          {some.shown.map((one) => (
            <tr key={one.record}>
              <th scope="row">
                <a href={to(['record', one.record])}>
                  {typeTitle(one.type, names)}
                  {one.period && ` · ${one.period}`}
                </a>
                <small class="under quiet">{one.text}</small>
              </th>
              <td data-label={t('unit')}>
                <Institution id={one.unit} names={names} />
              </td>
              <td data-label={t('taskRows')}>{one.rows || '—'}</td>
              <td data-label={t('due')} class="date">
                {one.due || '—'}
              </td>
              <td data-label={t('recordedBy')} class="date">
                <When at={one.recorded} />
              </td>
              <td data-label={t('inTime')}>
                <Badge tone={one.late ? 'bad' : one.recorded ? 'good' : 'warn'}>
                  {word('inTime', one.late ? 'late' : one.recorded ? 'in-time' : 'waiting')}
                </Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {some.button}
    </>
  );
}
