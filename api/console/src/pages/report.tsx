// One form of a programme, filled from the figures of a period: what the office writes into it, how
// it will look, and the files to send.

import { useState } from 'preact/hooks';
import {
  askOnce,
  fetchFile,
  useAsked,
  useNames,
  type Form,
  type FormEntry,
  type Paper,
  type PaperFigure,
  type PaperPart,
} from '../api';
import { toHex } from '../hex';
import { t, word } from '../language';
import { indicatorPath, institutionName, Page, Read, Section, Short, useSome } from '../parts';
import { to } from '../route';
import { Refused } from '../signing';

/// The ways to take a form along. A PDF is what the browser's own printing makes of the page.
const kFormats = ['docx', 'xlsx', 'csv', 'json'] as const;
const kEntryCharactersMax = 2000;
const kFiguresShown = 20;

type Entries = Record<string, string>;

/// What the office wrote lasts as long as the page: names and telephone numbers are kept nowhere.
const kWritten = new Map<string, Entries>();
/// What hides such names behind the form's root: the same for every file of one form.
const kSalts = new Map<string, string>();

function saltOf(form: string): string {
  const kept = kSalts.get(form);
  if (kept) return kept;
  const salt = toHex(crypto.getRandomValues(new Uint8Array(32)));
  kSalts.set(form, salt);
  return salt;
}

export function ReportPage(props: { form: string; query: URLSearchParams }) {
  const period = props.query.get('period') ?? '';
  const unit = props.query.get('unit') ?? '';
  const forms = useAsked<{ reports: Form[] }>('/v1/reports', askOnce<{ reports: Form[] }>);
  const form = forms.data?.reports.find((one) => one.form === props.form);
  const title = form?.title.replace('{year}', period.slice(0, 4)) ?? t('report');
  return (
    <Page title={title} lead={form?.source}
      path={
        <a href={to(['reports'], { pack: form?.pack ?? '', period, unit })}>{t('reports')}</a>
      }>
      <Read of={forms}>
        {() =>
          form ? (
            <FilledForm key={`${period} ${unit}`} form={form} period={period} unit={unit} />
          ) : (
            <p class="notice bad">{t('noSuchForm')}</p>
          )
        }
      </Read>
    </Page>
  );
}

function FilledForm(props: { form: Form; period: string; unit: string }) {
  const { form, period, unit } = props;
  const names = useNames();
  const [entries, setEntries] = useState<Entries>(() => kWritten.get(form.form) ?? {});
  const written = Object.fromEntries(Object.entries(entries).filter(([, text]) => text.trim() !== ''));
  const [shown, setShown] = useState(written);
  const personal = form.entries.some((entry) => entry.personal);
  const body = {
    period,
    ...(unit ? { node: unit } : {}),
    ...(personal ? { salt: saltOf(form.form) } : {}),
  };
  const path = `/v1/reports/${encodeURIComponent(form.form)}`;
  const paper = useAsked<Paper & { root: string }>(`${path} ${JSON.stringify([body, shown])}`, async () => {
    const { file } = await fetchFile(path, { ...body, entries: shown, format: 'json' });
    return { ...(JSON.parse(await file.text()) as Paper), root: await rootOf(file) };
  });
  return (
    <>
      <p class="line">
        <span>
          {t('period')} <strong>{period}</strong>
        </span>
        <span>
          {t('figuresOf')} <strong>{unit ? institutionName(unit, names) : t('wholeProgramme')}</strong>
        </span>
      </p>
      {form.entries.length > 0 && (
        <EntryForm entries={form.entries} written={entries} set={(all) => {
          kWritten.set(form.form, all);
          setEntries(all);
        }} show={() => setShown(written)} />
      )}
      <Read of={paper}>
        {(read) => (
          <>
            <Downloads path={path} body={{ ...body, entries: written }} />
            {read.root && <HandIn form={form} paper={read} />}
            {form.undertaking && (
              <div class="notice">
                <strong>{t('needsUndertaking')}</strong>
                <p class="text">{read.undertaking}</p>
                <p class="quiet">{t('undertakingHow')}</p>
              </div>
            )}
            <Section title={t('preview')} note={t('previewNote')}>
              <div class="paper" lang="zh-CN" tabIndex={0} role="region" aria-label={t('preview')}>
                {read.parts.map((part, i) => (
                  <Part key={i} part={part} />
                ))}
              </div>
            </Section>
            <Evidence figures={read.figures} pack={read.pack} unit={unit} />
            <p class="source quiet">
              <span>
                {read.pack}/{read.version}
              </span>
              <span>
                {t('cut')} <Short hex={read.cut} />
              </span>
            </p>
          </>
        )}
      </Read>
    </>
  );
}

