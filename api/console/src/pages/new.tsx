// A new record: which type, its form, what it may count for, and what is like it already.

import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import {
  ask,
  askOnce,
  at,
  useAsked,
  useNames,
  type EventType,
  type Field,
  type FullAgreement,
  type ListedEvent,
  type Names,
  type Pack,
  type RecordSummary,
  type Status,
} from '../api';
import { dropDraft, draftOf, drafts, keepDraft, newDraftId, type Draft } from '../drafts';
import { mayMove, readPacks } from '../effects';
import { fieldType } from '../field_type';
import { canHash, hashFile } from '../files';
import { FormField, type Setting } from '../form/field';
import { FileButton } from '../form/file';
import type { EventJson } from '../hefu';
import { current, list, moment, t, titled } from '../language';
import type { Sealed } from '../outbox';
import { Outgoing } from '../outgoing';
import { Badge, departmentName, institutionName, Page, Read, Section, typeTitle } from '../parts';
import { go, to } from '../route';
import { departmentsOf, useSession } from '../session';
import { prepare, Signing } from '../signing';
import { nothing, readFields, typedOf, writtenDate, type Typed } from '../typed';
import { Effects } from './effects';

const kSaveMs = 800;
const kSignDays = 7;
const kRecordsMax = 1000;

/// Today, on the ledger's calendar (+08:00).
export function today(plusDays = 0): string {
  return new Date(Date.now() + 8 * 3_600_000 + plusDays * 86_400_000).toISOString().slice(0, 10);
}

export function NewPage(props: { type: string; query: URLSearchParams }) {
  const names = useNames();
  const type = names.types.get(props.type);
  if (!props.type) return <ChooseType names={names} />;
  if (names.types.size === 0) return <Page title={t('newRecord')}><p class="loading">{t('loading')}</p></Page>;
  if (!type) {
    return (
      <Page title={t('newRecord')}>
        <p class="notice bad">{t('noSuchType')}</p>
      </Page>
    );
  }
  return <Prefilled type={type} names={names} query={props.query} />;
}

