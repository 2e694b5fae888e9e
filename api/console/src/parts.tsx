// What pages are put together from. Texts of the API reach the page as text nodes and attributes
// only; the page's policy (trusted-types 'none') forbids anything else.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Asked, Figure, Grade, Ladder, Names } from './api';
import { grades } from './api';
import { ago, measured, moment, t, titled, word } from './language';
import { to } from './route';
import { useSession } from './session';

export function Page(props: {
  title: string;
  lead?: ComponentChildren;
  path?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Who works by keyboard or ear starts at the heading of the page he went to.
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest('#app')) {
      heading.current?.focus({ preventScroll: true });
    }
    scrollTo(0, 0);
  }, []);
  useEffect(() => {
    document.title = `${props.title} · ${t('brand')}`;
  });
  return (
    <main id="content">
      {props.path && (
        <nav class="path" aria-label={t('path')}>
          {props.path}
        </nav>
      )}
      <header class="head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {props.title}
          </h1>
          {props.lead && <p class="lead">{props.lead}</p>}
        </div>
        {props.actions && <div class="actions">{props.actions}</div>}
      </header>
      {props.children}
    </main>
  );
}

/// What was asked for, or why it is not there.
export function Read<T>(props: { of: Asked<T>; children: (data: T) => ComponentChildren }) {
  const { data, error, again } = props.of;
  if (data !== undefined) return <>{props.children(data)}</>;
  if (error?.right) return <NoRight right={error.right} />;
  if (error) {
    const silent = error.status === 0;
    return (
      <div class="notice bad" role="alert">
        <strong>{silent ? t('unreachable') : t('failed')}</strong>
        <p>{silent ? t('unreachableHint') : error.message}</p>
        {!silent && error.hint && <p class="quiet">{error.hint}</p>}
        <button type="button" onClick={again}>
          {t('again')}
        </button>
      </div>
    );
  }
  return (
    <p class="loading" role="status">
      {t('loading')}
    </p>
  );
}

/// Beyond what the account hands in: another department's, or another person's to review. The node
/// begins what it says with which of them it is.
export function Beyond(props: { message: string; hint: string }) {
  const review = props.message.startsWith('two persons:');
  return (
    <div class="notice warn" role="alert">
      <strong>{t(review ? 'twoPersons' : 'otherDepartment')}</strong>
      <p>{t(review ? 'twoPersonsHint' : 'otherDepartmentHint')}</p>
      <p class="quiet text">{props.message}</p>
      <p class="quiet text">{props.hint}</p>
    </div>
  );
}

export function isBeyond(message: string): boolean {
  return message.startsWith('department:') || message.startsWith('two persons:');
}

/// The account may not do this: which right it lacks, which roles have it, whom to ask.
export function NoRight(props: { right: string }) {
  const { session } = useSession();
  return (
    <div class="notice warn" role="alert">
      <strong>{t('noRight')}</strong>
      <p>{t('missingRight', { right: word('right', props.right) })}</p>
      <p>
        {t('askForRight', { account: session?.account ?? '', roles: word('rightRoles', props.right) })}
      </p>
    </div>
  );
}

export function Section(props: {
  title: string;
  note?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section>
      <div class="section-head">
        <h2>{props.title}</h2>
        {props.note && <span class="quiet">{props.note}</span>}
      </div>
      {props.children}
    </section>
  );
}

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'idle';

const kSigns: Record<Tone, string> = { good: '●', bad: '▲', warn: '◆', calm: '○', idle: '–' };

