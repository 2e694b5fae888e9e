// What a file is that somebody was given, by what is in it: names and endings say nothing.

import { fromBase64 } from './base64';

export type Given =
  | { kind: 'bundle'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'receipt' | 'fork' | 'charter'; text: string }
  | { kind: 'event'; envelope: Uint8Array<ArrayBuffer> };

/// As the module bounds it (tools/wasm/call.h).
export const kFileBytesMax = 64 * 1024 * 1024;

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/// GET /v1/events/{id}, saved: the envelope in it.
function envelopeOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const read = JSON.parse(text) as { envelope?: unknown } | null;
    return typeof read?.envelope === 'string' ? fromBase64(read.envelope) : undefined;
  } catch {
    return undefined;
  }
}

/// undefined: nothing that can be verified here. A file with the ending of a bundle is one, however
/// damaged: that is what its verdict says then.
export function inspect(bytes: Uint8Array<ArrayBuffer>, name: string): Given | undefined {
  if (startsWith(bytes, 'hefu-bundle/') || name.endsWith('.hefu')) return { kind: 'bundle', bytes };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  if (text.startsWith('c2sp.org/tlog-proof@')) return { kind: 'receipt', text };
  if (text.startsWith('tlog-fork-proof/')) return { kind: 'fork', text };
  if (text.startsWith('hefu/charter/')) return { kind: 'charter', text };
  const envelope = envelopeOf(text);
  return envelope && { kind: 'event', envelope };
}
