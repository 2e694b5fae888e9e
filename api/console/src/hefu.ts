// Hefu's own C++ in the browser: the code that `hefu bundle verify` and `hefu event append` run,
// compiled to WebAssembly, in a worker of its own so that the page does not freeze. It asks no
// server for anything; a key that is opened stays inside and is never given out.
//
// Everything here waits for the module, which is loaded with the first question.

import type { Figures } from './api';
import { fromBase64 } from './base64';
import type { WorkerAnswer, WorkerQuestion } from './hefu_worker';

// ---- What the module says (tools/wasm/README.md)

/// What the module refuses. `code` as in the API: invalid, too-large, unauthorised, …
export class HefuError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/// good: everything holds and nothing is missing; incomplete: nothing wrong was found, but not
/// everything could be checked; bad: something does not hold.
export type Verdict = 'good' | 'incomplete' | 'bad';

export interface Check {
  outcome: 'good' | 'bad' | 'not-checked';
  subject: string;
  text: string;
}

/// As `hefu --json bundle verify` prints it. `figures`: recomputed here from the events alone.
export interface BundleAnswer {
  level: number; ///< 0 to 4: how much it shows, and so how much it may claim
  claim: string; ///< what that level says of the figures; empty if it may not
  verdict: Verdict;
  checks: Check[];
  figures?: Figures;
}

/// Of a receipt (.tlog-proof) of an event.
export interface ProofAnswer {
  verdict: Verdict;
  checks: Check[];
  event?: string; ///< id, of the envelope that was given
  origin?: string;
  index?: number;
  size?: number;
}

/// As `hefu --json fork verify` prints it.
export interface ForkAnswer {
  verdict: 'proven' | 'not-proven' | 'unknown-log';
  origin: string;
  member?: string;
  first?: { size: number; root: string };
  second?: { size: number; root: string };
  second_root_at_first_size?: string;
  reason?: string;
}

/// A key that is open inside the module. Close it when its work is done; it is also closed when the
/// page goes.
export interface OpenKey {
  handle: number;
  public: string; ///< base64, 32 bytes
  key_id: string; ///< hex; names the key in envelopes
  label: string; ///< that the key file carries, e.g. "registrar of imust.baotou.example"
}

/// An event in JSON, as `hefu event append` reads it and GET /v1/events/{id} gives it under "event"
/// (ledger/event/event_json.h). Only type, and what the type requires, must be there: issuer and
/// occurred_on are filled from the request. Personal fields go to "personal".
export interface EventJson {
  type: string;
  issuer?: string;
  occurred_on?: string; ///< YYYY-MM-DD
  record?: string;
  supersedes?: string;
  programmes?: string[];
  fields?: Record<string, unknown>;
  personal?: Record<string, unknown>;
  evidence?: string[];
  [more: string]: unknown;
}

/// One line of the account of an event: what it is called, and what it says.
export interface AccountLine {
  name: string; ///< in the event's own terms: "field valid_to"
  title: { zh: string; en: string };
  value: { zh: string; en: string };
  personal?: boolean; ///< sealed: only its commitment goes into the log
}

/// An event ready to be signed.
export interface PreparedEvent {
  id: string; ///< the event's id, hex
  bytes: string; ///< base64; exactly what is signed over, and what `signEvents` takes
  event: EventJson; ///< complete: with nonce, created_at, catalogue and commitments
  account: AccountLine[]; ///< made from `bytes`, for the person who is to sign
}

export interface Disclosure {
  event: string;
  openings: { path: string; value: string; salt: string }[];
}

export interface Prepared {
  events: PreparedEvent[];
  /// The body of POST /v1/disclosures, once the node has the events; empty: nothing is to be sent.
  disclosures: Disclosure[];
}

export interface Signed {
  ids: string[];
  /// The body of POST /v1/events, media type application/x-hefu-envelopes.
  envelopes: Uint8Array<ArrayBuffer>;
}

export interface PrepareRequest {
  /// What GET /v1/catalogue answered, byte for byte (api.ts: askText).
  catalogue: string;
  /// The member in whose name they are: its id, as GET /v1/status says under "member".
  issuer: string;
  events: EventJson[];
  /// Milliseconds since 1970; absent: the browser's clock. Becomes created_at, and occurred_on where
  /// an event has none.
  now?: number;
}

export interface DecodedEvent {
  id: string;
  event: EventJson;
  account: AccountLine[];
  signer?: string; ///< key id, if an envelope was given
}

/// Verifies a bundle. `charter`: the text of a charter the reader got by other means; without one
/// the bundle's own is used and the verdict is at best incomplete.
export function verifyBundle(bundle: Uint8Array<ArrayBuffer>, charter?: string): Promise<BundleAnswer> {
  return ask<BundleAnswer>('bundle.verify', { bundle, ...(charter ? { charter } : {}) });
}

