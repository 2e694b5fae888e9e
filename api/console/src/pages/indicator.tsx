// One indicator: the sentence it comes from, the figure, what it rests on, by organisation and
// year, down to the records.

import {
  ask,
  askOnce,
  at,
  grades,
  useAsked,
  useNames,
  type Figure,
  type Figures,
  type FullRecord,
  type Names,
  type Pack,
} from '../api';
import { list, number, t, titled, word } from '../language';
import {
  Amount,
  Badge,
  Choices,
  GradeTag,
  Institution,
  institutionName,
  indicatorPath,
  Page,
  Progress,
  Read,
  Section,
  share,
  Short,
  Standing,
  typeTitle,
  useSome,
  verdictTone,
} from '../parts';
import { to } from '../route';
import { Lacking, periodsOf, relation } from './overview';

interface Props {
  pack: string;
  period: string;
  indicator: string;
  unit: string;
}

export function IndicatorPage(props: Props) {
  const names = useNames();
  const { pack, period, indicator, unit } = props;
  const document = useAsked<Pack>(`/v1/packs/${encodeURIComponent(pack)}`, askOnce<Pack>);
  const figures = useAsked<Figures>(
    at('/v1/figures', { pack, period, indicator, node: unit }),
    ask,
  );
  const known = document.data?.indicator.find((one) => one.id === indicator);
  const title = titled(known?.title ?? figures.data?.indicators[0]?.title, indicator);
  return (
    <Page
      title={title}
      lead={unit ? institutionName(unit, names) : undefined}
      path={
        <>
          <a href={to([], { period })}>{t('overview')}</a>
          <span>{titled(document.data?.pack.title, pack)}</span>
          {unit && <a href={indicatorPath(pack, period, indicator)}>{title}</a>}
        </>
      }
      actions={
        document.data && (
          <Choices
            label={t('period')}
            of={periodsOf(document.data).map((one) => ({
              text: one,
              href: indicatorPath(pack, one, indicator, unit),
              chosen: one === period,
            }))}
          />
        )
      }
    >
      <Read of={figures}>
        {(read) => {
          const figure = read.indicators[0];
          if (!figure) return <p class="quiet">{t('none')}</p>;
          return (
            <>
              <Headline figure={figure} />
              {known?.quote && (
                <figure class="quote">
                  <blockquote lang="zh-CN">{known.quote}</blockquote>
                  <figcaption>
                    {known.source?.doc ?? document.data?.pack.source?.doc}
                    {known.source?.clause && ` ${known.source.clause}`}
                  </figcaption>
                </figure>
              )}
              <dl class="facts">
                {known?.interpretation && (
                  <>
                    <dt>{t('interpretation')}</dt>
                    <dd>{titled(known.interpretation)}</dd>
                  </>
                )}
                {known?.evidence?.min && (
                  <>
                    <dt>{t('evidenceRule')}</dt>
                    <dd>
                      <GradeTag grade={known.evidence.min} /> {word('grade', known.evidence.min)}
                    </dd>
                  </>
                )}
                {figure.owner.lead.length > 0 && (
                  <>
                    <dt>{t('lead')}</dt>
                    <dd>{list(figure.owner.lead)}</dd>
                  </>
                )}
                {figure.owner.coop.length > 0 && (
                  <>
                    <dt>{t('cooperating')}</dt>
                    <dd>{list(figure.owner.coop)}</dd>
                  </>
                )}
                <dt>{t('cut')}</dt>
                <dd title={t('cutHint')}>
                  <Short hex={read.cut} />
                </dd>
              </dl>
              <div class="columns">
                <Grades figure={figure} />
                {document.data && <Trend {...props} pack={document.data} />}
              </div>
              {!unit && <Units figures={read} figure={figure} props={props} names={names} />}
              <Facts title={t('counted')} ids={figure.counted} names={names} />
              <LeftOut figure={figure} names={names} />
            </>
          );
        }}
      </Read>
    </Page>
  );
}

