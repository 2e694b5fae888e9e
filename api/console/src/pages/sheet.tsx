// Many records from a spreadsheet: a template to fill in, every wrong cell named, what is new signed
// and sent.

import { useState } from 'preact/hooks';
import {
  askOnce,
  useAsked,
  useNames,
  type CheckedSheet,
  type EventType,
  type Names,
  type Pack,
  type Status,
} from '../api';
import { readPacks } from '../effects';
import { FileButton } from '../form/file';
import { current, t, titled } from '../language';
import { keyFor, useKeys, type Desk } from '../keys';
import type { Prepared } from '../hefu';
import type { Receipt } from '../outbox';
import { Outgoing } from '../outgoing';
import { Badge, institutionName, Page, Read, Section, useSome } from '../parts';
import { to } from '../route';
import {
  checkSheet,
  recordRows,
  rememberedMapping,
  rememberMapping,
  sortRows,
  type Mapping,
  type Sorted,
} from '../sheets';
import { Account, prepare, Refused, Signer } from '../signing';

const kFindingsShown = 20;
const kLeaveOut = '-';

export function SheetPage(props: { type: string }) {
  const names = useNames();
  const type = names.types.get(props.type);
  const status = useAsked<Status>('/v1/status', askOnce<Status>);
  const packs = useAsked<Pack[]>('packs', readPacks);
  const title = type ? t('sheetOf', { type: titled(type.title, type.name) }) : t('sheetImport');
  return (
    <Page title={title} lead={t('sheetLead')} path={<a href={to(['new'])}>{t('newRecord')}</a>}>
      <Read of={status}>
        {({ member }) => (
          <Read of={packs}>
            {(read) =>
              type ? (
                <Sheet type={type} names={names} member={member} packs={read} />
              ) : (
                <p class={names.types.size > 0 ? 'notice bad' : 'loading'}>
                  {t(names.types.size > 0 ? 'noSuchType' : 'loading')}
                </p>
              )
            }
          </Read>
        )}
      </Read>
    </Page>
  );
}

interface Looked {
  sheet: CheckedSheet;
  sorted: Sorted;
  map: Mapping;
}

