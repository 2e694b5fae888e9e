// Rows of a spreadsheet on their way: which were sent before, what titles meant the last time, and
// the signing and sending in parts. The node reads and checks the sheet; what is signed is made here.

import { askText, send, at, type CheckedSheet } from './api';
import { prepareEvents, signEvents, type EventJson, type OpenKey } from './hefu';
import { toHex } from './hex';
import { deliver, pack, parcels, type Receipt } from './outbox';

/// Events under one signature: as many as the module signs at once.
const kSignedMax = 10_000;
/// Events in one request, as `hefu sheet import` sends them: an interruption costs at most these.
const kPartEvents = 500;
const kLayouts = 'hefu.layouts';
const kLayoutsMax = 50;
const kRows = 'hefu.rows.';

export type Mapping = Record<string, string>; ///< title → field; "-": leave the column out

export type SheetRow = CheckedSheet['events'][number];

export function checkSheet(
  type: string,
  file: Blob,
  programme: string,
  map: Mapping,
): Promise<CheckedSheet> {
  const query = new URLSearchParams({
    ...(programme ? { programme } : {}),
    ...(Object.keys(map).length > 0 ? { map: JSON.stringify(map) } : {}),
  }).toString();
  const path = at(`/v1/sheets/${encodeURIComponent(type)}`) + (query ? `?${query}` : '');
  return send<CheckedSheet>(path, 'application/octet-stream', file);
}

// ---- What titles mean

function layouts(): Record<string, Mapping> {
  try {
    return JSON.parse(localStorage.getItem(kLayouts) ?? '{}') as Record<string, Mapping>;
  } catch {
    return {};
  }
}

function layoutOf(sheet: CheckedSheet): string {
  return [sheet.type, ...sheet.titles].join('\n');
}

export function rememberedMapping(sheet: CheckedSheet): Mapping | undefined {
  return layouts()[layoutOf(sheet)];
}

export function rememberMapping(sheet: CheckedSheet, map: Mapping): void {
  const kept = Object.entries(layouts()).filter(([name]) => name !== layoutOf(sheet));
  const all = [...kept, [layoutOf(sheet), map] as const].slice(-kLayoutsMax);
  try {
    localStorage.setItem(kLayouts, JSON.stringify(Object.fromEntries(all)));
  } catch {
    // storage is forbidden or full: it is asked again
  }
}

// ---- Which rows this browser has signed

interface Book {
  key: string; ///< hex; so that what a row says is not found by trying
  rows: string[];
}

function readBook(name: string): Book {
  try {
    const kept = JSON.parse(localStorage.getItem(kRows + name) ?? 'null') as Book | null;
    if (kept) return kept;
  } catch {
    // not one of ours
  }
  return { key: toHex(crypto.getRandomValues(new Uint8Array(32))), rows: [] };
}

function writeBook(name: string, book: Book): void {
  try {
    localStorage.setItem(kRows + name, JSON.stringify(book));
  } catch {
    // storage is forbidden or full: what the log says in clear is still compared
  }
}

/// The name of a row in the book; '' where the browser offers no hashes.
async function nameOf(book: Book, event: EventJson): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return '';
  const said = new TextEncoder().encode(book.key + JSON.stringify(event));
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', said))).slice(0, 32);
}

export interface Sorted {
  fresh: SheetRow[]; ///< to be signed
  before: number; ///< in the log, or signed here, already
  alike: number; ///< of `fresh`: the log has one that differs in personal fields at most
}

/// Parts the rows into new ones and those that are recorded already.
export async function sortRows(member: string, sheet: CheckedSheet): Promise<Sorted> {
  const book = readBook(`${member}.${sheet.type}`);
  const signed = new Set(book.rows);
  const sorted: Sorted = { fresh: [], before: 0, alike: 0 };
  for (const row of sheet.events) {
    const name = await nameOf(book, row.event);
    if ((row.held !== null && !sheet.personal) || (name && signed.has(name))) {
      sorted.before += 1;
    } else {
      sorted.fresh.push(row);
      sorted.alike += row.held !== null ? 1 : 0;
    }
  }
  return sorted;
}

/// Takes a list of envelopes apart: two bytes of length before each (api/envelope_list.h).
function envelopesOf(list: Uint8Array): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let from = 0; from + 2 <= list.length; ) {
    const end = from + 2 + (((list[from] ?? 0) << 8) | (list[from + 1] ?? 0));
    all.push(list.subarray(from, end));
    from = end;
  }
  return all;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/// Signs the rows, at most 10,000 under a signature, and sends them in parts, each kept in this browser
/// until the node has it. `tell`: how many rows the node has by now. A row is in the book from when
/// its envelope is kept; refused parts leave it again.
export async function recordRows(
  key: OpenKey,
  member: string,
  type: string,
  rows: readonly SheetRow[],
  tell: (done: number, receipt: Receipt) => void,
): Promise<void> {
  const catalogue = await askText('/v1/catalogue');
  const name = `${member}.${type}`;
  let done = 0;
  for (let from = 0; from < rows.length; from += kSignedMax) {
    const events = rows.slice(from, from + kSignedMax).map((row) => row.event as EventJson);
    const prepared = await prepareEvents({ catalogue, issuer: member, events });
    const signed = await signEvents(key, prepared.events);
    const envelopes = envelopesOf(signed.envelopes);
    for (let begin = 0; begin < events.length; begin += kPartEvents) {
      const end = Math.min(begin + kPartEvents, events.length);
      const ids = signed.ids.slice(begin, end);
      const parcel = pack(
        prepared.events.slice(begin, end),
        prepared.disclosures.filter((one) => ids.includes(one.event)),
        { ids, envelopes: joined(envelopes.slice(begin, end)) },
        { files: [], keepPersonal: false },
      );
      const book = readBook(name);
      const names = await Promise.all(events.slice(begin, end).map((event) => nameOf(book, event)));
      writeBook(name, { ...book, rows: [...book.rows, ...names.filter(Boolean)] });
      try {
        const receipt = await deliver(parcel, () => undefined);
        done += ids.length;
        tell(done, receipt);
      } catch (why) {
        if (!parcels().some((one) => one.id === parcel.id)) {
          const refused = new Set(names);
          writeBook(name, { ...book, rows: book.rows.filter((row) => !refused.has(row)) });
        }
        throw why;
      }
    }
  }
}
