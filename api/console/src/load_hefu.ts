// Where the console has the worker and the module: files of this node, named by the build.

import { loadFrom } from './hefu';
import { unpack } from './unpack';

declare const WORKER_PATH: string;
declare const MODULE_PATH: string;

/// The page's policy admits one maker of script addresses, and it makes this one (../../console.h).
interface ScriptAddress {
  createScriptURL: (address: string) => string;
}
declare const trustedTypes:
  | { createPolicy: (name: string, rules: ScriptAddress) => ScriptAddress }
  | undefined;

function workerAddress(): string {
  if (typeof trustedTypes === 'undefined') return WORKER_PATH;
  return trustedTypes
    .createPolicy('hefu-worker', { createScriptURL: () => WORKER_PATH })
    .createScriptURL(WORKER_PATH);
}

export function takeHefuFromNode(): void {
  let address: string | undefined; // a policy may be made once
  loadFrom({
    worker: () => new Worker((address ??= workerAddress())),
    module: async () => {
      const answer = await fetch(MODULE_PATH, { credentials: 'same-origin', redirect: 'error' });
      if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
      return unpack(answer.body);
    },
  });
}
