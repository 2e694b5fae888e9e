// Programmes, their targets, what each rests on and what it lacks.

import { useState } from 'preact/hooks';
import { ask, askOnce, at, useAsked, type Figure, type Figures, type Pack, type PackEntry } from '../api';
import { list, measured, number, t, titled, word } from '../language';
import {
  Amount,
  Badge,
  Choices,
  grouped,
  indicatorPath,
  LadderBar,
  Page,
  Progress,
  Read,
  Section,
  share,
  Short,
  useSome,
  verdictTone,
} from '../parts';
import { to } from '../route';

/// The years a pack is about, and the periods its targets name.
export function periodsOf(pack: Pack): string[] {
  const years = new Set<string>();
  const from = Number(pack.pack.valid?.from?.slice(0, 4));
  const end = Number(pack.pack.valid?.to?.slice(0, 4));
  for (let year = from; year <= end && years.size < 12; ++year) years.add(String(year));
  for (const indicator of pack.indicator) {
    for (const target of indicator.target ?? []) {
      if (target.period && /^\d{4}/.test(target.period)) years.add(target.period);
    }
  }
  return [...years].sort();
}

/// The last one that has begun.
export function presentPeriod(periods: readonly string[], today = new Date()): string {
  const year = String(today.getFullYear());
  return periods.filter((period) => period.slice(0, 4) <= year).at(-1) ?? periods[0] ?? year;
}

export function OverviewPage(props: { query: URLSearchParams }) {
  const packs = useAsked<{ packs: PackEntry[] }>('/v1/packs');
  return (
    <Page title={t('overview')}>
      <Read of={packs}>
        {({ packs: entries }) => {
          if (entries.length === 0) {
            return (
              <div class="notice">
                <strong>{t('noPacks')}</strong>
                <p class="quiet">{t('noPacksHint')}</p>
              </div>
            );
          }
          // Of several versions the node takes the one published last.
          const ids = [...new Set(entries.map((entry) => entry.id))];
          return ids.map((id) => <Programme key={id} id={id} query={props.query} />);
        }}
      </Read>
    </Page>
  );
}

function Programme(props: { id: string; query: URLSearchParams }) {
  const pack = useAsked<Pack>(`/v1/packs/${encodeURIComponent(props.id)}`, askOnce<Pack>);
  return (
    <Read of={pack}>
      {(read) => {
        const periods = periodsOf(read);
        const asked = props.query.get('period') ?? '';
        const period = periods.includes(asked) ? asked : presentPeriod(periods);
        return <ProgrammeYear pack={read} periods={periods} period={period} />;
      }}
    </Read>
  );
}

function ProgrammeYear(props: { pack: Pack; periods: string[]; period: string }) {
  const { id, version, title } = props.pack.pack;
  const figures = useAsked<Figures>(at('/v1/figures', { pack: id, period: props.period }), ask);
  return (
    <section class="programme">
      <div class="programme-head">
        <h2>{titled(title, id)}</h2>
        <Choices
          label={t('period')}
          of={props.periods.map((period) => ({
            text: period,
            href: to([], { period }),
            chosen: period === props.period,
          }))}
        />
      </div>
      <Read of={figures}>
        {(read) => (
          <>
            <Summary figures={read} />
            <Targets pack={id} figures={read} />
            <Others pack={id} figures={read} />
            <p class="source quiet">
              <span>
                {id}/{version}
              </span>
              <span>
                {t('packDigest')} <Short hex={read.pack.digest} />
              </span>
              <span title={t('cutHint')}>
                {t('cut')} <Short hex={read.cut} />
              </span>
              {(read.asserts ?? []).length > 0 &&
                (read.asserts ?? []).every((one) => one.verdict === 'holds') && (
                  <span>{t('checksHold', { count: read.asserts?.length ?? 0 })}</span>
                )}
              <a href={at('/v1/bundle', { pack: id, period: props.period })}
                download={`${id}-${props.period}.hefu`} title={t('bundleHint')}>
                {t('bundle')}
              </a>
            </p>
          </>
        )}
      </Read>
    </section>
  );
}

