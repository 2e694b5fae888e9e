/// What gzip packed (RFC 1952), by the browser's own means.
export function unpack(packed: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<ArrayBuffer> {
  return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