/// The form's root: of the file of data, as it is; '' where the browser offers no hashes.
async function rootOf(file: Blob): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return '';
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())));
}

/// Leads to the record that the form is handed in, as `hefu report submit` makes it.
function HandIn(props: { form: Form; paper: Paper & { root: string } }) {
  const { form, paper } = props;
  const part = paper.period.slice(5);
  const kind = !part ? 'year' : part.startsWith('H') ? 'half-year' : part.startsWith('Q') ? 'quarter' : 'month';
  const given: Record<string, string> = form.undertaking
    ? { 'f.form_root': paper.root, 'f.round': paper.period }
    : {
        'f.period': paper.period,
        'f.period_kind': part === 'AY' ? 'year' : kind,
        'f.text': paper.title,
        'f.attachment_hashes': paper.root,
      };
  return (
    <p class="line hand-in">
      <a class="button" href={to(['new', form.undertaking ? 'application-submission' : 'progress-report'], {
        programme: form.pack,
        ...given,
      })}>
        {t('handIn')}
      </a>
      <span>
        {t('formRoot')} <Short hex={paper.root} />
      </span>
      <span class="quiet">{t('handInHint')}</span>
    </p>
  );
}

/// Characters as the documents count them: white space is not counted.
function characters(text: string): number {
  return [...text.replace(/\s/gu, '')].length;
}

function EntryForm(props: {
  entries: readonly FormEntry[];
  written: Entries;
  set: (all: Entries) => void;
  show: () => void;
}) {
  const { written } = props;
  const limitOf = (entry: FormEntry) => entry.limit || kEntryCharactersMax;
  const long = props.entries.filter((one) => characters(written[one.name] ?? '') > limitOf(one));
  const filled = props.entries.filter((one) => (written[one.name] ?? '').trim() !== '').length;
  return (
    <details class="office">
      <summary>{t('officeWrites', { filled, count: props.entries.length })}</summary>
      <form class="form" onSubmit={(event) => {
        event.preventDefault();
        if (long.length === 0) props.show();
      }}>
        <p class="hint">{t('officeWritesHint')}</p>
        {props.entries.map((entry) => {
          const text = written[entry.name] ?? '';
          const used = characters(text);
          const id = `entry-${entry.name}`;
          const tooLong = used > limitOf(entry);
          return (
            <div class="field" key={entry.name}>
              <label for={id}>
                {entry.title}
                {entry.personal && <span class="tag">{t('personal')}</span>}
              </label>
              <div class="answer">
                <textarea id={id} rows={entry.limit > 60 ? 4 : 1} value={text} autocomplete="off"
                  aria-invalid={tooLong} aria-describedby={`${id}-hint`}
                  onInput={(e) => props.set({ ...written, [entry.name]: e.currentTarget.value })} />
                <p class={tooLong ? 'wrong' : 'hint'} id={`${id}-hint`}>
                  {t('charactersOf', { used, limit: limitOf(entry) })}
                </p>
              </div>
            </div>
          );
        })}
        <button type="submit" disabled={long.length > 0}>
          {t('showInForm')}
        </button>
      </form>
    </details>
  );
}

