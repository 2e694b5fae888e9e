// Who is signed in, as the node says it. Where a node wants that and nobody is, requests wait until
// somebody has signed in, while the page they come from stays as it is, with all that was typed.

import { useEffect, useState } from 'preact/hooks';
import type { Title } from './language';
import { Refusal, refusal, request } from './refusal';

export interface Session {
  account: string | null;
  kind: string;
  roles: { role: string; department: string; title: Title }[];
  scopes: string[];
  /// Departments it hands in for, by what was signed; null: the whole institution.
  hands_in: { records: string[] | null; reviews: string[] | null };
  must_change_password: boolean;
  sign_in: 'open' | 'required';
  csrf_token: string | null;
  idle_s?: number;
  code?: boolean; ///< a one-time code is asked for
  outside?: boolean; ///< signed in by the institution's single sign-on
  outside_service: string | null; ///< "oidc" or "cas", if the node knows one
}

const kPath = '/v1/session';

let session: Session | undefined;
let owner: string | undefined; // whose page this is: the first who signed in
let reading: Promise<Session> | undefined;
const listeners = new Set<() => void>();

/// Whether requests may go with it.
function suffices(one: Session): boolean {
  return one.account === null ? one.sign_in === 'open' : !one.must_change_password;
}

function take(next: Session): Session {
  if (next.account !== null && owner !== undefined && owner !== next.account) {
    location.reload(); // keys, forms and answers here are another person's
  }
  owner ??= next.account ?? undefined;
  session = next;
  for (const listener of [...listeners]) listener();
  return next;
}

async function whole(answer: Response): Promise<Session> {
  if (!answer.ok) throw await refusal(answer);
  return take((await answer.json()) as Session);
}

/// Asks the node who is signed in.
export function readSession(): Promise<Session> {
  reading ??= request(kPath).then(whole).finally(() => (reading = undefined));
  return reading;
}

/// The session that requests go with. Waits while somebody has to sign in.
export async function present(): Promise<Session> {
  let now = session ?? (await readSession());
  while (!suffices(now)) {
    await new Promise<void>((resolve) => {
      const changed = () => {
        listeners.delete(changed);
        resolve();
      };
      listeners.add(changed);
    });
    now = session ?? now;
  }
  return now;
}

/// Departments that an account with departments records for; undefined: nothing limits it.
export function departmentsOf(one: Session | undefined): readonly string[] | undefined {
  const of = one?.hands_in.records;
  return of && of.length > 0 ? of : undefined;
}

/// True if what `before` was refused may go otherwise now: it is over, or another one has begun.
export async function changedSince(before: Session): Promise<boolean> {
  const now = await readSession();
  return now.csrf_token !== before.csrf_token || !suffices(now);
}

export function headersOf(one: Session, method: string): Record<string, string> {
  return method === 'GET' || one.csrf_token === null ? {} : { 'X-Hefu-Csrf': one.csrf_token };
}

/// What one does with the own session; the node's answer is the new one where it says so.
async function ask(method: string, path: string, body?: object): Promise<Response> {
  const headers = {
    ...(session ? headersOf(session, method) : {}),
    ...(body ? { 'Content-Type': 'application/json' } : {}),
  };
  const answer = await request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

export async function signIn(account: string, password: string, code: string): Promise<void> {
  await whole(await ask('POST', kPath, { account, password, ...(code ? { code } : {}) }));
}

/// Ends the session, and the page with all it holds.
export async function signOut(): Promise<void> {
  try {
    await ask('DELETE', kPath);
  } catch (why) {
    if (!(why instanceof Refusal) || why.status === 0) throw why; // it may still be going on
  }
  location.hash = '';
  location.reload();
}

export async function changePassword(password: string, next: string, code: string): Promise<void> {
  const body = { password, new_password: next, ...(code ? { code } : {}) };
  await whole(await ask('POST', `${kPath}/password`, body));
}

/// A new secret for one-time codes; asked for from when a code of it is confirmed.
export async function offerCode(password: string): Promise<{ secret: string; uri: string }> {
  const answer = await ask('POST', `${kPath}/code`, { password });
  return (await answer.json()) as { secret: string; uri: string };
}

export async function confirmCode(code: string): Promise<void> {
  await ask('POST', `${kPath}/code/confirmation`, { code });
  await readSession();
}

export async function removeCode(password: string, code: string): Promise<void> {
  await ask('DELETE', `${kPath}/code`, { password, code });
  await readSession();
}

/// Where the browser goes for the institution's single sign-on, to come back to `place`.
export function outsideAddress(place: string): string {
  return `${kPath}/outside?${new URLSearchParams({ return_to: place || '#/' }).toString()}`;
}

/// The session as it is now; `wanted`: somebody has to sign in before anything goes on.
export function useSession(): { session: Session | undefined; wanted: boolean; again: boolean } {
  const [, redraw] = useState(0);
  useEffect(() => {
    const changed = () => redraw((count) => count + 1);
    listeners.add(changed);
    // Who signed in, or out, in another tab finds it so here.
    const seen = () => {
      if (document.visibilityState === 'visible' && session && !suffices(session)) {
        readSession().catch(() => undefined); // asked again with the next look
      }
    };
    addEventListener('focus', seen);
    document.addEventListener('visibilitychange', seen);
    return () => {
      listeners.delete(changed);
      removeEventListener('focus', seen);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);
  return {
    session,
    wanted: session !== undefined && !suffices(session),
    again: owner !== undefined && session?.account === null,
  };
}