function Summary(props: { figures: Figures }) {
  const withTarget = props.figures.indicators.filter((figure) => figure.targets.length > 0);
  const met = withTarget.filter((figure) => figure.targets[0]?.verdict === 'met').length;
  const sum = (of: 'claimed' | 'confirmed' | 'disputed') =>
    withTarget.reduce((total, figure) => total + figure.ladder[of], 0);
  const asserts = props.figures.asserts ?? [];
  const broken = asserts.filter((one) => one.verdict !== 'holds');
  return (
    <>
      <dl class="summary" aria-label={t('acrossTargets')}>
        <div>
          <dt>{t('targets')}</dt>
          <dd>
            <strong>{met}</strong>
            <span>{t('metOf', { met, all: withTarget.length })}</span>
          </dd>
        </div>
        {(['confirmed', 'claimed', 'disputed'] as const).map((kind) => (
          <div key={kind}>
            <dt>{t(`${kind}Count`)}</dt>
            <dd>
              <strong>{number(sum(kind))}</strong>
              <span>{t('recordsUnit')}</span>
            </dd>
          </div>
        ))}
      </dl>
      {props.figures.missing.length > 0 && (
        <p class="notice warn" role="status">
          {t('missingLogs', { logs: list(props.figures.missing) })}
        </p>
      )}
      {broken.map((one) => (
        <p key={one.id} class="notice warn">
          <strong>{one.id}</strong> {one.detail}
        </p>
      ))}
    </>
  );
}

function Targets(props: { pack: string; figures: Figures }) {
  const rows = props.figures.indicators.filter((figure) => figure.targets.length > 0);
  if (rows.length === 0) return <p class="quiet">{t('noTargets')}</p>;
  const hatched = rows.some((figure) => figure.pattern === 'hatched');
  return (
    <>
      <table class="stack targets">
        <caption class="unseen">{t('targets')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('indicator')}</th>
            <th scope="col" class="end">{t('figure')}</th>
            <th scope="col" class="end">{t('target')}</th>
            <th scope="col">{t('progress')}</th>
            <th scope="col">{t('status')}</th>
            <th scope="col">
              {t('evidence')}
              <small class="under">
                {t('claimed')} / {t('confirmed')} / {t('disputed')}
              </small>
            </th>
            <th scope="col">{t('lacking')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((figure) => (
            <TargetRow key={figure.indicator} pack={props.pack} period={props.figures.period}
              figure={figure} />
          ))}
        </tbody>
      </table>
      {hatched && <p class="quiet note">{t('lowEvidenceMark')}</p>}
    </>
  );
}

function TargetRow(props: { pack: string; period: string; figure: Figure }) {
  const { figure } = props;
  const target = figure.targets[0];
  if (!target) return null;
  const done = share(figure);
  const tone = verdictTone(target.verdict);
  const percent = done === null ? '—' : `${number(Math.round(done * 1000) / 10)}%`;
  return (
    <tr>
      <th scope="row">
        <a href={indicatorPath(props.pack, props.period, figure.indicator)}>
          {titled(figure.title, figure.indicator)}
        </a>
      </th>
      <td class="end" data-label={t('figure')}>
        <Amount shown={figure.shown} />
      </td>
      <td class="end" data-label={t('target')}>
        <Amount shown={relation(target.target)} />
      </td>
      <td data-label={t('progress')} class="bar-cell">
        <span class="bar-line">
          <Progress share={done ?? 0} tone={tone} hatched={figure.pattern === 'hatched'}
            label={`${t('progress')} ${percent}`} />
          <span class="percent" aria-hidden="true">{percent}</span>
        </span>
      </td>
      <td data-label={t('status')}>
        <Badge tone={tone}>{word('verdict', target.verdict)}</Badge>
      </td>
      <td data-label={t('evidence')}>
        <LadderBar ladder={figure.ladder} />
      </td>
      <td data-label={t('lacking')} class="lacking">
        <Lacking figure={figure} />
      </td>
    </tr>
  );
}

export function relation(target: string): string {
  return measured(grouped(target)).replace('>=', '≥ ').replace('<=', '≤ ').replace(/^>(?! )/, '> ')
    .replace(/^<(?! )/, '< ').replace('==', '= ');
}

