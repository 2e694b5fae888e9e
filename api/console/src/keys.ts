// The keys that are open in this page: in memory only, inside the module, until the page goes, a
// button is pressed, or nobody has touched the page for a while. Nothing of them is kept anywhere.

import { useEffect, useState } from 'preact/hooks';
import { askOnce, type Member, type Status } from './api';
import { closeKey, openKey, type OpenKey } from './hefu';
import type { Title } from './language';

/// A key that is open, and whose it is by the charter in force.
export interface Desk {
  key: OpenKey;
  role: string; ///< "registrar", "seal", …; '' if the charter names no such key
  member: string; ///< whose it is; '' if nobody's
  name: Title | undefined;
  here: boolean; ///< this node is that member's: what it signs can be submitted here
}

export const kIdleMinutes = 10;
const kIdleMs = kIdleMinutes * 60_000;
const kTouches = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const kFileCharactersMax = 4096;

let open: Desk[] = [];
let why: 'idle' | 'hand' | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function touched(): void {
  clearTimeout(timer);
  timer = open.length > 0 ? setTimeout(() => void lock('idle'), kIdleMs) : undefined;
}

/// Opens a key file. Errors: those of openKey, and a file that cannot be one.
export async function unlock(file: Blob, passphrase: string): Promise<Desk> {
  const text = file.size > kFileCharactersMax ? '' : await file.text();
  const key = await openKey(text, passphrase);
  const twice = open.find((one) => one.key.public === key.public);
  if (twice) {
    await closeKey(key);
    return twice;
  }
  const [{ members }, status] = await Promise.all([
    askOnce<{ members: Member[] }>('/v1/members'),
    askOnce<Status>('/v1/status'),
  ]);
  const owner = members.find((member) => member.keys.some((held) => held.public === key.public));
  const desk: Desk = {
    key,
    role: owner?.keys.find((held) => held.public === key.public)?.role ?? '',
    member: owner?.id ?? '',
    name: owner?.name,
    here: owner?.id === status.member,
  };
  if (open.length === 0) {
    for (const touch of kTouches) addEventListener(touch, touched, { passive: true });
  }
  open = [...open, desk];
  why = undefined;
  touched();
  tell();
  return desk;
}

/// Wipes all open keys.
export async function lock(because: 'idle' | 'hand'): Promise<void> {
  const were = open;
  open = [];
  why = were.length > 0 ? because : why;
  clearTimeout(timer);
  for (const touch of kTouches) removeEventListener(touch, touched);
  tell();
  await Promise.allSettled(were.map((desk) => closeKey(desk.key)));
}

export function useKeys(): { open: readonly Desk[]; locked: 'idle' | 'hand' | undefined } {
  const [, again] = useState(0);
  useEffect(() => {
    const changed = () => again((count) => count + 1);
    listeners.add(changed);
    return () => void listeners.delete(changed);
  }, []);
  return { open, locked: why };
}

// ---- Which key signs what

const kBinding = new Set([
  'collaboration-agreement',
  'agreement-signature',
  'agreement-decline',
  'agreement-termination',
  'agreement-non-renewal',
]);
const kReviewable = new Set([
  'countersignature',
  'rejection',
  'dispute',
  'dispute-response',
  'resolution',
  'finding-response',
  'audit-evidence-provision',
  'audit-evidence-refusal',
]);

/// What a person checked before he signed: the reviewer's, if there is one.
const kApproving = new Set(['figure-approval', 'approval-withdrawal']);
/// What binds the institution, or freezes figures: the seal, where it is kept here.
const kSealing = new Set(['statement', 'statement-decision', 'period-closing']);

/// The roles that may sign an event of a type, the usual one first: as the command line does it.
export function rolesFor(type: string): readonly string[] {
  if (kBinding.has(type)) return ['seal'];
  if (kApproving.has(type)) return ['reviewer', 'registrar', 'seal'];
  if (kSealing.has(type)) return ['seal', 'registrar'];
  return kReviewable.has(type) ? ['registrar', 'reviewer', 'seal'] : ['registrar', 'seal'];
}

/// The open key that signs events of these types together; undefined: none that may.
export function keyFor(types: readonly string[], desks: readonly Desk[]): Desk | undefined {
  const [first = [], ...rest] = types.map(rolesFor);
  const roles = first.filter((role) => rest.every((other) => other.includes(role)));
  for (const role of roles) {
    const desk = desks.find((one) => one.here && one.role === role);
    if (desk) return desk;
  }
  return undefined;
}
