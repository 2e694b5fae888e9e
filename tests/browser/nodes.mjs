// The nodes of a demonstration, as a test's scripts ask them, and desks at their consoles.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, fits, open, settled, shoot } from './visitor.mjs';

const kTries = 900; // a busy machine is no failure
const kPauseMs = 200;

/// What is asked of the nodes whose homes are in this folder.
export function nodesOf(demo) {
  const home = (member) => join(demo, member);
  const passphraseOf = (member) => readFileSync(join(home(member), 'passphrase'), 'utf8').trim();
  const urlOf = (member) => {
    const toml = readFileSync(join(home(member), 'hefud.toml'), 'utf8');
    return `http://${/\[http\][^[]*?^listen = "([^"]+)"/ms.exec(toml)[1]}`;
  };
  const keyOf = (member, key) => join(home(member), 'keys', key);
  async function read(member, path) {
    const answer = await fetch(urlOf(member) + path);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  }
  /// Opens a key of a member in the page, and waits until it is open.
  async function unlock({ page, base }, member, key) {
    if (!new URL(page.url()).hash.startsWith('#/key')) await open(page, 'key', base);
    const before = await page.locator('.keys .badge.good').count();
    await page.setInputFiles('#key-file', keyOf(member, key));
    await page.fill('#passphrase', passphraseOf(member));
    await page.locator('form button.first').click();
    await page.waitForFunction(
      (count) => document.querySelectorAll('.keys .badge.good').length > count, before);
  }
  return { home, keyOf, passphraseOf, read, unlock, urlOf };
}

/// Asks again until what is asked for has come.
export async function until(what, ask) {
  for (let i = 0; i < kTries; ++i) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, kPauseMs));
  }
  return assert.fail(`${what}: has not come`);
}

/// To a page without loading the console anew, which would close the keys that are open.
export async function visit({ page }, place) {
  await page.evaluate((there) => { location.hash = there; }, `#/${place}`);
  await settled(page);
}

/// What a person would look at: nothing sticks out, nothing shuts anybody out, and a picture.
export async function look({ page }, name) {
  await fits(page, name);
  await accessible(page, name);
  await shoot(page, name);
}