function ChooseType(props: { names: Names }) {
  const { names } = props;
  const [wanted, setWanted] = useState('');
  const [kept, setKept] = useState<Draft[]>(drafts);
  const types = [...names.types.values()]
    .filter((type) => type.lifecycle)
    .sort((a, b) =>
      titled(a.title, a.name).localeCompare(titled(b.title, b.name), current() === 'zh' ? 'zh' : 'en'),
    );
  const shown = types.filter((type) =>
    `${type.name} ${type.title.zh} ${type.title.en}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <Page title={t('newRecord')} lead={t('newRecordLead')}>
      <Outgoing />
      {kept.length > 0 && (
        <Section title={t('drafts')} note={t('draftsHere')}>
          <ul class="rows">
            {kept.map((draft) => (
              <li key={draft.id}>
                <a class="grow" href={to(['new', draft.type], { draft: draft.id })}>
                  {typeTitle(draft.type, names)}
                  {typeof draft.fields['title'] === 'string' && draft.fields['title'] !== '' && (
                    <> · {draft.fields['title']}</>
                  )}
                </a>
                <span class="date quiet">{moment(draft.changed)}</span>
                <button type="button" class="plain" onClick={() => {
                  dropDraft(draft.id);
                  setKept(drafts());
                }}>
                  {t('discard')}
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('whatKind')}>
        <div class="filters">
          <label>
            <span>{t('filter')}</span>
            <input type="search" value={wanted} onInput={(e) => setWanted(e.currentTarget.value)} />
          </label>
        </div>
        <ul class="types">
          {shown.map((type) => (
            <li key={type.name}>
              <a href={to(['new', type.name])}>{titled(type.title, type.name)}</a>{' '}
              {type.name !== 'collaboration-agreement' && (
                <a class="quiet" href={to(['sheet', type.name])}
                  aria-label={t('sheetOf', { type: titled(type.title, type.name) })}>
                  {t('sheetImport')}
                </a>
              )}
              <small class="under quiet">{type.description}</small>
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  );
}

/// What the form starts from: a draft, an agreement to renew, or nothing.
function Prefilled(props: { type: EventType; names: Names; query: URLSearchParams }) {
  const { type, names, query } = props;
  const renew = query.get('renew') ?? '';
  const kept = query.get('draft') ?? '';
  const status = useAsked<Status>('/v1/status', askOnce<Status>);
  const packs = useAsked<Pack[]>('packs', readPacks);
  const start = useAsked<Partial<Draft>>(`start ${type.name} ${query.toString()}`, async () => {
    if (kept) return draftOf(kept) ?? {};
    if (renew) return renewalOf(renew, type);
    const programme = query.get('programme');
    return { fields: givenFields(type, query), ...(programme ? { programmes: [programme] } : {}) };
  });
  return (
    <Read of={status}>
      {({ member }) => (
        <Read of={packs}>
          {(read) => (
            <Read of={start}>
              {(from) => (
                <RecordForm key={`${type.name} ${renew} ${kept}`} type={type} names={names}
                  member={member} packs={read} from={from} />
              )}
            </Read>
          )}
        </Read>
      )}
    </Read>
  );
}

/// What a link to this form says of its fields (`f.direction=demand`). Personal ones are not taken:
/// an address may be kept and sent on.
function givenFields(type: EventType, query: URLSearchParams): Record<string, Typed> {
  const fields: Record<string, Typed> = {};
  for (const field of type.fields) {
    const given = query.get(`f.${field.name}`);
    if (!given || field.personal) continue;
    if (typeof nothing(fieldType(field.type)) === 'string') {
      fields[field.name] = field.type === 'event' && !/^[0-9a-f]{64}$/.test(given) ? '' : given;
    } else if (field.type === 'list<digest>' && /^[0-9a-f]{64}$/.test(given)) {
      fields[field.name] = [given];
    }
  }
  return fields;
}

/// A renewal: the terms that hold, for as long again, beginning where they end.
async function renewalOf(id: string, type: EventType): Promise<Partial<Draft>> {
  const agreement = await ask<FullAgreement>(`/v1/agreements/${id}`);
  const version =
    agreement.versions.filter((one) => one.verdict === 'effective').at(-1) ?? agreement.versions.at(-1);
  if (!version) return {};
  const { event } = await ask<ListedEvent>(`/v1/events/${version.id}`);
  const left = new Set(['text_hash', 'sign_by', 'signed_on', 'attempt', 'base', 'succession', 'arises_from']);
  const fields: Record<string, Typed> = {};
  for (const field of type.fields) {
    if (!left.has(field.name)) fields[field.name] = typedOf(fieldType(field.type), event?.fields[field.name]);
  }
  const last = version.term?.last ?? version.valid_to;
  if (last) {
    const from = nextDay(last);
    const days = (Date.parse(last) - Date.parse(version.valid_from)) / 86_400_000;
    fields['valid_from'] = from;
    fields['valid_to'] = new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
  }
  fields['renewal_of'] = id;
  fields['sign_by'] = today(kSignDays);
  return { fields, programmes: event?.programmes ?? [] };
}

function nextDay(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

function RecordForm(props: {
  type: EventType;
  names: Names;
  member: string;
  packs: readonly Pack[];
  from: Partial<Draft>;
}) {
  const { type, names, member, packs } = props;
  const dated = type.fact?.date ?? '';
  const departments = departmentsOf(useSession().session);
  const personal = useMemo(
    () => new Set(type.fields.filter((field) => field.personal).map((field) => field.name)),
    [type],
  );
  const [draft, setDraft] = useState<Draft>(() => ({
    id: props.from.id ?? newDraftId(),
    type: type.name,
    changed: '',
    occurred_on: props.from.occurred_on ?? '',
    programmes:
      props.from.programmes ??
      packs
        .filter(({ indicator }) => indicator.some((one) => one.types?.includes(type.name)))
        .map(({ pack }) => pack.id),
    fields: {
      ...blank(type, institutionName(member, names)),
      ...departmentField(type, member, departments),
      ...props.from.fields,
    },
    keepPersonal: props.from.keepPersonal ?? false,
  }));
  const [files, setFiles] = useState<Sealed[]>([]);
  const [attached, setAttached] = useState<Sealed[]>([]);
  const [strict, setStrict] = useState(false);
  const [kept, setKept] = useState<boolean>();
  const [signing, setSigning] = useState(false);
  useEffect(() => {
    if (draft.changed === '') return;
    const timer = setTimeout(() => setKept(keepDraft(draft, personal, files)), kSaveMs);
    return () => clearTimeout(timer);
  }, [draft, files]);
  const change = (more: Partial<Draft>) => {
    setKept(undefined);
    setDraft((old) => ({ ...old, ...more, changed: new Date().toISOString() }));
  };
  const setField = (name: string, typed: Typed) =>
    setDraft((old) => ({
      ...old,
      fields: { ...old.fields, [name]: typed },
      changed: new Date().toISOString(),
    }));
  const agreement = type.name === 'collaboration-agreement';
  const { fields, personal: values, faults } = readFields(type, draft.fields, names);
  const written = draft.occurred_on === '' ? String(fields[dated] ?? today()) : writtenDate(draft.occurred_on);
  const setting: Setting = {
    names,
    strict,
    records: useRecords(names, member, type),
    addFile: (file) => setFiles((old) => [...old, file]),
  };
  const event: EventJson = {
    type: type.name,
    occurred_on: written ?? '',
    programmes: draft.programmes,
    fields,
    ...(Object.keys(values).length > 0 ? { personal: values } : {}),
    ...(attached.length > 0 ? { evidence: attached.map((file) => file.digest) } : {}),
  };
  const used = JSON.stringify(fields);
  const effects = mayMove(packs, type.name, fields, draft.programmes);
  const review = (submitted: Event) => {
    submitted.preventDefault();
    setStrict(true);
    if (faults.size === 0 && written) {
      setSigning(true);
      return;
    }
    const first = type.fields.find((field) => faults.has(field.name))?.name ?? 'occurred_on';
    const place = document.getElementById(`f-${first}-field`);
    place?.scrollIntoView({ block: 'center' });
    place?.querySelector<HTMLElement>('input,select,textarea')?.focus();
  };
  const title = titled(type.title, type.name);
  const path = <a href={to(['new'])}>{t('newRecord')}</a>;
  if (signing) {
    return (
      <Page title={title} path={path}>
        <Signing names={names} draft={draft.id} keepPersonal={draft.keepPersonal}
          files={[...files.filter((file) => used.includes(file.digest)), ...attached]}
          act={t(agreement ? 'signProposal' : 'signRecord')} back={() => setSigning(false)}
          make={() => prepare(member, [event], agreement ? (id) => [signatureOf(id, fields)] : undefined)}
          done={() => dropDraft(draft.id)}
          more={
            <Effects moves={effects} needs={type.countersign ?? []} event={event} member={member}
              names={names} />
          } />
      </Page>
    );
  }
  const required = type.fields.filter((field) => field.required);
  const more = type.fields.filter((field) => !field.required);
  const isFilled = ({ name, type: text }: Field) =>
    props.from.fields?.[name] !== undefined &&
    JSON.stringify(props.from.fields[name]) !== JSON.stringify(nothing(fieldType(text)));
  const input = (field: Field) => (
    <FormField key={field.name} id={`f-${field.name}`} title={titled(field.title, field.name)}
      type={fieldType(field.type)} required={field.required ?? false}
      personal={field.personal ?? false} hint={current() === 'en' ? field.note : undefined} setting={setting}
      plainDigest={field.name === 'text_hash'}
      typed={draft.fields[field.name] ?? nothing(fieldType(field.type))}
      change={(typed) => setField(field.name, typed)} />
  );
  return (
    <Page title={title} path={path} lead={t('inNameOf', { member: institutionName(member, names) })}>
      <form class="form" noValidate onSubmit={review} autocomplete="off">
        <DepartmentHint type={type} fields={fields} member={member} names={names} />
        {required.map(input)}
        <FormField id="f-occurred_on" title={t('occurred')} type={{ kind: 'date' }} required={false}
          setting={setting} typed={draft.occurred_on}
          hint={t(dated ? 'occurredFollows' : 'occurredToday', {
            field: titled(type.fields.find((field) => field.name === dated)?.title, dated),
          })}
          change={(typed) => change({ occurred_on: String(typed) })} />
        {more.length > 0 && (
          <details open={more.some(isFilled)}>
            <summary>{t('moreFields', { count: more.length })}</summary>
            {more.map(input)}
          </details>
        )}
        <Programmes packs={packs} chosen={draft.programmes}
          change={(programmes) => change({ programmes })} />
        <Attachments files={attached} add={(file) => setAttached((old) => [...old, file])}
          remove={(file) => setAttached((old) => old.filter((one) => one !== file))} />
        {personal.size > 0 && (
          <label class="tick">
            <input type="checkbox" checked={draft.keepPersonal}
              onChange={(e) => change({ keepPersonal: e.currentTarget.checked })} />
            {t('keepPersonal')}
          </label>
        )}
        <Duplicates type={type} fields={fields} names={names} member={member} />
        <Effects moves={effects} needs={type.countersign ?? []} event={event} member={member} names={names} />
        {strict && faults.size > 0 && (
          <p class="notice bad" role="alert">
            {t('faults', {
              count: faults.size,
              fields: list(
                type.fields.filter((f) => faults.has(f.name)).map((f) => titled(f.title, f.name)),
              ),
            })}
          </p>
        )}
        <p class="line act">
          <button type="submit" class="first">
            {t('review')}
          </button>
          <button type="button" class="plain" onClick={() => {
            dropDraft(draft.id);
            go(['new']);
          }}>
            {t('discard')}
          </button>
          <span class="quiet" role="status">
            {kept === true && t('draftKept')}
            {kept === false && t('draftNotKept')}
          </span>
        </p>
      </form>
    </Page>
  );
}

/// Of an agreement, who proposes signs: as `hefu agreement propose` does.
function signatureOf(id: string, fields: Record<string, unknown>): EventJson {
  return {
    type: 'agreement-signature',
    record: id,
    fields: { version: id, attempt: fields['attempt'] ?? 1 },
  };
}

/// Before anything is typed: the institution in its own place, and a deadline for signatures.
function blank(type: EventType, member: string): Record<string, Typed> {
  const fields: Record<string, Typed> = {};
  const first = type.fields.find((field) => /^(list<)?party>?$/.test(field.type) && field.required);
  if (first) fields[first.name] = first.type === 'party' ? member : [member, ''];
  if (type.name === 'collaboration-agreement') fields['sign_by'] = today(kSignDays);
  return fields;
}

/// Of an account of one department: that department where the type says whose a record is.
function departmentField(
  type: EventType,
  member: string,
  departments: readonly string[] | undefined,
): Record<string, Typed> {
  const field = type.fields.find((one) => one.name === type.fact?.org && one.type === 'party');
  const [only, ...others] = departments ?? [];
  return field && only && others.length === 0 ? { [field.name]: `${member}/${only}` } : {};
}

/// Records a field may refer to: those of our own, if the form refers to any.
function useRecords(names: Names, member: string, type: EventType): { id: string; label: string }[] {
  const refers = type.fields.some((field) => field.type.includes('event'));
  const asked = useAsked<{ records: RecordSummary[] }>(
    refers ? at('/v1/records', { party: member, limit: kRecordsMax }) : null,
    askOnce<{ records: RecordSummary[] }>,
  );
  return (asked.data?.records ?? []).map((record) => ({
    id: record.id,
    label: [record.title, typeTitle(record.type, names), record.occurred_on].filter(Boolean).join(' · '),
  }));
}

function Programmes(props: {
  packs: readonly Pack[];
  chosen: readonly string[];
  change: (programmes: string[]) => void;
}) {
  if (props.packs.length === 0) return null;
  return (
    <fieldset class="field">
      <legend>{t('programmes')}</legend>
      <div class="answer ticks">
        {props.packs.map(({ pack }) => (
          <label key={pack.id} class="tick">
            <input type="checkbox" checked={props.chosen.includes(pack.id)}
              onChange={(event) =>
                props.change(
                  event.currentTarget.checked
                    ? [...props.chosen, pack.id].sort()
                    : props.chosen.filter((one) => one !== pack.id),
                )
              } />
            {titled(pack.title, pack.id)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/// Documents that show it: their salted hashes go into the event.
export function Attachments(props: {
  files: readonly Sealed[];
  add: (file: Sealed) => void;
  remove: (file: Sealed) => void;
}) {
  return (
    <fieldset class="field">
      <legend>{t('documents')}</legend>
      <div class="answer">
        {props.files.length > 0 && (
          <ul class="plain-list">
            {props.files.map((file) => (
              <li key={file.digest}>
                {file.name} <span class="mono quiet">{file.digest.slice(0, 12)}…</span>{' '}
                <button type="button" class="plain" aria-label={`${t('remove')} ${file.name}`}
                  onClick={() => props.remove(file)}>
                  ✕
                </button>
              </li>
            ))}
          </ul>
        )}
        <FileAdder add={props.add} />
        <p class="hint">{t('documentsHint')}</p>
      </div>
    </fieldset>
  );
}

function FileAdder(props: { add: (file: Sealed) => void }) {
  const [said, setSaid] = useState('');
  const id = useId();
  const choose = async (files: readonly File[]) => {
    for (const file of files) {
      const sealed = await hashFile(file, true);
      if (sealed) props.add(sealed);
      setSaid(sealed ? '' : t('fileUnread', { name: file.name }));
    }
  };
  if (!canHash()) return <p class="hint">{t('noHashes')}</p>;
  return (
    <>
      <FileButton id={id} title={t('addDocuments')} several choose={(files) => void choose(files)} />
      {said && <p class="wrong">{said}</p>}
    </>
  );
}

/// Records of this type that say the same already, or nearly.
function Duplicates(props: {
  type: EventType;
  fields: Record<string, unknown>;
  names: Names;
  member: string;
}) {
  const { type, fields, names } = props;
  const telling = type.fields.filter(
    (field) => field.required && !field.personal && !field.type.includes('digest'),
  );
  const parties = partiesIn(fields).filter((party) => party !== props.member);
  const enough = parties.length > 0 || telling.some((f) => f.type === 'text' && fields[f.name]);
  const known = useAsked<{ events: ListedEvent[] }>(
    enough ? at('/v1/events', { type: type.name, limit: kRecordsMax }) : null,
  ).data;
  if (!known) return null;
  const like = known.events.flatMap(({ id, event }) => {
    if (!event || event.record) return [];
    const others = new Set([event.issuer, ...partiesIn(event.fields)]);
    if (!others.has(props.member) || !parties.every((party) => others.has(party))) return [];
    const given = telling.filter((field) => fields[field.name] !== undefined);
    const same = given.filter(
      (field) => JSON.stringify(event.fields[field.name]) === JSON.stringify(fields[field.name]),
    );
    const differs = given.filter((field) => !same.includes(field));
    const wholly = given.length === telling.length && differs.length === 0;
    const nearly = same.length >= 2 && differs.length <= 1 && given.length >= 3;
    return wholly || nearly ? [{ id, event, wholly, differs }] : [];
  });
  if (like.length === 0) return null;
  return (
    <div class="notice warn" role="status">
      <strong>{t(like.some((one) => one.wholly) ? 'sameExists' : 'similarExists')}</strong>
      <ul class="plain-list">
        {like.slice(0, 5).map(({ id, event, wholly, differs }) => (
          <li key={id}>
            <Badge tone={wholly ? 'bad' : 'warn'}>{t(wholly ? 'same' : 'similar')}</Badge>{' '}
            <a href={to(['record', id])}>{event.occurred_on}</a>{' '}
            {institutionName(event.issuer, names)}
            {!wholly && differs.length > 0 && (
              <span class="quiet">
                {' '}
                {t('differsIn', { fields: list(differs.map((f) => titled(f.title, f.name))) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/// Of an account that speaks for departments: which, and whether this record says that it is theirs.
function DepartmentHint(props: {
  type: EventType;
  fields: Record<string, unknown>;
  member: string;
  names: Names;
}) {
  const { type, member, names } = props;
  const own = departmentsOf(useSession().session);
  if (!own) return null;
  const places = type.fields.filter((field) => !field.personal && /\bparty\b(?!-)/.test(field.type));
  const named = unitsIn(props.fields, member);
  const theirs = named.length > 0 && named.every((unit) => own.includes(unit));
  return (
    <div class={theirs ? 'notice departments' : 'notice warn departments'} role="status">
      <p>{t('handsInFor', { departments: list(own.map((unit) => departmentName(unit, member, names))) })}</p>
      {!theirs && (
        <p>
          {places.length === 0
            ? t('noDepartmentField')
            : t('nameDepartment', { fields: list(places.map((field) => titled(field.title, field.name))) })}
        </p>
      )}
    </div>
  );
}

/// Units of an institution anywhere in the fields.
function unitsIn(fields: Record<string, unknown>, institution: string): string[] {
  const found = JSON.stringify(fields).matchAll(/"([0-9A-Z]{18})\/([0-9A-Za-z_-]{1,32})"/g);
  return [...new Set([...found].flatMap(([, of, unit]) => (of === institution && unit ? [unit] : [])))];
}

/// Credit codes anywhere in the fields.
function partiesIn(fields: Record<string, unknown>): string[] {
  const found = JSON.stringify(fields).match(/"[0-9A-HJ-NPQRTUWXY]{18}(?=["/])/g) ?? [];
  return [...new Set(found.map((one) => one.slice(1)))];
}