function Downloads(props: { path: string; body: Record<string, unknown> }) {
  const [busy, setBusy] = useState('');
  const [error, setError] = useState<unknown>();
  const take = async (format: string) => {
    setBusy(format);
    setError(undefined);
    try {
      const { file, name } = await fetchFile(props.path, { ...props.body, format });
      const url = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser has begun to save it by then
    } catch (why) {
      setError(why);
    }
    setBusy('');
  };
  return (
    <>
      <p class="line downloads">
        {kFormats.map((format) => (
          <button type="button" key={format} disabled={busy !== ''} onClick={() => void take(format)}>
            {t(busy === format ? 'preparing' : 'download', { format: word('format', format) })}
          </button>
        ))}
        <button type="button" onClick={() => print()}>
          {t('printOrPdf')}
        </button>
      </p>
      {error !== undefined && <Refused error={error} />}
    </>
  );
}

function Part(props: { part: PaperPart }) {
  const { part } = props;
  switch (part.kind) {
    case 'title':
      return <p class="paper-title">{part.text}</p>;
    case 'heading':
      return <p class="paper-heading">{part.text}</p>;
    case 'note':
      return <p class="note">{part.text}</p>;
    case 'break':
      return <hr />;
    case 'table':
      return <PaperTable part={part} />;
    default:
      return <p class="text">{part.text}</p>;
  }
}

function PaperTable(props: { part: PaperPart }) {
  const { rows = [], widths = [], title_rows: titles = 0 } = props.part;
  const all = widths.reduce((sum, width) => sum + width, 0) || 1;
  const cells = (row: (typeof rows)[number]) =>
    row.map((cell, i) => (
      <td key={i} class={`${cell.title ? 'printed' : ''} ${cell.written ? 'written' : ''}`}
        colSpan={cell.across} rowSpan={cell.down}>
        <span class="text">{cell.text}</span>
      </td>
    ));
  return (
    <table>
      <colgroup>
        {widths.map((width, i) => (
          <col key={i} width={`${((width / all) * 100).toFixed(2)}%`} />
        ))}
      </colgroup>
      <thead>
        {rows.slice(0, titles).map((row, i) => (
          <tr key={i}>{cells(row)}</tr>
        ))}
      </thead>
      <tbody>
        {rows.slice(titles).map((row, i) => (
          <tr key={i}>{cells(row)}</tr>
        ))}
      </tbody>
    </table>
  );
}

/// What stands behind each figure of the form.
function Evidence(props: { figures: PaperFigure[]; pack: string; unit: string }) {
  const some = useSome(props.figures, kFiguresShown);
  return (
    <Section title={t('evidenceOfForm')} note={t('total', { count: props.figures.length })}>
      <table class="stack">
        <caption class="unseen">{t('evidenceOfForm')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('standsIn')}</th>
            <th scope="col">{t('indicator')}</th>
            <th scope="col" class="end">{t('figure')}</th>
            <th scope="col">{t('target')}</th>
            <th scope="col">{t('evidence')}</th>
          </tr>
        </thead>
        <tbody>
          {some.shown.map((one) => (
            <tr key={`${one.where} ${one.indicator} ${one.period}`}>
              <td data-label={t('standsIn')}>{one.where}</td>
              <th scope="row">
                <a href={indicatorPath(props.pack, one.period, one.indicator, props.unit)}>{one.title}</a>
                <small class="under quiet">{one.period}</small>
              </th>
              <td data-label={t('figure')} class="end">
                {one.shown}
              </td>
              <td data-label={t('target')}>
                {one.target || '—'}
                {one.verdict && <small class="under">{one.verdict}</small>}
              </td>
              <td data-label={t('evidence')} class="quiet">
                {t('ladderText', {
                  claimed: one.claimed,
                  confirmed: one.confirmed,
                  disputed: one.disputed,
                })}
                {one.grades && <small class="under">{one.grades}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {some.button}
    </Section>
  );
}
