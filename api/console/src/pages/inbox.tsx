// What waits for my institution: what each thing says, how it will count, and the answer, signed
// here. Several can be signed at once, with one signature.

import { useState } from 'preact/hooks';
import {
  ask,
  askOnce,
  at,
  useAsked,
  useNames,
  type FullAgreement,
  type FullRecord,
  type Inbox,
  type InboxItem,
  type InboxKind,
  type ListedEvent,
  type Names,
  type Status,
} from '../api';
import { Fields } from '../fields';
import type { EventJson } from '../hefu';
import { keyFor, useKeys } from '../keys';
import { t } from '../language';
import type { Sealed } from '../outbox';
import { Outgoing } from '../outgoing';
import { Badge, Institution, institutionName, Page, Read, Section, typeTitle, When } from '../parts';
import { to } from '../route';
import { prepare, Signing } from '../signing';
import type { Word } from '../texts';
import { declineOf, signatureOn } from './acts';
import { daysUntil } from './agreements';
import { CountsNow } from './effects';
import { Attachments } from './new';

const kLimit = 500;

const kGroups: { kinds: InboxKind[]; title: Word; many?: { sign: Word; refuse: Word } }[] = [
  { kinds: ['agreement-signature'], title: 'toSign', many: { sign: 'signSelected', refuse: 'declineSelected' } },
  { kinds: ['countersignature'], title: 'toConfirm', many: { sign: 'confirmSelected', refuse: 'rejectSelected' } },
  { kinds: ['dispute-response', 'resolution'], title: 'toAnswer' },
  { kinds: ['audit-evidence-provision', 'finding-response'], title: 'toProvide' },
];

/// What is being signed: the events, made when it is known which.
interface Job {
  act: Word;
  make: () => Promise<EventJson[]>;
  files: Sealed[];
  items: InboxItem[];
}

export function InboxPage() {
  const names = useNames();
  const status = useAsked<Status>('/v1/status', askOnce<Status>);
  const member = status.data?.member ?? '';
  const inbox = useAsked<Inbox>(at('/v1/inbox', { limit: kLimit }), ask);
  const [job, setJob] = useState<Job>();
  const { open } = useKeys();
  const close = () => {
    setJob(undefined);
    inbox.again();
  };
  if (job) {
    const [only] = job.items;
    return (
      <Page key="job" title={t('inbox')} lead={t('answering', { count: job.items.length })}>
        <Signing names={names} act={t(job.act)} files={job.files} back={close} known={knownBy(job.items, names)}
          make={async () => prepare(member, await job.make())}
          more={job.items.length === 1 && only ? <HowItCounts item={only} /> : undefined} />
      </Page>
    );
  }
  return (
    <Page key="list" title={t('inbox')} lead={member && t('inboxOf', { member: institutionName(member, names) })}
      actions={
        <button type="button" onClick={inbox.again}>
          {t('readAgain')}
        </button>
      }>
      <Outgoing />
      <Read of={inbox}>
        {({ items, total, elsewhere = 0 }) => (
          <>
            {!keyFor(['countersignature'], open) && !keyFor(['agreement-signature'], open) && total > 0 && (
              <p class="notice">
                {t('openKeyFirst')} <a href={to(['key'])}>{t('openKey')}</a>
              </p>
            )}
            {total === 0 && <p class="quiet">{t('inboxEmpty')}</p>}
            {kGroups.map((group) => (
              <Group key={group.title} {...group} member={member} names={names} start={setJob}
                items={items.filter((item) => group.kinds.includes(item.kind))} />
            ))}
            {elsewhere > 0 && <p class="quiet">{t('inboxElsewhere', { count: elsewhere })}</p>}
            {total > items.length && <p class="quiet">{t('inboxMore', { count: total - items.length })}</p>}
          </>
        )}
      </Read>
    </Page>
  );
}

