// What is signed goes out through here. The envelopes are kept until the node has them: pressing
// twice, a lost answer or a reload sends the same envelopes, and the node answers with the same
// receipt. Envelopes are what stands in the log; values of personal fields stay in memory unless
// the author keeps them.

import { Refusal, send } from './api';
import { fromBase64, toBase64 } from './base64';
import type { Disclosure, Prepared, PreparedEvent, Signed } from './hefu';

export interface Receipt {
  level: Level;
  origin: string;
  size: number;
  checkpoint: string | null;
  receipts: { event: string; index: number; proof?: string }[];
}

export const levels = ['stored', 'replicated', 'witnessed'] as const;
export type Level = (typeof levels)[number];

/// A document whose salted hash was recorded: whoever keeps the salt can show that it is this one.
export interface Sealed {
  name: string;
  digest: string;
  salt?: string;
}

export interface Parcel {
  id: string; ///< of the first event
  ids: string[];
  types: string[];
  envelopes: string; ///< base64
  files: Sealed[];
  signed_at: string;
  draft?: string; ///< that it came from
  disclosures: Disclosure[];
  receipt?: Receipt;
}

const kPrefix = 'hefu.out.';
/// More events than this are not proved in the answer: their proofs are asked for one by one.
const kProvedMax = 100;
const kTries = 10; // a node waits some seconds itself before it says that others are slow
const kPauseMs = 3000;
const kType = 'application/x-hefu-envelopes';
const kPersonal = new Map<string, Disclosure[]>(); // by parcel, of values that are not kept

// Values that are nowhere else yet would be lost with the page.
addEventListener('beforeunload', (event) => {
  if ([...kPersonal.values()].some((openings) => openings.length > 0)) event.preventDefault();
});

/// Answers by which a node says that it will not take this, however often it is sent.
const kFinal = new Set([400, 401, 403, 413, 415, 422]);

function write(parcel: Parcel): void {
  try {
    localStorage.setItem(kPrefix + parcel.id, JSON.stringify(parcel));
  } catch {
    // storage is forbidden or full: the parcel lasts as long as the page
  }
}

export function pack(
  prepared: readonly PreparedEvent[],
  disclosures: readonly Disclosure[],
  signed: Signed,
  more: { files: Sealed[]; draft?: string; keepPersonal: boolean },
): Parcel {
  const id = signed.ids[0] ?? '';
  const parcel: Parcel = {
    id,
    ids: signed.ids,
    types: prepared.map((one) => one.event.type),
    envelopes: toBase64(signed.envelopes),
    files: more.files,
    signed_at: new Date().toISOString(),
    disclosures: more.keepPersonal ? [...disclosures] : [],
    ...(more.draft ? { draft: more.draft } : {}),
  };
  kPersonal.set(id, [...disclosures]);
  write(parcel);
  return parcel;
}

/// Parcels that have not arrived as far as they should, the oldest first.
export function parcels(): Parcel[] {
  const found: Parcel[] = [];
  try {
    for (let i = 0; i < localStorage.length; ++i) {
      const key = localStorage.key(i) ?? '';
      if (!key.startsWith(kPrefix)) continue;
      try {
        found.push(JSON.parse(localStorage.getItem(key) ?? '') as Parcel);
      } catch {
        localStorage.removeItem(key); // not one of ours
      }
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => a.signed_at.localeCompare(b.signed_at));
}

export function forget(id: string): void {
  kPersonal.delete(id);
  try {
    localStorage.removeItem(kPrefix + id);
  } catch {
    // see write()
  }
}

/// Hands a parcel to the node and waits until it is as safe as it gets (of many events: until others
/// hold them), telling each step. Values
/// of personal fields follow as soon as the node has the events. May be called again at any time.
export async function deliver(parcel: Parcel, tell: (receipt: Receipt) => void): Promise<Receipt> {
  const body = fromBase64(parcel.envelopes);
  let receipt: Receipt | undefined;
  let short = 0;
  const last = parcel.ids.length > kProvedMax ? levels.indexOf('replicated') : levels.length - 1;
  // The node takes what opens personal fields once the events stand in its log: not at `stored`.
  const sealed = (kPersonal.get(parcel.id) ?? parcel.disclosures).length > 0;
  for (let next = sealed ? 1 : 0; next <= last; ++next) {
    const level = levels[next] ?? 'stored';
    try {
      receipt = await send<Receipt>(`/v1/events?ack=${level}`, kType, body);
    } catch (why) {
      if (!parcel.receipt && why instanceof Refusal && kFinal.has(why.status)) forget(parcel.id);
      throw why;
    }
    if (await handOver(parcel)) parcel = { ...parcel, disclosures: [] };
    parcel = { ...parcel, receipt };
    write(parcel);
    tell(receipt);
    if (levels.indexOf(receipt.level) < levels.indexOf(level)) {
      if (++short > kTries) break; // too few others: it is witnessed later, by itself
      await new Promise((resolve) => setTimeout(resolve, kPauseMs));
      next -= 1;
    }
  }
  if (!receipt) throw new Refusal('', '', 0);
  if (levels.indexOf(receipt.level) >= last && !(kPersonal.get(parcel.id)?.length ?? 0)) forget(parcel.id);
  return receipt;
}

/// Hands over what opens the personal fields. A node takes it once the events stand in its log,
/// which may be a moment after they are stored: until then, false.
async function handOver(parcel: Parcel): Promise<boolean> {
  const openings = kPersonal.get(parcel.id) ?? parcel.disclosures;
  if (openings.length > 0) {
    try {
      await send('/v1/disclosures', 'application/json', JSON.stringify(openings));
    } catch (why) {
      if (why instanceof Refusal && why.status === 404) return false;
      throw why;
    }
  }
  kPersonal.delete(parcel.id);
  return true;
}

/// The receipt as a file: what the log said, what was signed, and the salts of the documents.
export function receiptFile(parcel: Parcel, receipt: Receipt): Blob {
  const { envelopes, files, ids, types, signed_at } = parcel;
  const text = JSON.stringify({ ...receipt, signed_at, types, ids, envelopes, documents: files }, null, 2);
  return new Blob([`${text}\n`], { type: 'application/json' });
}

/// All events of several preparations, and what opens their personal fields.
export function together(parts: readonly Prepared[]): Prepared {
  return {
    events: parts.flatMap((part) => part.events),
    disclosures: parts.flatMap((part) => part.disclosures),
  };
}
