// What the node is asked, and what is sent to it.

import { useEffect, useState } from 'preact/hooks';
import type { Title } from './language';
import { Refusal, refusal, request } from './refusal';
import { changedSince, headersOf, present } from './session';

const kTriesMax = 5;

export { Refusal };

/// Everything the pages ask and send goes through here: with the session's token against forgery;
/// and what is refused because the session is over waits until somebody has signed in again.
async function call(path: string, how: RequestInit = {}): Promise<Response> {
  for (let tries = 0; ; ++tries) {
    const session = await present();
    const headers = { ...(how.headers as Record<string, string>), ...headersOf(session, how.method ?? 'GET') };
    const answer = await request(path, { ...how, headers });
    if (answer.ok) return answer;
    const why = await refusal(answer);
    const unknown = why.status === 401 || (why.status === 403 && why.right === '');
    if (!unknown || tries >= kTriesMax || !(await changedSince(session))) throw why;
  }
}

export async function ask<T>(path: string): Promise<T> {
  return (await (await call(path)).json()) as T;
}

export async function askText(path: string): Promise<string> {
  return (await call(path)).text();
}

/// Hands the node bytes or JSON, and reads its answer.
export async function send<T>(path: string, type: string, body: BodyInit): Promise<T> {
  const answer = await call(path, { method: 'POST', headers: { 'Content-Type': type }, body });
  kept.clear(); // what was asked before may have changed by it
  return (await answer.json()) as T;
}

/// Asks for a file by a request with a body.
export async function fetchFile(path: string, body: unknown): Promise<{ file: Blob; name: string }> {
  const answer = await call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  // RFC 5987: the name in UTF-8, with everything but letters and digits as %XX.
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition') ?? '');
  return { file: await answer.blob(), name: decodeURIComponent(named?.[1] ?? 'report') };
}