/// What the events are that an answer speaks of, in the words of the list.
function knownBy(items: readonly InboxItem[], names: Names): Map<string, string> {
  return new Map(
    items.flatMap((item) => {
      const what = item.text ?? [item.title, typeTitle(item.type, names)].filter(Boolean).join(' · ');
      const said = [what, institutionName(item.from, names), item.occurred_on].filter(Boolean).join(' · ');
      return [
        [item.record, said] as const,
        [item.about, said] as const,
      ];
    }),
  );
}

function HowItCounts(props: { item: InboxItem }) {
  const { kind, record } = props.item;
  const wanted = kind === 'countersignature' || kind === 'agreement-signature';
  const read = useAsked<FullRecord>(wanted ? `/v1/records/${record}` : null).data;
  if (!read) return null;
  return (
    <section class="effects">
      <h2>{t('willCount')}</h2>
      <CountsNow record={read} />
    </section>
  );
}

function Group(props: {
  kinds: InboxKind[];
  title: Word;
  many?: { sign: Word; refuse: Word };
  items: InboxItem[];
  member: string;
  names: Names;
  start: (job: Job) => void;
}) {
  const { items, many, names, start } = props;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [refusing, setRefusing] = useState(false);
  const [reason, setReason] = useState('');
  if (items.length === 0) return null;
  const picked = items.filter((item) => chosen.has(item.about));
  const all = picked.length === items.length;
  const sign = () =>
    start({
      act: many?.sign === 'signSelected' ? 'signNow' : 'confirmNow',
      items: picked,
      files: [],
      make: () => Promise.all(picked.map((item) => yes(item, props.member))),
    });
  const refuse = (event: Event) => {
    event.preventDefault();
    start({
      act: 'refuseNow',
      items: picked,
      files: [],
      make: () => Promise.all(picked.map((item) => Promise.resolve(no(item, reason.trim())))),
    });
  };
  return (
    <Section title={t(props.title)} note={String(items.length)}>
      {many && (
        <div class="line bulk">
          <label class="tick">
            <input type="checkbox" checked={all}
              onChange={() => setChosen(new Set(all ? [] : items.map((item) => item.about)))} />
            {t('selectAll')}
          </label>
          <button type="button" class="first" disabled={picked.length === 0} onClick={sign}>
            {t(many.sign, { count: picked.length })}
          </button>
          <button type="button" disabled={picked.length === 0} aria-expanded={refusing}
            onClick={() => setRefusing(!refusing)}>
            {t(many.refuse)}
          </button>
        </div>
      )}
      {refusing && picked.length > 0 && (
        <form class="form narrow" onSubmit={refuse}>
          <div class="field">
            <label for={`why-${props.title}`}>{t('reason')}</label>
            <div class="answer">
              <textarea id={`why-${props.title}`} required rows={2} value={reason}
                onInput={(event) => setReason(event.currentTarget.value)} />
              <p class="hint">{t('reasonHint')}</p>
            </div>
          </div>
          <button type="submit" disabled={reason.trim() === ''}>
            {t('refuseCount', { count: picked.length })}
          </button>
        </form>
      )}
      <ul class="rows items">
        {items.map((item) => (
          <Item key={item.about} item={item} names={names} start={start}
            chosen={many ? chosen.has(item.about) : undefined}
            choose={(yes) => {
              const next = new Set(chosen);
              if (yes) next.add(item.about);
              else next.delete(item.about);
              setChosen(next);
            }} />
        ))}
      </ul>
    </Section>
  );
}

function Item(props: {
  item: InboxItem;
  names: Names;
  chosen: boolean | undefined;
  choose: (yes: boolean) => void;
  start: (job: Job) => void;
}) {
  const { item, names, chosen } = props;
  const [open, setOpen] = useState(false);
  const title = item.title ?? typeTitle(item.type, names);
  const place =
    item.type === 'collaboration-agreement'
      ? to(['agreement', item.record])
      : item.type === 'audit-engagement'
        ? to(['audit', item.record])
        : to(['record', item.record]);
  return (
    <li>
      {chosen !== undefined && (
        <input type="checkbox" checked={chosen} aria-label={`${t('select')} ${title}`}
          onChange={(event) => props.choose(event.currentTarget.checked)} />
      )}
      <div class="grow">
        <a href={place}>{title}</a>
        <span class="under quiet">
          {item.title && `${typeTitle(item.type, names)} · `}
          <Institution id={item.from} names={names} /> · {item.occurred_on}
        </span>
        {item.text && <p class="text said">{item.text}</p>}
        <button type="button" class="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'lessAbout' : props.chosen === undefined ? 'answerThis' : 'moreAbout')}
        </button>
        {open && <Details item={item} names={names} start={props.start} />}
      </div>
      <span class="date">
        {item.due ? <Due on={item.due} /> : <When at={item.since} relative />}
      </span>
    </li>
  );
}