/// A status in words, with a sign and a colour of its own: none of the three alone carries it.
export function Badge(props: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge ${props.tone}`}>
      <span aria-hidden="true">{kSigns[props.tone]}</span> {props.children}
    </span>
  );
}

export function standingTone(standing: string): Tone {
  if (standing === 'confirmed') return 'good';
  if (standing === 'disputed' || standing === 'rejected') return 'bad';
  return standing === 'claimed' ? 'warn' : 'idle';
}

export function Standing(props: { of: string }) {
  return <Badge tone={standingTone(props.of)}>{word('standing', props.of)}</Badge>;
}

export function verdictTone(verdict: string): Tone {
  if (verdict === 'met') return 'good';
  return verdict === 'not met' ? 'bad' : 'idle';
}

export function Institution(props: { id: string; names: Names }) {
  return (
    <span class="institution" title={props.id}>
      {institutionName(props.id, props.names)}
    </span>
  );
}

/// "<credit code>/<unit>" names a unit of an institution.
function institutionOf(id: string): string {
  return id.split('/', 1)[0] ?? id;
}

/// A unit is called as it is registered; one that is not, by its institution and its own id.
export function institutionName(id: string, names: Names): string {
  const own = names.institutions.get(id);
  if (own) return titled(own, id);
  const whole = names.institutions.get(institutionOf(id));
  return whole ? titled(whole, id) + id.slice(institutionOf(id).length) : id;
}

/// "教务处 (jwc)": the registered name of a department of this node's institution, and its id.
export function departmentName(unit: string, member: string, names: Names): string {
  const name = names.institutions.get(`${member}/${unit}`);
  return name ? `${titled(name, unit)} ${unit}` : unit;
}

export function typeTitle(type: string, names: Names): string {
  return titled(names.types.get(type)?.title, type);
}

export function Short(props: { hex: string }) {
  return (
    <code class="hash" title={props.hex}>
      {props.hex.slice(0, 12)}…
    </code>
  );
}

export function Copyable(props: { text: string; what: string }) {
  const [done, setDone] = useState(false);
  return (
    <span class="copyable">
      <code class="hash whole">{props.text}</code>
      {navigator.clipboard && (
        <button
          type="button"
          class="plain"
          aria-label={`${t('copy')} ${props.what}`}
          onClick={() => void navigator.clipboard.writeText(props.text).then(() => setDone(true))}
        >
          {done ? t('copied') : t('copy')}
        </button>
      )}
    </span>
  );
}

export function When(props: { at: string | null | undefined; relative?: boolean }) {
  if (!props.at) return <span class="quiet">—</span>;
  return (
    <time dateTime={props.at} title={`${moment(props.at)} +08:00`}>
      {props.relative ? ago(props.at) : moment(props.at)}
    </time>
  );
}

/// "1200.00万元" as number and unit, digits in groups of three.
export function Amount(props: { shown: string }) {
  const parts = /^([^\d-]*-?[\d.,]+)(.*)$/su.exec(props.shown);
  if (!parts?.[1]) return <span class="amount">{props.shown}</span>;
  return (
    <span class="amount">
      {grouped(parts[1])}
      <small>{measured(`0${parts[2] ?? ''}`).slice(1)}</small>
    </span>
  );
}

/// Digits before the point in groups of three; all else as it is.
export function grouped(text: string): string {
  return text.replace(/\d+(?:\.\d+)?/, (digits) => {
    const [whole = '', rest] = digits.split('.', 2);
    return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest === undefined ? '' : `.${rest}`);
  });
}

/// How far a figure is on its way: a bar whose end is the target. SVG, because the page's policy
/// admits no style in an element.
export function Progress(props: { share: number; tone: Tone; hatched: boolean; label: string }) {
  const width = Math.max(0, Math.min(1, props.share)) * 100;
  return (
    <svg class={`progress ${props.tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" role="img"
      aria-label={props.label}>
      <title>{props.label}</title>
      <rect class="track" width="100" height="8" rx="1.5" />
      <rect class="done" width={props.share > 0 ? Math.max(width, 1) : 0} height="8" rx="1.5" />
      {props.hatched && <path class="hatch" d={hatch(width)} />}
    </svg>
  );
}

function hatch(end: number): string {
  let path = '';
  for (let x = 1; x < end; x += 2.2) path += `M${x.toFixed(1)} 8l1-8`;
  return path;
}

/// What a figure rests on: its records by grade, and how many are claimed, confirmed, disputed.
export function LadderBar(props: { ladder: Ladder; words?: boolean }) {
  const { ladder } = props;
  const counts = grades.map((grade) => ({ grade, count: ladder[grade] }));
  const all = counts.reduce((sum, one) => sum + one.count, 0);
  const filled = {
    claimed: ladder.claimed,
    confirmed: ladder.confirmed,
    disputed: ladder.disputed,
  };
  const label =
    t('ladderText', filled) +
    counts
      .filter((one) => one.count > 0)
      .map((one) => `; ${t('gradeOf', one)}`)
      .join('');
  let from = 0;
  return (
    <span class="ladder">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
        <title>{label}</title>
        <rect class="track" width="100" height="8" rx="1.5" />
        {counts.map(({ grade, count }) => {
          if (all === 0 || count === 0) return null;
          const width = (count / all) * 100;
          const x = from;
          from += width;
          return <rect key={grade} class={grade} x={x} width={width} height="8" />;
        })}
      </svg>
      <span class="ladder-words" aria-hidden="true">
        <span title={t('claimed')}>{ladder.claimed}</span>
        {' / '}
        <span title={t('confirmed')}>{ladder.confirmed}</span>
        {' / '}
        <span class={ladder.disputed > 0 ? 'bad-text' : ''} title={t('disputed')}>
          {ladder.disputed}
        </span>
      </span>
    </span>
  );
}

export function GradeTag(props: { grade: string }) {
  return (
    <span class={`grade ${props.grade}`} title={word('grade', props.grade as Grade)}>
      {props.grade}
    </span>
  );
}

/// Several choices of which one holds: links, so that each has an address.
export function Choices(props: {
  label: string;
  of: { text: string; href: string; chosen: boolean }[];
}) {
  return (
    <nav class="choices" aria-label={props.label}>
      {props.of.map((choice) => (
        <a key={choice.href} href={choice.href} aria-current={choice.chosen ? 'true' : undefined}>
          {choice.text}
        </a>
      ))}
    </nav>
  );
}

/// A part of a long list, and a button for the next part.
export function useSome<T>(items: readonly T[], step: number) {
  const [count, setCount] = useState(step);
  const rest = items.length - count;
  const button = rest > 0 && (
    <button type="button" class="more" onClick={() => setCount(count + step)}>
      {t('more', { count: Math.min(step, rest) })}
    </button>
  );
  return { shown: items.slice(0, count), button };
}

export function share(figure: Figure): number | null {
  const attainment = figure.targets[0]?.attainment;
  if (!attainment) return null;
  const value = Number(attainment.num) / Number(attainment.den);
  return Number.isFinite(value) ? value : null;
}

export function indicatorPath(pack: string, period: string, indicator: string, unit = ''): string {
  return to(['indicator', pack, period, indicator], { unit });
}
