// Drafts of records, kept in this browser. Personal fields are kept only where the author says so;
// files are never kept.

import { toHex } from './hex';
import type { Sealed } from './outbox';
import type { Typed } from './typed';

export interface Draft {
  id: string;
  type: string;
  changed: string; ///< when
  occurred_on: string; ///< as typed
  programmes: string[];
  fields: Record<string, Typed>;
  keepPersonal: boolean;
}

const kPrefix = 'hefu.draft.';
const kDraftsMax = 50;

export function newDraftId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(8)));
}

/// False where the browser keeps nothing. `personal`: names of fields to leave out. The hashes of
/// `files` are left out too: without the salts, which are not kept, they would show nothing.
export function keepDraft(
  draft: Draft,
  personal: ReadonlySet<string>,
  files: readonly Sealed[],
): boolean {
  const lost = new Set(files.filter((file) => file.salt).map((file) => file.digest));
  const fields = Object.fromEntries(
    Object.entries(draft.fields).filter(
      ([name, typed]) =>
        (draft.keepPersonal || !personal.has(name)) && !(typeof typed === 'string' && lost.has(typed)),
    ),
  );
  try {
    for (const old of drafts().slice(kDraftsMax)) dropDraft(old.id);
    localStorage.setItem(kPrefix + draft.id, JSON.stringify({ ...draft, fields }));
    return true;
  } catch {
    return false;
  }
}

export function draftOf(id: string): Draft | undefined {
  try {
    const text = localStorage.getItem(kPrefix + id);
    const draft = text ? (JSON.parse(text) as Draft) : undefined;
    return draft && typeof draft.type === 'string' && typeof draft.fields === 'object' ? draft : undefined;
  } catch {
    return undefined;
  }
}

/// The last changed first.
export function drafts(): Draft[] {
  const found: Draft[] = [];
  try {
    for (let i = 0; i < localStorage.length; ++i) {
      const key = localStorage.key(i) ?? '';
      const draft = key.startsWith(kPrefix) ? draftOf(key.slice(kPrefix.length)) : undefined;
      if (draft) found.push(draft);
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => b.changed.localeCompare(a.changed));
}

export function dropDraft(id: string): void {
  try {
    localStorage.removeItem(kPrefix + id);
  } catch {
    // nothing is kept where storage is forbidden
  }
}
