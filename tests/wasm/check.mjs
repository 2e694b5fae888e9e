// The module that the browser runs, against the command: the same verdicts of the same files, whole
// and damaged, of several levels, with Chinese words for all they say; and the same events.
//   node check.mjs MODULE.js WORDS.js DEMO NODE-URL
// MODULE.js, WORDS.js: api/console/src/hefu_module.ts and verdict_words.ts, bundled. DEMO: the folder
// deploy/demo leaves. `hefu` is in PATH.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomInt, webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

const [script, words, demo, url] = process.argv.slice(2);
if (!script || !words || !demo || !url) {
  throw new Error('usage: node check.mjs MODULE.js WORDS.js DEMO NODE-URL');
}
globalThis.crypto ??= webcrypto; // Node.js 18
const { Module } = await import(pathToFileURL(script));
const { claimWords, findingWords, subjectWords } = await import(pathToFileURL(words));
const module = await Module.load(gunzipSync(readFileSync(new URL('../../api/console/wasm/hefu.wasm.gz', import.meta.url))));
const folder = mkdtempSync(join(tmpdir(), 'hefu-wasm-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const done = (what) => console.log(`ok    ${what}`);

function result(method, request) {
  const said = module.call(method, request);
  assert.ok('result' in said, `${method}: ${JSON.stringify(said.error)}`);
  return said.result;
}

function hefu(...words) {
  const { status, stdout, stderr } = spawnSync('hefu', words, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

// ---- Bundles

const charterFile = join(demo, 'charter.note');
const charter = readFileSync(charterFile, 'utf8');
const bundles = ['baotou-2025', 'withheld', 'notice', 'forged', 'flipped'].map((name) => [
  name, readFileSync(join(demo, `${name}.hefu`)),
]);

function compare(name, bytes, trust) {
  const file = join(folder, 'one.hefu');
  writeFileSync(file, bytes);
  const told = hefu('--json', 'bundle', 'verify', file, ...(trust ? ['--trust', charterFile] : []));
  const said = module.call('bundle.verify', { bundle: new Uint8Array(bytes), ...(trust ? { charter } : {}) });
  if ('error' in said) {
    assert.ok(told.stdout === '', `${name}: the module refuses, the command does not: ${said.error.message}`);
    assert.ok(told.stderr.includes(said.error.message), `${name}: ${said.error.message}\n${told.stderr}`);
    return 'refused';
  }
  assert.deepEqual(said.result, JSON.parse(told.stdout), name);
  last = said.result;
  return said.result.verdict;
}
let last; // what compare() was told

/// That a reader of Chinese is told all of it.
function inChinese(name) {
  const han = /\p{Script=Han}/u;
  assert.ok(!last.claim || han.test(claimWords(last.claim, 'zh')), `${name}: ${last.claim}`);
  for (const { subject, text } of last.checks) {
    assert.ok(han.test(subjectWords(subject, 'zh')), `${name}: ${subject}`);
    assert.notEqual(findingWords(text, 'zh'), text, `${name}: ${subject}: ${text}`);
  }
}

const whole = bundles[0][1];
assert.equal(compare('good', whole, true), 'good');
inChinese('good');
assert.equal(compare('without a charter', whole, false), 'incomplete');
inChinese('without a charter');
for (const [name, bytes] of bundles.slice(1)) assert.equal(compare(name, bytes, true), 'bad', name);
done('the demonstration’s bundle and four dishonest copies: the very JSON of the command');

const member = JSON.parse(readFileSync(join(demo, 'university/member.json'), 'utf8')).id;
for (const [level, claim, ...about] of [
  [0, 'declared', '--indicator', 'classes.opened', '--unit', member],
  [4, 'recomputed from everything'],
]) {
  const file = join(folder, `level-${level}.hefu`);
  const made = hefu('--home', join(demo, 'university'), '--node-url', url, 'bundle', 'export',
    '--pack', 'baotou.xdrh', '--period', '2025', '--level', `${level}`, ...about, '--out', file);
  assert.equal(made.status, 0, made.stderr);
  assert.equal(compare(`level ${level}`, readFileSync(file), true), 'good');
  assert.deepEqual([last.level, last.claim], [level, claim]);
  inChinese(`level ${level}`);
}
done('what an institution declares, and whole logs: the same, and in Chinese');

const seed = process.env.HEFU_SEED ? Number(process.env.HEFU_SEED) : randomInt(2 ** 31);
console.log(`      seed ${seed}`);
let state = seed >>> 0;
const random = (below) => {
  // xorshift32: enough to choose bytes with, and the same everywhere.
  state ^= state << 13; state >>>= 0;
  state ^= state >>> 17;
  state ^= state << 5; state >>>= 0;
  return state % below;
};
if (state === 0) state = 1;
const verdicts = {};
const flips = Number(process.env.HEFU_FLIPS ?? 40);
for (let i = 0; i < flips; ++i) {
  const bytes = Buffer.from(whole);
  bytes[random(bytes.length)] ^= 1 << random(8);
  const verdict = compare(`flip ${i} of seed ${seed}`, bytes, true);
  assert.notEqual(verdict, 'good', `flip ${i} of seed ${seed} went unnoticed`);
  verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
}
done(`${flips} bundles with one bit flipped: ${JSON.stringify(verdicts)}`);

// ---- An event: prepared and signed in the module, taken by a node, the same as the command's

const home = join(demo, 'university');
const passphrase = readFileSync(join(home, 'passphrase'), 'utf8').trim();
const status = await (await fetch(`${url}/v1/status`)).json();
const catalogue = await (await fetch(`${url}/v1/catalogue`)).text();
const types = JSON.parse(catalogue).types;
const wanted = {
  type: 'enterprise-visit',
  occurred_on: '2025-11-03',
  fields: {
    visitor: status.member,
    host: '91150200000000043N',
    leader_role: 'president',
    visited_on: '2025-11-03',
    mode: 'on-site',
    posts_offered: 3,
    topics: ['research'],
  },
  personal: { participants: ['ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'] },
};
assert.ok(types.some((type) => type.name === wanted.type));
const prepared = result('event.prepare', {
  catalogue, issuer: status.member, now: Date.now(), events: [wanted],
});
const [event] = prepared.events;
assert.ok(event.account.some((line) => line.name === 'field host' && line.value.zh === wanted.fields.host));
const wrong = module.call('key.open', {
  file: readFileSync(join(home, 'keys/registrar.key'), 'utf8'), passphrase: `${passphrase}x`,
});
assert.equal(wrong.error?.code, 'unauthorised');
const started = performance.now();
const key = result('key.open', { file: readFileSync(join(home, 'keys/registrar.key'), 'utf8'), passphrase });
console.log(`      a key opened in ${Math.round(performance.now() - started)} ms`);
const signed = result('event.sign', { key: key.handle, events: [event.bytes] });
assert.deepEqual(signed.ids, [event.id]);
assert.equal(result('key.close', { key: key.handle }).closed, true);
assert.equal(module.call('event.sign', { key: key.handle, events: [event.bytes] }).error?.code, 'not-found');

const answer = await fetch(`${url}/v1/events`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-hefu-envelopes' },
  body: Buffer.from(signed.envelopes, 'base64'),
});
assert.equal(answer.ok, true, await answer.clone().text());
const receipt = await answer.json();
assert.equal(receipt.receipts[0].event, event.id);
const opened = await fetch(`${url}/v1/disclosures`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(prepared.disclosures),
});
assert.equal(opened.ok, true, await opened.text());
const kept = await (await fetch(`${url}/v1/events/${event.id}`)).json();
assert.deepEqual(kept.event, event.event, 'the node reads what the module wrote');
done('an event signed in the module is taken by a node, with its personal field');

writeFileSync(join(folder, 'event.json'), JSON.stringify(event.event));
const again = hefu('--home', home, '--passphrase-file', join(home, 'passphrase'), '--node-url', url,
  '--json', 'event', 'append', '--file', join(folder, 'event.json'));
assert.equal(again.status, 0, again.stderr);
assert.equal(JSON.parse(again.stdout).receipts[0].event, event.id);
done('the command makes the same event of the same inputs');

const read = result('event.decode', { envelope: kept.envelope, catalogue });
assert.equal(read.id, event.id);
assert.deepEqual(read.event, event.event);
assert.equal(read.signer, key.key_id);
done('its envelope reads back as it was written');

// ---- Its receipt

let proof;
for (let i = 0; i < 600 && !proof; ++i) {
  const asked = await fetch(`${url}/v1/events/${event.id}/proof`);
  if (asked.ok) proof = await asked.text();
  else await new Promise((wake) => setTimeout(wake, 500));
}
const judged = result('proof.verify', { proof, envelope: kept.envelope, charter });
assert.equal(judged.verdict, 'good', JSON.stringify(judged, null, 1));
assert.equal(judged.event, event.id);
assert.equal(result('proof.verify', { proof, charter }).verdict, 'incomplete');
for (let i = 0; i < 200; ++i) {
  const bytes = new Uint8Array(Buffer.from(kept.envelope, 'base64'));
  bytes[random(bytes.length)] ^= 1 << random(8);
  const verdict = result('proof.verify', { proof, envelope: bytes, charter }).verdict;
  assert.equal(verdict, 'bad', `changed envelope ${i} of seed ${seed}`);
}
done('its receipt is good, and of no changed envelope');

// ---- What is wrong is refused, and the module goes on

for (const [method, request, part] of [
  ['bundle.verify', {}, 'field bundle'],
  ['bundle.verify', { bundle: '*' }, 'not base64'],
  ['fork.verify', { proof: 'x', vkeys: ['y'] }, 'vkeys'],
  ['nothing', {}, 'nothing is not known'],
]) {
  assert.ok(module.call(method, request).error?.message.includes(part), `${method} ${part}`);
}
const large = module.call('bundle.verify', { bundle: 'A'.repeat(97 * 1024 * 1024) });
assert.equal(large.error?.code, 'too-large');
assert.equal(compare('good, afterwards', whole, true), 'good');
done('wrong requests are refused by name, and the module goes on');
