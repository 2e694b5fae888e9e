// The worker that holds the module: takes a question, calls the module, gives the answer back.

import { Module } from './hefu_module';

/// The module's bytes, once and first; then questions.
export type WorkerQuestion =
  | { module: ArrayBuffer }
  | { number: number; method: string; request: Record<string, unknown> };

/// `dead`: the module has ended, and what it held is gone.
export interface WorkerAnswer {
  number: number;
  result?: unknown;
  error?: { code: string; message: string; hint: string };
  dead?: boolean;
}

// The library of types has no worker beside a page.
const page = globalThis as unknown as {
  onmessage: (event: MessageEvent<WorkerQuestion>) => void;
  postMessage: (answer: WorkerAnswer) => void;
};

let module: Promise<Module> | undefined;

async function answer(question: WorkerQuestion): Promise<void> {
  if ('module' in question) {
    module = Module.load(question.module);
    return;
  }
  const { number, method, request } = question;
  try {
    if (!module) throw new Error('no module was given');
    const said = (await module).call(method, request);
    page.postMessage('error' in said ? { number, error: said.error } : { number, result: said.result });
  } catch (failed) {
    const message = `the module has ended: ${failed instanceof Error ? failed.message : String(failed)}`;
    page.postMessage({ number, error: { code: 'unavailable', message, hint: '' }, dead: true });
  }
}

page.onmessage = (event) => void answer(event.data);