function Due(props: { on: string }) {
  const days = daysUntil(props.on);
  return (
    <Badge tone={days < 0 ? 'bad' : days <= 7 ? 'warn' : 'calm'}>
      {days < 0 ? t('overdue', { days: -days }) : days === 0 ? t('dueToday') : t('dueIn', { days })}
    </Badge>
  );
}

/// What is asked, in plain words, with the record itself and how it counts; or the form of an answer.
function Details(props: { item: InboxItem; names: Names; start: (job: Job) => void }) {
  const { item, names } = props;
  switch (item.kind) {
    case 'countersignature':
    case 'agreement-signature':
      return <AboutRecord item={item} names={names} />;
    case 'dispute-response':
      return <AnswerForm item={item} start={props.start} field="answer" />;
    case 'resolution':
      return <RulingForm item={item} start={props.start} />;
    case 'finding-response':
      return <FindingForm item={item} start={props.start} />;
    case 'audit-evidence-provision':
      return <EvidenceForm item={item} names={names} start={props.start} />;
  }
}

function AboutRecord(props: { item: InboxItem; names: Names }) {
  const { item, names } = props;
  const record = useAsked<FullRecord>(`/v1/records/${item.record}`);
  // Of an agreement, the version that is to be signed, which need not be the one that holds.
  const version = useAsked<ListedEvent>(
    item.kind === 'agreement-signature' ? `/v1/events/${item.about}` : null,
    askOnce<ListedEvent>,
  ).data;
  return (
    <Read of={record}>
      {(read) => (
        <div class="about">
          <p>
            {t(item.kind === 'agreement-signature' ? 'plainSign' : 'plainConfirm', {
              who: institutionName(item.from, names),
              what: typeTitle(item.type, names),
              by: item.due ?? '',
            })}
          </p>
          <Fields event={version?.event ?? read.event} names={names} />
          <CountsNow record={read} />
        </div>
      )}
    </Read>
  );
}

function Text(props: { id: string; title: Word; value: string; set: (text: string) => void; needed?: boolean }) {
  return (
    <div class="field">
      <label for={props.id}>{t(props.title)}</label>
      <div class="answer">
        <textarea id={props.id} rows={3} value={props.value} required={props.needed ?? false}
          onInput={(event) => props.set(event.currentTarget.value)} />
      </div>
    </div>
  );
}

function AnswerForm(props: { item: InboxItem; field: string; start: (job: Job) => void }) {
  const { item } = props;
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    props.start({
      act: 'answerNow',
      items: [item],
      files: [],
      make: async () => [
        { type: item.kind, record: item.record, fields: { target: item.about, [props.field]: text.trim() } },
      ],
    });
  };
  return (
    <form class="form narrow" onSubmit={submit}>
      <Text id={`a-${item.about}`} title="answer" value={text} set={setText} needed />
      <button type="submit" disabled={text.trim() === ''}>
        {t('review')}
      </button>
    </form>
  );
}

function RulingForm(props: { item: InboxItem; start: (job: Job) => void }) {
  const { item } = props;
  const [ruling, setRuling] = useState('');
  const [reason, setReason] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    props.start({
      act: 'ruleNow',
      items: [item],
      files: [],
      make: async () => [
        {
          type: 'resolution',
          record: item.record,
          fields: { target: item.about, ruling, ...(reason.trim() ? { reason: reason.trim() } : {}) },
        },
      ],
    });
  };
  return (
    <form class="form narrow" onSubmit={submit}>
      <Select id={`r-${item.about}`} title="ruling" value={ruling} set={setRuling}
        of={[
          ['upheld', 'upheld'],
          ['dismissed', 'dismissedRuling'],
        ]} />
      <Text id={`y-${item.about}`} title="reason" value={reason} set={setReason} />
      <button type="submit" disabled={ruling === ''}>
        {t('review')}
      </button>
    </form>
  );
}

