// C2SP tlog-proof as the node gives it: read for people, and the inclusion path recomputed. The
// signatures are not checked here.

export interface Signature {
  name: string;
  at?: string;
}

export interface Proof {
  index: number;
  hashes: string[];
  origin: string;
  size: number;
  root: string;
  signatures: Signature[];
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/// A cosignature carries its time: key id (4 bytes), seconds (8 bytes, big-endian), signature.
/// Source: C2SP tlog-cosignature.
function cosignedAt(base64: string): string | undefined {
  const bytes = decode(base64);
  if (bytes.length !== 76) return undefined;
  const seconds = new DataView(bytes.buffer).getBigUint64(4);
  return new Date(Number(seconds) * 1000).toISOString();
}

export function readProof(text: string): Proof | undefined {
  const lines = text.split('\n');
  const index = /^index (\d+)$/.exec(lines[1] ?? '');
  const blank = lines.indexOf('');
  if (lines[0] !== 'c2sp.org/tlog-proof@v1' || !index || blank < 2) return undefined;
  const [origin = '', size = '', root = ''] = lines.slice(blank + 1);
  const signatures: Signature[] = [];
  for (const line of lines.slice(blank + 4)) {
    const [dash, name, bytes] = line.split(' ');
    if (dash !== '—' || !name || !bytes) continue;
    const at = cosignedAt(bytes);
    signatures.push(at ? { name, at } : { name });
  }
  return {
    index: Number(index[1]),
    hashes: lines.slice(2, blank),
    origin,
    size: Number(size),
    root,
    signatures,
  };
}

/// The same proof with the event's envelope in it (the line "extra"), so that it can be verified
/// from the one file. Source: C2SP tlog-proof.
export function withEnvelope(proof: string, envelope: string): string {
  return envelope ? proof.replace('\n', `\nextra ${envelope}\n`) : proof;
}

async function hash(...parts: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
}

/// True if the envelope is the leaf `proof.index` of the tree under `proof.root`. undefined where
/// the browser offers no hashes (not over HTTPS, not on loopback). Source: RFC 9162 §2.1.3.2.
export async function pathHolds(proof: Proof, envelope: string): Promise<boolean | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const leaf = new Uint8Array([0]);
  const node = new Uint8Array([1]);
  let fn = BigInt(proof.index);
  let sn = BigInt(proof.size) - 1n;
  if (fn > sn) return false;
  let found = await hash(leaf, decode(envelope));
  for (const text of proof.hashes) {
    if (sn === 0n) return false;
    const sibling = decode(text);
    if (fn % 2n === 1n || fn === sn) {
      found = await hash(node, sibling, found);
      while (fn % 2n === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      found = await hash(node, found, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  const root = decode(proof.root);
  return sn === 0n && root.length === found.length && root.every((byte, i) => byte === found[i]);
}