function Sheet(props: { type: EventType; names: Names; member: string; packs: readonly Pack[] }) {
  const { type, names, member } = props;
  const fitting = props.packs.filter(({ indicator }) =>
    indicator.some((one) => one.types?.includes(type.name)),
  );
  const [programme, setProgramme] = useState(fitting[0]?.pack.id ?? '');
  const [file, setFile] = useState<File>();
  const [looked, setLooked] = useState<Looked>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const look = async (given: File, of: string, map: Mapping) => {
    setBusy(true);
    setError(undefined);
    setLooked(undefined);
    try {
      let used = map;
      let sheet = await checkSheet(type.name, given, of, used);
      const before = sheet.titles_good ? undefined : rememberedMapping(sheet);
      if (before && Object.keys(map).length === 0) {
        used = before;
        sheet = await checkSheet(type.name, given, of, used);
      }
      if (sheet.titles_good && Object.keys(used).length > 0) rememberMapping(sheet, used);
      setLooked({ sheet, sorted: await sortRows(member, sheet), map: used });
    } catch (why) {
      setError(why);
    }
    setBusy(false);
  };
  return (
    <>
      <p class="line">
        <a class="button" href={`/v1/sheets/${encodeURIComponent(type.name)}`} download={`${type.name}.xlsx`}>
          {t('sheetTemplate')}
        </a>
        <span class="quiet">{t('sheetTemplateHint')}</span>
      </p>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <div class="filters">
          <label>
            <span>{t('sheetProgramme')}</span>
            <select value={programme} onChange={(event) => {
              const chosen = event.currentTarget.value;
              setProgramme(chosen);
              if (file) void look(file, chosen, looked?.map ?? {});
            }}>
              <option value="">{t('none')}</option>
              {props.packs.map(({ pack }) => (
                <option key={pack.id} value={pack.id}>
                  {titled(pack.title, pack.id)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <p class="line">
          <FileButton id="sheet-file" title={t('sheetChoose')} busy={busy} keep described="sheet-hint"
            choose={([chosen]) => {
              setFile(chosen);
              setLooked(undefined);
              if (chosen) void look(chosen, programme, {});
            }} />
        </p>
        <p class="hint" id="sheet-hint">
          {t('sheetHint')}
        </p>
      </form>
      {busy && (
        <p class="loading" role="status">
          {t('sheetChecking')}
        </p>
      )}
      {error !== undefined && <Refused error={error} />}
      {looked && file && (
        <Result key={`${file.name} ${looked.sheet.errors}`} looked={looked} type={type} names={names}
          member={member} remap={(map) => void look(file, programme, map)} />
      )}
    </>
  );
}

function Result(props: {
  looked: Looked;
  type: EventType;
  names: Names;
  member: string;
  remap: (map: Mapping) => void;
}) {
  const { sheet, sorted, map } = props.looked;
  const [onlyGood, setOnlyGood] = useState(false);
  const [signing, setSigning] = useState(false);
  const unread = sheet.columns.filter((column) => column.field === '' || map[column.title]);
  const may = sheet.titles_good && sorted.fresh.length > 0 && (sheet.errors === 0 || onlyGood);
  if (signing) {
    return (
      <SignRows sorted={sorted} type={props.type} names={props.names} member={props.member}
        back={() => {
          setSigning(false);
          props.remap(map); // what was recorded meanwhile is new no more
        }} />
    );
  }
  return (
    <div class="sheet-result">
      <p class="line" role="status">
        <span>{t('sheetRows', { count: sheet.rows })}</span>
        <Badge tone="good">{t('sheetGood', { count: sheet.good })}</Badge>
        {sheet.errors > 0 && <Badge tone="bad">{t('sheetErrors', { count: sheet.errors })}</Badge>}
        {sorted.before > 0 && <Badge tone="calm">{t('sheetBefore', { count: sorted.before })}</Badge>}
        {sheet.formulas > 0 && <span class="quiet">{t('sheetFormulas', { count: sheet.formulas })}</span>}
        {sheet.encoding && <span class="quiet">{sheet.encoding.toUpperCase()}</span>}
      </p>
      {sorted.alike > 0 && <p class="notice warn">{t('sheetAlike', { count: sorted.alike })}</p>}
      {unread.length > 0 && (
        <Columns columns={unread} type={props.type} map={map} change={props.remap} />
      )}
      {sheet.findings.length > 0 && <Findings of={sheet} />}
      {sheet.errors > 0 && sheet.titles_good && sheet.good > 0 && (
        <fieldset class="field">
          <legend>{t('sheetIfErrors')}</legend>
          <div class="answer ticks">
            {[false, true].map((value) => (
              <label class="tick" key={String(value)}>
                <input type="radio" name="sheet-rows" checked={onlyGood === value}
                  onChange={() => setOnlyGood(value)} />
                {t(value ? 'sheetOnlyGood' : 'sheetAllOrNone')}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {sheet.titles_good && sorted.fresh.length === 0 && sheet.good > 0 && (
        <p class="notice good">{t('sheetNothingNew')}</p>
      )}
      <p class="line act">
        <button type="button" class="first" disabled={!may} onClick={() => setSigning(true)}>
          {t('sheetReview', { count: sorted.fresh.length })}
        </button>
      </p>
    </div>
  );
}

/// Which field a title that nobody knows is meant to be.
function Columns(props: {
  columns: CheckedSheet['columns'];
  type: EventType;
  map: Mapping;
  change: (map: Mapping) => void;
}) {
  return (
    <Section title={t('sheetColumns')} note={t('sheetColumnsNote')}>
      <div class="filters">
        {props.columns.map((column) => (
          <label key={column.column}>
            <span>
              {column.column} · {column.title}
            </span>
            <select value={props.map[column.title] ?? column.field}
              onChange={(event) =>
                props.change({ ...props.map, [column.title]: event.currentTarget.value })
              }>
              <option value="">{t('sheetChooseField')}</option>
              <option value={kLeaveOut}>{t('sheetLeaveOut')}</option>
              <option value="occurred_on">{t('occurred')}</option>
              {props.type.fields.map((field) => (
                <option key={field.name} value={field.name}>
                  {titled(field.title, field.name)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </Section>
  );
}

function Findings(props: { of: CheckedSheet }) {
  const { findings, errors } = props.of;
  const language = current();
  const ordered = [...findings].sort((a, b) => Number(b.error) - Number(a.error) || a.row - b.row);
  const some = useSome(ordered, kFindingsShown);
  return (
    <Section title={t('sheetFindings')} note={t('sheetErrors', { count: errors })}>
      <table class="stack">
        <caption class="unseen">{t('sheetFindings')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('sheetCell')}</th>
            <th scope="col">{t('sheetWrong')}</th>
          </tr>
        </thead>
        <tbody>
          {some.shown.map((one, i) => (
            <tr key={i}>
              <th scope="row">{one.place}</th>
              <td data-label={t('sheetWrong')}>
                {!one.error && <span class="tag">{t('sheetNote')}</span>} {one[language]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {some.button}
    </Section>
  );
}

/// What is about to be signed for all rows: the first of them word for word, and how many there are.
function SignRows(props: {
  sorted: Sorted;
  type: EventType;
  names: Names;
  member: string;
  back: () => void;
}) {
  const { type, names, member } = props;
  const rows = props.sorted.fresh;
  const { open } = useKeys();
  const desk = keyFor([type.name], open);
  const first = useAsked<Prepared>(`first row ${rows[0]?.row}`, () =>
    prepare(member, rows.slice(0, 1).map((row) => row.event)),
  );
  const [done, setDone] = useState(0);
  const [receipt, setReceipt] = useState<Receipt>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const sign = async (by: Desk) => {
    setBusy(true);
    setError(undefined);
    try {
      await recordRows(by.key, member, type.name, rows, (count, last) => {
        setDone(count);
        setReceipt(last);
      });
    } catch (why) {
      setError(why);
    }
    setBusy(false);
  };
  const all = done === rows.length;
  const stopped = error !== undefined;
  return (
    <div class="signing">
      <h2 tabIndex={-1}>{t(all ? 'submitted' : 'aboutToSign')}</h2>
      <p>
        {t('sheetSigns', {
          count: rows.length,
          type: titled(type.title, type.name),
          member: institutionName(member, names),
        })}
      </p>
      {!all && !stopped && (
        <Read of={first}>
          {(prepared) => (
            <>
              <p class="quiet">{t('sheetFirstRow', { row: rows[0]?.row ?? 0 })}</p>
              <Account prepared={prepared} names={names} known={new Map()} />
            </>
          )}
        </Read>
      )}
      {!all && !stopped && <p class="notice">{t('forEver')}</p>}
      {!all && !stopped && <Signer types={[type.name]} names={names} />}
      {(busy || done > 0) && (
        <p class="line" role="status">
          <progress max={rows.length} value={done} aria-label={t('sheetProgress')} />
          <span>{t('sheetDone', { done, count: rows.length })}</span>
          {receipt && (
            <span class="quiet">
              {receipt.origin} · {t('sheetSize', { size: receipt.size })}
            </span>
          )}
        </p>
      )}
      {stopped && <Refused error={error} title={t('sheetStopped')} />}
      {stopped && <Outgoing />}
      <p class="line">
        {!all && !stopped && desk && (
          <button type="button" class="first" disabled={busy || !first.data} onClick={() => void sign(desk)}>
            {t('signRecord')}
          </button>
        )}
        {all ? (
          <a class="button" href={to(['records'], { type: type.name })}>
            {t('records')}
          </a>
        ) : (
          <button type="button" disabled={busy} onClick={props.back}>
            {t('back')}
          </button>
        )}
      </p>
    </div>
  );
}