function Headline(props: { figure: Figure }) {
  const { figure } = props;
  const target = figure.targets[0];
  const done = share(figure);
  const tone = target ? verdictTone(target.verdict) : 'idle';
  return (
    <div class="headline">
      <p class="big">
        <Amount shown={figure.shown} />
        {figure.parts && (
          <small class="quiet">
            {' '}
            ({fraction(figure.parts.num)} / {fraction(figure.parts.den)})
          </small>
        )}
      </p>
      {target && (
        <div class="headline-target">
          <p>
            <Badge tone={tone}>{word('verdict', target.verdict)}</Badge> {t('target')}{' '}
            {relation(target.target)}
            <span class="quiet"> {word('targetKind', target.kind)}</span>
          </p>
          <Progress share={done ?? 0} tone={tone} hatched={figure.pattern === 'hatched'}
            label={`${t('progress')} ${done === null ? '—' : number(Math.round(done * 1000) / 10)}%`} />
          <p class="lacking">
            <Lacking figure={figure} />
          </p>
        </div>
      )}
      {figure.small_cell && <p class="quiet">{t('smallCell')}</p>}
    </div>
  );
}

function fraction(value: { num: number | string; den: number | string }): string {
  return number(Number(value.num) / Number(value.den));
}

function Grades(props: { figure: Figure }) {
  const { ladder } = props.figure;
  const most = Math.max(1, ...grades.map((grade) => ladder[grade]));
  return (
    <Section
      title={t('ladderTitle')}
      note={t('ladderText', {
        claimed: ladder.claimed,
        confirmed: ladder.confirmed,
        disputed: ladder.disputed,
      })}
    >
      <table class="grades">
        <caption class="unseen">{t('ladderTitle')}</caption>
        <tbody>
          {[...grades].reverse().map((grade) => (
            <tr key={grade}>
              <th scope="row">
                <GradeTag grade={grade} />
              </th>
              <td class="quiet">{word('grade', grade)}</td>
              <td class="grade-bar">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect class={`${grade} rest`} width={(ladder[grade] / most) * 100} height="8" />
                  <rect class={grade} width={(ladder.counted[grade] / most) * 100} height="8" />
                </svg>
              </td>
              <td class="end" title={t('countedOf', { counted: ladder.counted[grade], all: ladder[grade] })}>
                {ladder[grade] === 0 ? (
                  <span class="quiet">0</span>
                ) : (
                  `${ladder.counted[grade]} / ${ladder[grade]}`
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet note">{t('countedOverAll')}</p>
    </Section>
  );
}

interface Year {
  period: string;
  figure: Figure | undefined;
}

function Trend(props: { pack: Pack; period: string; indicator: string; unit: string }) {
  const id = props.pack.pack.id;
  const periods = periodsOf(props.pack).filter((period) => /^\d{4}$/.test(period));
  const years = useAsked<Year[]>(
    `${id} ${props.indicator} ${props.unit} ${periods.join()}`,
    () =>
      Promise.all(
        periods.map(async (period) => {
          const read = await ask<Figures>(
            at('/v1/figures', { pack: id, period, indicator: props.indicator, node: props.unit }),
          );
          return { period, figure: read.indicators[0] };
        }),
      ),
  );
  return (
    <Section title={t('trend')}>
      <Read of={years}>
        {(read) => {
          const value = (figure: Figure | undefined) =>
            figure?.value ? Number(figure.value.num) / Number(figure.value.den) : 0;
          const most = Math.max(1e-9, ...read.map((year) => value(year.figure)));
          return (
            <table class="grades trend">
              <caption class="unseen">{t('trend')}</caption>
              <tbody>
                {read.map(({ period, figure }) => {
                  const target = figure?.targets[0];
                  return (
                    <tr key={period} class={period === props.period ? 'chosen' : ''}>
                      <th scope="row">
                        <a href={indicatorPath(id, period, props.indicator, props.unit)}>{period}</a>
                      </th>
                      <td class="grade-bar">
                        <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                          <rect class="track" width="100" height="8" />
                          <rect class="E2" width={(value(figure) / most) * 100} height="8" />
                        </svg>
                      </td>
                      <td class="end">
                        <Amount shown={figure?.shown ?? '—'} />
                      </td>
                      <td class="quiet">{target ? relation(target.target) : ''}</td>
                      <td>
                        {target && (
                          <Badge tone={verdictTone(target.verdict)}>
                            {word('verdict', target.verdict)}
                          </Badge>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          );
        }}
      </Read>
    </Section>
  );
}

function Units(props: { figures: Figures; figure: Figure; props: Props; names: Names }) {
  const { indicator } = props.figure;
  const rows = props.figures.units
    .map((unit) => ({ unit: unit.unit, shown: unit.shown[indicator] ?? '—' }))
    .filter((row) => /[1-9]/.test(row.shown));
  if (rows.length === 0) return null;
  const size = (shown: string) => Number.parseFloat(shown) || 0;
  const most = Math.max(1e-9, ...rows.map((row) => size(row.shown)));
  rows.sort((a, b) => size(b.shown) - size(a.shown));
  return (
    <Section
      title={t('byOrganisation')}
      note={props.figures.adds_up[indicator] ? t('addsUp') : t('doesNotAddUp')}
    >
      <table class="grades units">
        <caption class="unseen">{t('byOrganisation')}</caption>
        <tbody>
          {rows.map((row) => (
            <tr key={row.unit}>
              <th scope="row">
                <a href={indicatorPath(props.props.pack, props.props.period, indicator, row.unit)}>
                  <Institution id={row.unit} names={props.names} />
                </a>
              </th>
              <td class="grade-bar">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="E2" width={(size(row.shown) / most) * 100} height="8" />
                </svg>
              </td>
              <td class="end">
                <Amount shown={row.shown} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Facts(props: { title: string; ids: string[]; names: Names }) {
  const some = useSome(props.ids, 20);
  return (
    <Section title={props.title} note={t('total', { count: props.ids.length })}>
      {props.ids.length === 0 ? (
        <p class="quiet">{t('none')}</p>
      ) : (
        <table class="stack">
          <caption class="unseen">{props.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t('record')}</th>
              <th scope="col">{t('institution')}</th>
              <th scope="col">{t('occurred')}</th>
              <th scope="col">{t('standing')}</th>
            </tr>
          </thead>
          <tbody>
            {some.shown.map((id) => (
              <FactRow key={id} id={id} names={props.names} />
            ))}
          </tbody>
        </table>
      )}
      {some.button}
    </Section>
  );
}

function LeftOut(props: { figure: Figure; names: Names }) {
  const some = useSome(props.figure.left_out, 20);
  if (props.figure.left_out.length === 0) return null;
  return (
    <Section title={t('leftOut')} note={t('total', { count: props.figure.left_out.length })}>
      <table class="stack">
        <caption class="unseen">{t('leftOut')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('record')}</th>
            <th scope="col">{t('institution')}</th>
            <th scope="col">{t('occurred')}</th>
            <th scope="col">{t('standing')}</th>
            <th scope="col">{t('grade')}</th>
            <th scope="col">{t('reason')}</th>
          </tr>
        </thead>
        <tbody>
          {some.shown.map((fact) => (
            <FactRow key={fact.id + fact.reason} id={fact.id} names={props.names}>
              <td data-label={t('grade')}>
                <GradeTag grade={fact.grade} />
              </td>
              <td data-label={t('reason')}>{word('leftOut', fact.reason)}</td>
            </FactRow>
          ))}
        </tbody>
      </table>
      {some.button}
    </Section>
  );
}

/// The name a person gave it, or what it is.
export function recordTitle(record: FullRecord, names: Names): string {
  for (const field of ['title', 'name', 'legal_name', 'subject', 'topic']) {
    const value = record.event.fields[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return typeTitle(record.type, names);
}

/// A link to a record by its title, once that is known.
export function RecordLink(props: { id: string; names: Names }) {
  const record = useAsked<FullRecord>(`/v1/records/${props.id}`, askOnce<FullRecord>).data;
  return (
    <a href={to(['record', props.id])}>
      {record ? recordTitle(record, props.names) : props.id.slice(0, 12)}
    </a>
  );
}

function FactRow(props: { id: string; names: Names; children?: preact.ComponentChildren }) {
  const id = /^[0-9a-f]{64}/.exec(props.id)?.[0] ?? props.id;
  const record = useAsked<FullRecord>(`/v1/records/${id}`, askOnce<FullRecord>).data;
  return (
    <tr>
      <th scope="row">
        <a href={to(['record', id])}>{record ? recordTitle(record, props.names) : id.slice(0, 12)}</a>
        {record && <small class="under quiet">{typeTitle(record.type, props.names)}</small>}
      </th>
      <td data-label={t('institution')}>
        {record && <Institution id={record.issuer} names={props.names} />}
      </td>
      <td data-label={t('occurred')} class="date">
        {record?.event.occurred_on}
      </td>
      <td data-label={t('standing')}>{record && <Standing of={record.standing} />}</td>
      {props.children}
    </tr>
  );
}