/// A path with its query; parameters that are empty are left out.
export function at(path: string, query: Record<string, string | number | undefined> = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

// What changes rarely and every page needs is asked once in a minute.
const kept = new Map<string, { at: number; answer: Promise<unknown> }>();
const kKeepMs = 60_000;

export function askOnce<T>(path: string): Promise<T> {
  const found = kept.get(path);
  if (found && Date.now() - found.at < kKeepMs) return found.answer as Promise<T>;
  const answer = ask<T>(path);
  kept.set(path, { at: Date.now(), answer });
  answer.catch(() => kept.delete(path));
  return answer;
}

export interface Asked<T> {
  data?: T;
  error?: Refusal;
  again: () => void;
}

/// Asks when `key` changes, and every `everyMs`. What was there stays until the new answer is; an
/// answer that comes after the next question is dropped. No key: nothing is asked.
export function useAsked<T>(
  key: string | null,
  how: (key: string) => Promise<T> = ask,
  everyMs = 0,
): Asked<T> {
  const [result, setResult] = useState<{ key: string; data?: T; error?: Refusal }>({ key: '' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (key === null) return;
    let wanted = true;
    const run = () => {
      how(key).then(
        (data) => wanted && setResult({ key, data }),
        (error: unknown) =>
          wanted &&
          setResult({
            key,
            error: error instanceof Refusal ? error : new Refusal(String(error), '', 0),
          }),
      );
    };
    run();
    const timer = everyMs > 0 ? setInterval(run, everyMs) : undefined;
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [key, round, everyMs]);
  const mine = result.key === key ? result : {};
  const again = () => {
    setResult((before) => (before.error ? { key: '' } : before)); // a try is seen to be one
    setRound(round + 1);
  };
  return { ...mine, again };
}

// ---- Documents (api/openapi.json)

export interface Condition {
  state: string;
  code: string;
  since: string;
  detail?: string;
}

export interface Status {
  program: string;
  federation: string;
  name: string;
  member: string;
  name_zh: string;
  name_en: string;
  quorum: number;
  participation: string;
  revision: number;
  settled: boolean;
  forks: number;
  log: {
    origin: string;
    size: number;
    cosigned_size: number;
    writing: boolean;
    waiting?: number;
    staged?: number;
    copies?: number;
    reason?: string;
    hint?: string;
    recovery?: { ended: string | null; heard: string[]; needed: number };
  };
  peers: {
    member: string;
    address: string;
    condition: Condition;
    heard: string | null;
    own_size: number;
    behind: number;
  }[];
  logs: {
    member: string;
    origin: string;
    size: number;
    checkpoint_size: number;
    cosigned_size: number;
    condition: Condition;
    heard: string | null;
    behind: number;
  }[];
}

export interface Member {
  id: string;
  name: Title;
  domain: string;
  origin: string;
  participation: string;
  keys: { role: string; public: string }[];
}

export interface Field {
  name: string;
  type: string;
  title?: Title;
  required?: boolean;
  personal?: boolean;
  note?: string;
}

export interface EventType {
  name: string;
  title: Title;
  description?: string;
  visibility?: string;
  countersign?: string[];
  fact?: { date?: string; actor?: string; org?: string };
  fields: Field[];
  lifecycle?: { states?: string[] };
}

export interface PackEntry {
  id: string;
  version: string;
  digest: string;
}

export interface PackIndicator {
  id: string;
  title: Title;
  types?: string[];
  where?: string;
  quote?: string;
  source?: { clause?: string; doc?: string };
  interpretation?: Title;
  evidence?: { min?: string; independent?: boolean };
  target?: { period?: string }[];
}

export interface Pack {
  pack: {
    id: string;
    version: string;
    title: Title;
    valid?: { from?: string; to?: string };
    source?: { doc?: string };
  };
  indicator: PackIndicator[];
}

export interface Ladder {
  claimed: number;
  confirmed: number;
  disputed: number;
  rejected: number;
  ended: number;
  E0: number;
  E1: number;
  E2: number;
  E3: number;
  E4: number;
  counted: Record<Grade, number>;
}

export type Grade = 'E0' | 'E1' | 'E2' | 'E3' | 'E4';
export const grades: readonly Grade[] = ['E0', 'E1', 'E2', 'E3', 'E4'];

export interface Fraction {
  num: number | string;
  den: number | string;
}

export interface Figure {
  indicator: string;
  title: Title;
  unit: string;
  shown: string;
  value: Fraction | null;
  parts?: { num: Fraction; den: Fraction };
  colour: string;
  pattern: string;
  targets: { target: string; kind: string; verdict: string; attainment: Fraction | null }[];
  ladder: Ladder;
  excluded: Record<string, number>;
  counted: string[];
  left_out: { id: string; reason: string; grade: string }[];
  owner: { lead: string[]; coop: string[] };
  additive: boolean;
  small_cell: boolean;
}

export interface Figures {
  cut: string;
  missing: string[];
  pack: { id: string; version: string; digest: string; title: Title };
  period: string;
  unit: string | null;
  indicators: Figure[];
  units: { unit: string; parent: string | null; shown: Record<string, string> }[];
  adds_up: Record<string, boolean>;
  asserts?: { id: string; severity: string; verdict: string; detail: string }[];
}

export interface LedgerEvent {
  type: string;
  issuer: string;
  occurred_on: string;
  programmes?: string[];
  created_at?: string;
  record?: string;
  supersedes?: string;
  visibility?: string;
  catalogue?: string;
  fields: Record<string, unknown>;
  commitments?: Record<string, string>;
  evidence?: string[];
}

export interface ListedEvent {
  id: string;
  log: string;
  index: number;
  event: LedgerEvent | null;
  recorded_by: string | null;
  envelope?: string;
}

export interface RecordSummary {
  id: string;
  type: string;
  issuer: string;
  occurred_on: string;
  state: string;
  standing: string;
  missing: string[];
  title?: string;
}

export interface Answer {
  event: string;
  party: string;
  required: boolean;
  role: string;
  remark?: string;
  occurred_on: string;
  recorded_by?: string;
  guest?: { name: string; introduced_by: string[] };
}

export interface FullRecord {
  id: string;
  type: string;
  issuer: string;
  state: string;
  standing: string;
  confirmed?: string;
  opened_at: { log: string; index: number; recorded_by?: string };
  event: LedgerEvent;
  versions: string[];
  required: string[];
  missing: string[];
  countersignatures: Answer[];
  rejections: Answer[];
  disputes: { event: string; party: string; claim: string; open: boolean }[];
  attachments: { event: string; party: string; digest: string; media_type?: string }[];
  retraction?: { event: string; reason: string };
  problems: { event: string; type: string; issuer: string; reason: string; detail?: string }[];
}

export interface AgreementRow {
  id: string;
  title?: string;
  state: string;
  proposer: string;
  parties: string[];
  versions: number;
  sign_by: string;
  valid_from: string;
  valid_to?: string;
  notice_days: number;
  renews_itself: boolean;
  signed: string[];
  missing: string[];
  contests: number;
  last?: string;
  phase?: { on: string; state: string };
}

export interface FullAgreement {
  id: string;
  state: string;
  as_of?: string;
  versions: {
    id: string;
    base?: string;
    attempt: number;
    proposer: string;
    parties: string[];
    signers: string[];
    sign_by: string;
    valid_from: string;
    valid_to?: string;
    notice_days: number;
    arbiter: string;
    verdict: string;
    completed?: string;
    renews_itself?: { months: number; notice_days: number; times: number };
    signatures: {
      party: string;
      status: string;
      signed: boolean;
      reason?: string;
      signature?: string;
      witnessed?: string;
    }[];
    phase?: { on: string; state: string; contested: boolean };
    term?: { from: string; last?: string; cause: string };
  }[];
  contests: { id: string; kind: string; party: string; claim: string; open: boolean }[];
  acts: {
    id: string;
    kind: string;
    party: string;
    version: string;
    status: string;
    reason?: string;
    witnessed?: string;
  }[];
}

export type InboxKind =
  | 'countersignature'
  | 'agreement-signature'
  | 'dispute-response'
  | 'resolution'
  | 'audit-evidence-provision'
  | 'finding-response';

export interface InboxItem {
  kind: InboxKind;
  record: string;
  about: string;
  type: string;
  from: string;
  title?: string;
  text?: string;
  occurred_on?: string;
  due?: string;
  since?: string;
  items?: string[];
}

export interface Inbox {
  member: string;
  total: number;
  elsewhere?: number; ///< what waits for other departments than the account's
  items: InboxItem[];
}

export interface Signals {
  from: string;
  to: string;
  signals: {
    kind: string;
    title: Title;
    institutions: string[];
    records: string[];
    amount: number;
    unit: string;
    detail: string;
  }[];
}

export interface Listing {
  id: string;
  issuer: string;
  direction: string;
  category: string;
  title: string;
  summary: string;
  quantity?: number;
  industry_codes?: string[];
  place_division?: string;
  valid_from: string;
  valid_to: string;
  availability: string;
  state: string;
  standing: string;
  repost_of?: string;
  recorded_by?: string;
  matches: { total: number; agreed: number };
  found?: string[];
  points?: number;
}

export interface ListingPage {
  on: string;
  words: string[];
  total: number;
  left_out: number;
  listings: Listing[];
  next: string | null;
}

export interface Recommendations {
  rule: string;
  segmentation: string;
  on: string;
  listing: Listing;
  total: number;
  recommendations: {
    listing: Listing;
    points: number;
    reasons: { kind: string; points: number; values: string[]; zh: string; en: string }[];
  }[];
  next: string | null;
}

export interface ListingCourse {
  on: string;
  listing: Listing;
  complete: boolean;
  days_to_first_match?: number;
  steps: {
    record: RecordSummary;
    depth: number;
    parties: string[];
    of?: string;
    field?: string;
    names?: boolean;
    result?: string;
  }[];
}

// ---- Plans and reports

export interface FormEntry {
  name: string;
  title: string;
  limit: number;
  personal: boolean;
}

export interface Form {
  form: string;
  title: string;
  pack: string;
  source: string;
  undertaking: boolean;
  published: boolean;
  entries: FormEntry[];
}

export interface PaperCell {
  text: string;
  across: number;
  down: number;
  title: boolean;
  written: boolean;
}

export interface PaperPart {
  kind: 'title' | 'heading' | 'line' | 'note' | 'break' | 'table';
  text: string;
  widths?: number[];
  title_rows?: number;
  rows?: PaperCell[][];
}

export interface PaperFigure {
  where: string;
  indicator: string;
  period: string;
  title: string;
  shown: string;
  target: string;
  verdict: string;
  claimed: string;
  confirmed: string;
  disputed: string;
  grades: string;
  text: string;
  record: string;
}

/// A filled form.
export interface Paper {
  title: string;
  source: string;
  unit: string;
  period: string;
  pack: string;
  version: string;
  cut: string;
  undertaking: string;
  parts: PaperPart[];
  figures: PaperFigure[];
}

export interface ClosingAct {
  event: string;
  by: string;
  on: string;
  recorded_by: string | null;
  status: string;
  why: string | null;
}

export interface ProposedCut extends ClosingAct {
  pack: string;
  as_of: string;
  cut: string;
  missing: string[];
  cosigned: Record<string, string>;
  quorum: number;
}

export interface Statement extends ClosingAct {
  proposal: string;
  cut: string;
  figures: string;
  reproduced: boolean | null;
  decision: string | null;
  decisions: (ClosingAct & { verdict: string; reason: string | null })[];
}

export interface ClosingUnit {
  unit: string | null; ///< null: the whole programme
  parent: string | null;
  institution: string | null;
  speaker: string;
  level: string;
  figures: string;
  approval: string | null;
  rests_on: string[];
  waits_for: string[];
}

export interface ClosingAt {
  proposal: string;
  cut: string;
  pack_digest: string;
  units: ClosingUnit[];
  violated: { id: string; detail: string }[];
  next: {
    vintage: number;
    previous: string | null;
    cosignatures: string[];
    figures: string;
    earliest: string;
    refusal: string | null;
  };
}

/// The cut a node reads now, as far as a proposal of it goes.
export interface CutNow {
  proposal: {
    cut: string;
    logs: { origin: string; size: number; root: string; anchor: number }[];
    missing: string[];
  };
}

export interface Closings {
  pack: string;
  period: string;
  authority: string;
  closings: (ClosingAct & {
    vintage: number;
    cut: string;
    as_of: string | null;
    reproduced: boolean | null;
    reason: string | null;
  })[];
  approvals: (ClosingAct & {
    unit: string | null;
    level: string;
    proposal: string;
    withdrawn: string | null;
  })[];
  statements: Statement[];
  cuts: ProposedCut[];
  at?: ClosingAt;
}

export interface Backups {
  folder: string;
  keep: number;
  running: boolean;
  error: string | null;
  hint: string | null;
  backups: { id: number; made: string; bytes: number; logs: Record<string, number> }[];
  verified: { id: number; at: string } | null;
}

export interface Operations {
  now: string;
  disk: {
    folder_bytes: number;
    free_bytes: number | null;
    bytes_in_a_year: number | null;
    full_on: string | null;
    kinds: { kind: string; bytes: number }[];
    members: {
      member: string;
      origin: string;
      entries: number;
      bytes: number;
      entries_in_a_year: number | null;
      bytes_in_a_year: number | null;
    }[];
  };
  keys: {
    member: string;
    role: string;
    public: string;
    from: string | null;
    to: string | null;
    state: string;
  }[];
  backups: Backups | { reason: string; hint: string };
}

/// A sheet as the node read and checked it.
export interface CheckedSheet {
  type: string;
  sheet: string;
  encoding: string;
  header: number;
  titles: string[];
  titles_good: boolean;
  columns: { column: string; title: string; field: string }[];
  rows: number;
  good: number;
  errors: number;
  formulas: number;
  personal: boolean;
  findings: { place: string; row: number; error: boolean; zh: string; en: string }[];
  events: { row: number; event: { type: string; [more: string]: unknown }; held: number | null }[];
}

// ---- What every page reads by: names of institutions, titles of types and fields

export interface Names {
  institutions: Map<string, Title>;
  types: Map<string, EventType>;
}

async function readNames(): Promise<Names> {
  const [members, catalogue, protocol, registrations] = await Promise.all([
    askOnce<{ members: Member[] }>('/v1/members'),
    askOnce<{ types: EventType[] }>('/v1/catalogue'),
    askOnce<{ types: EventType[] }>('/v1/catalogue/protocol'),
    // Institutions without a node: as they, or those who certify them, registered them.
    askOnce<{ events: ListedEvent[] }>(
      at('/v1/events', { type: 'institution-registration', limit: 1000 }),
    ).catch(() => ({ events: [] as ListedEvent[] })),
  ]);
  const institutions = new Map<string, Title>();
  for (const { event } of registrations.events) {
    const id = event?.fields['institution_id'];
    const name = event?.fields['legal_name'];
    if (typeof id === 'string' && typeof name === 'string') {
      institutions.set(id, { zh: name, en: name });
    }
  }
  for (const member of members.members) institutions.set(member.id, member.name);
  const types = [...protocol.types, ...catalogue.types].map((type) => [type.name, type] as const);
  return { institutions, types: new Map(types) };
}

export function useNames(): Names {
  const nobody: Names = { institutions: new Map(), types: new Map() };
  return useAsked('names', readNames).data ?? nobody;
}
