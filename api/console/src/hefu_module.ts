// The WebAssembly module itself, without any page: loads it and calls it. tests/wasm drives it in
// Node.js as the worker does in the browser.

import { toBase64 } from './base64';

interface Exports {
  memory: WebAssembly.Memory;
  _initialize: () => void;
  hefu_buffer: (bytes: number) => number;
  hefu_call: () => number;
  hefu_answer_bytes: () => number;
}

export type Said =
  | { result: unknown }
  | { error: { code: string; message: string; hint: string } };

/// The request as the module reads it: bytes become base64.
function write(method: string, request: Record<string, unknown>): Uint8Array {
  const text = JSON.stringify({ method, request }, (_, value: unknown) =>
    value instanceof Uint8Array ? toBase64(value) : value,
  );
  return new TextEncoder().encode(text);
}

export class Module {
  private constructor(private readonly exports: Exports) {}

  static async load(bytes: BufferSource): Promise<Module> {
    let exports: Exports | undefined;
    const ended = (code: number): never => {
      throw new Error(`it stopped itself (${code})`);
    };
    const { instance } = await WebAssembly.instantiate(bytes, {
      hefu: {
        // Salts and nonces come from the browser. Source: W3C Web Cryptography §10.1.1, at most
        // 65,536 bytes a call; the module asks for at most 64.
        random: (at: number, length: number): void => {
          if (exports) crypto.getRandomValues(new Uint8Array(exports.memory.buffer, at, length));
        },
      },
      env: { emscripten_notify_memory_growth: () => undefined },
      wasi_snapshot_preview1: {
        proc_exit: ended,
        // Output has nowhere to go: what there is to say is in the answer.
        fd_write: () => 8,
        fd_close: () => 8,
        fd_seek: () => 8,
      },
    });
    exports = instance.exports as unknown as Exports;
    exports._initialize();
    return new Module(exports);
  }

  call(method: string, request: Record<string, unknown>): Said {
    const question = write(method, request);
    const start = this.exports.hefu_buffer(question.length);
    if (start === 0) {
      const message = `the request has ${question.length} bytes, more than the module takes`;
      return { error: { code: 'too-large', message, hint: 'the command line reads larger files' } };
    }
    new Uint8Array(this.exports.memory.buffer, start, question.length).set(question);
    question.fill(0); // a passphrase may be in it; the module wipes its own copy
    const answer = this.exports.hefu_call();
    const said = new Uint8Array(this.exports.memory.buffer, answer, this.exports.hefu_answer_bytes());
    return JSON.parse(new TextDecoder().decode(said)) as Said;
  }
}