/// How far a figure that misses its target is from it: short (positive) or beyond (negative), with
/// the unit; undefined if that is no number.
function gapOf(figure: Figure, target: string): { by: number; unit: string } | undefined {
  const bound = /^[<>=]+\s*(-?[\d.]+)(.*)$/su.exec(target);
  const done = share(figure);
  if (bound && done !== null) return { by: Number(bound[1]) * (1 - done), unit: bound[2] ?? '' };
  const range = /^(-?[\d.]+)(.*?)\s*[-–~～至]\s*([\d.]+)(.*)$/su.exec(target);
  const value = figure.value && Number(figure.value.num) / Number(figure.value.den);
  if (!range || value === null || !Number.isFinite(value)) return undefined;
  const [least, most] = [Number(range[1]), Number(range[3])];
  return { by: value < least ? least - value : Math.min(0, most - value), unit: range[4] ?? '' };
}

/// The distance to the target, and which records would count if their evidence did.
export function Lacking(props: { figure: Figure }) {
  const { figure } = props;
  const target = figure.targets[0];
  const words: string[] = [];
  if (target?.verdict === 'not met') {
    const gap = gapOf(figure, target.target);
    const by = Math.abs(gap?.by ?? 0);
    const size = gap && measured(`${number(gap.unit === '%' ? Math.round(by * 10) / 10 : by)}${gap.unit}`);
    // Strictly more than what is there already: nothing is short in number.
    if (gap && gap.by > 0) words.push(t('gap', { gap: size ?? '' }));
    else if (gap && gap.by < 0) words.push(t('beyondTarget', { gap: size ?? '' }));
    else words.push(t('gap', { gap: relation(target.target) }));
  }
  for (const [reason, count] of Object.entries(figure.excluded)) {
    words.push(t('mayCount', { count, reason: word('leftOut', reason) }));
  }
  if (words.length === 0) {
    return <span class="quiet">{target?.verdict === 'met' ? t('nothingLacking') : '—'}</span>;
  }
  return (
    <>
      {words.map((one, i) => (
        <span key={one} class={i === 0 ? 'first' : 'quiet'}>
          {one}
        </span>
      ))}
    </>
  );
}

function Others(props: { pack: string; figures: Figures }) {
  const [wanted, setWanted] = useState('');
  const [onlyNonzero, setOnlyNonzero] = useState(true);
  const rows = props.figures.indicators.filter((figure) => figure.targets.length === 0);
  const text = wanted.trim().toLowerCase();
  const found = rows.filter(
    (figure) =>
      (!onlyNonzero || (figure.value !== null && Number(figure.value.num) !== 0)) &&
      (text === '' ||
        `${figure.title.zh} ${figure.title.en} ${figure.indicator}`.toLowerCase().includes(text)),
  );
  const some = useSome(found, 20);
  if (rows.length === 0) return null;
  return (
    <Section title={t('others')} note={t('total', { count: found.length })}>
      <div class="filters">
        <label>
          <span>{t('filter')}</span>
          <input type="search" value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <label class="tick">
          <input type="checkbox" checked={onlyNonzero}
            onChange={(event) => setOnlyNonzero(event.currentTarget.checked)} />
          <span>{t('onlyNonzero')}</span>
        </label>
      </div>
      {found.length === 0 ? (
        <p class="quiet">{t('noMatch')}</p>
      ) : (
        <table class="stack">
          <caption class="unseen">{t('others')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('indicator')}</th>
              <th scope="col" class="end">{t('figure')}</th>
              <th scope="col">{t('evidence')}</th>
              <th scope="col">{t('lead')}</th>
            </tr>
          </thead>
          <tbody>
            {some.shown.map((figure) => (
              <tr key={figure.indicator}>
                <th scope="row">
                  <a href={indicatorPath(props.pack, props.figures.period, figure.indicator)}>
                    {titled(figure.title, figure.indicator)}
                  </a>
                </th>
                <td class="end" data-label={t('figure')}>
                  <Amount shown={figure.shown} />
                </td>
                <td data-label={t('evidence')}>
                  <LadderBar ladder={figure.ladder} />
                </td>
                <td data-label={t('lead')} class="quiet">
                  {list(figure.owner.lead) || '—'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {some.button}
    </Section>
  );
}