/// Verifies a receipt (.tlog-proof) of the event that `envelope` carries. Without the envelope, and
/// with none in the receipt, the verdict is incomplete at best.
export function verifyProof(
  proof: string,
  envelope: Uint8Array<ArrayBuffer> | undefined,
  charter: string,
): Promise<ProofAnswer> {
  return ask<ProofAnswer>('proof.verify', { proof, ...(envelope ? { envelope } : {}), charter });
}

/// Verifies a fork proof (.tlog-fork-proof) by a charter, or by the keys of logs.
export function verifyFork(proof: string, charter?: string, vkeys: string[] = []): Promise<ForkAnswer> {
  return ask<ForkAnswer>('fork.verify', {
    proof,
    ...(charter ? { charter } : {}),
    ...(vkeys.length > 0 ? { vkeys } : {}),
  });
}

/// Opens a key file (Argon2id: about a second). Errors: unauthorised if the passphrase is wrong.
export function openKey(file: string, passphrase: string): Promise<OpenKey> {
  return ask<OpenKey>('key.open', { file, passphrase });
}

/// Wipes the key from memory.
export async function closeKey(key: OpenKey): Promise<void> {
  await ask('key.close', { key: key.handle });
}

/// Validates events, makes their bytes, salts and ids, and says what they say. Nothing is signed.
/// Errors name the event and the field: "events[0]: field valid_to: not a calendar date".
export function prepareEvents(request: PrepareRequest): Promise<Prepared> {
  return ask<Prepared>('event.prepare', { ...request, now: request.now ?? Date.now() });
}

/// Signs prepared events, all with one signature, byte for byte what `prepareEvents` gave.
export async function signEvents(key: OpenKey, events: readonly PreparedEvent[]): Promise<Signed> {
  const { ids, envelopes } = await ask<{ ids: string[]; envelopes: string }>('event.sign', {
    key: key.handle,
    events: events.map((one) => one.bytes),
  });
  return { ids, envelopes: fromBase64(envelopes) };
}

/// Reads an event's canonical bytes, or an envelope, and says what it says. Signatures are not
/// looked at.
export function decodeEvent(
  given: { event: Uint8Array<ArrayBuffer> } | { envelope: Uint8Array<ArrayBuffer> },
  catalogue?: string,
): Promise<DecodedEvent> {
  return ask<DecodedEvent>('event.decode', { ...given, ...(catalogue ? { catalogue } : {}) });
}

// ---- The worker

/// Where the worker's script and the module are. Set before the first question; the build puts the
/// console's own here.
export interface Source {
  worker: () => Worker;
  module: () => Promise<ArrayBuffer>;
}

let source: Source | undefined;
let worker: Promise<Worker> | undefined;
const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (why: Error) => void }>();
let asked = 0;

export function loadFrom(where: Source): void {
  source = where;
}

function abandon(made: Worker, why: HefuError): void {
  made.terminate();
  worker = undefined; // the next question starts a new one; keys that were open are gone
  for (const one of waiting.values()) one.reject(why);
  waiting.clear();
}

function hear(made: Worker, answer: WorkerAnswer): void {
  const one = waiting.get(answer.number);
  waiting.delete(answer.number);
  if (answer.error) {
    const { code, message, hint } = answer.error;
    one?.reject(new HefuError(code, message, hint));
    if (answer.dead) abandon(made, new HefuError(code, message, hint));
  } else {
    one?.resolve(answer.result);
  }
}

async function start(): Promise<Worker> {
  if (!source) throw new HefuError('unavailable', 'the module is not part of this page', '');
  const made = source.worker();
  made.addEventListener('message', (event: MessageEvent<WorkerAnswer>) => hear(made, event.data));
  made.addEventListener('error', (event) => {
    abandon(made, new HefuError('unavailable', `the worker has ended: ${event.message ?? ''}`, ''));
  });
  const module = await source.module();
  made.postMessage({ module } satisfies WorkerQuestion, [module]);
  return made;
}

async function ask<T>(method: string, request: Record<string, unknown>): Promise<T> {
  worker ??= start();
  let ready: Worker;
  try {
    ready = await worker;
  } catch (failed) {
    worker = undefined;
    throw failed instanceof HefuError
      ? failed
      : new HefuError('unavailable', `the module cannot be loaded: ${String(failed)}`, '');
  }
  const number = ++asked;
  return new Promise<T>((resolve, reject) => {
    waiting.set(number, { resolve: resolve as (answer: unknown) => void, reject });
    ready.postMessage({ number, method, request } satisfies WorkerQuestion);
  });
}