function Select(props: {
  id: string;
  title: Word;
  value: string;
  set: (value: string) => void;
  of: [string, Word][];
}) {
  return (
    <div class="field">
      <label for={props.id}>{t(props.title)}</label>
      <div class="answer">
        <select id={props.id} value={props.value} required
          onChange={(event) => props.set(event.currentTarget.value)}>
          <option value="">{t('choose')}</option>
          {props.of.map(([value, title]) => (
            <option key={value} value={value}>
              {t(title)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function FindingForm(props: { item: InboxItem; start: (job: Job) => void }) {
  const { item } = props;
  const [position, setPosition] = useState('');
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    props.start({
      act: 'answerNow',
      items: [item],
      files: [],
      make: async () => [
        { type: 'finding-response', fields: { finding: item.about, position, answer: text.trim() } },
      ],
    });
  };
  return (
    <form class="form narrow" onSubmit={submit}>
      <Select id={`p-${item.about}`} title="position" value={position} set={setPosition}
        of={[
          ['accepted', 'positionAccepted'],
          ['partly-accepted', 'positionPartly'],
          ['contested', 'positionContested'],
        ]} />
      <Text id={`a-${item.about}`} title="answer" value={text} set={setText} needed />
      <button type="submit" disabled={position === '' || text.trim() === ''}>
        {t('review')}
      </button>
    </form>
  );
}

function EvidenceForm(props: { item: InboxItem; names: Names; start: (job: Job) => void }) {
  const { item } = props;
  const [files, setFiles] = useState<Sealed[]>([]);
  const [text, setText] = useState('');
  const provides = files.length > 0;
  const submit = (event: Event) => {
    event.preventDefault();
    const about = { request: item.about, items: item.items ?? [] };
    props.start({
      act: provides ? 'provideNow' : 'refuseNow',
      items: [item],
      files,
      make: async () => [
        provides
          ? {
              type: 'audit-evidence-provision',
              fields: {
                ...about,
                documents: files.map((file) => file.digest),
                ...(text.trim() ? { remark: text.trim() } : {}),
              },
            }
          : { type: 'audit-evidence-refusal', fields: { ...about, reason: text.trim() } },
      ],
    });
  };
  return (
    <form class="form narrow" onSubmit={submit}>
      <ul class="plain-list">
        {(item.items ?? []).map((id) => (
          <li key={id}>
            <a href={to(['record', id])}>
              {t('record')} <span class="mono">{id.slice(0, 12)}</span>
            </a>
          </li>
        ))}
      </ul>
      <Attachments files={files} add={(file) => setFiles((old) => [...old, file])}
        remove={(file) => setFiles((old) => old.filter((one) => one !== file))} />
      <Text id={`e-${item.about}`} title={provides ? 'remark' : 'reasonToRefuse'} value={text} set={setText} />
      <button type="submit" disabled={!provides && text.trim() === ''}>
        {t(provides ? 'reviewProvision' : 'reviewRefusal')}
      </button>
    </form>
  );
}

// ---- The events, as the command line makes them

/// Confirms the version that holds now, or signs the version that is open.
async function yes(item: InboxItem, member: string): Promise<EventJson> {
  if (item.kind === 'agreement-signature') {
    const agreement = await ask<FullAgreement>(`/v1/agreements/${item.record}`);
    return signatureOn(agreement, item.about, member);
  }
  return { type: 'countersignature', record: item.record, fields: { target: item.about } };
}

function no(item: InboxItem, reason: string): EventJson {
  if (item.kind === 'agreement-signature') return declineOf(item.record, item.about, reason);
  return { type: 'rejection', record: item.record, fields: { target: item.about, reason } };
}
