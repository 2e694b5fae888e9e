// Documents are hashed here and stay where they are.

import { toHex } from './hex';
import type { Sealed } from './outbox';

const kFileBytesMax = 256 * 1024 * 1024;

/// Whether the browser offers hashes: over HTTPS and on loopback.
export function canHash(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/// Undefined: too large, or it cannot be read. `salted`: SHA-256 of 32 random bytes and the file, so
/// that a document nobody is shown cannot be guessed from the log; the salt goes into the receipt.
export async function hashFile(file: File, salted: boolean): Promise<Sealed | undefined> {
  if (file.size > kFileBytesMax) return undefined;
  let content: Uint8Array;
  try {
    content = new Uint8Array(await file.arrayBuffer());
  } catch {
    return undefined;
  }
  const salt = crypto.getRandomValues(new Uint8Array(salted ? 32 : 0));
  const whole = new Uint8Array(salt.length + content.length);
  whole.set(salt);
  whole.set(content, salt.length);
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
  return salted ? { name: file.name, digest, salt: toHex(salt) } : { name: file.name, digest };
}
