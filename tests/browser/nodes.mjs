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
    // Loading the console anew would close the keys that are open.
    if (page.url() === 'about:blank') await open(page, 'key', base);
    else await visit({ page }, 'key');
    const before = await page.locator('.keys .badge.good').count();
    await page.setInputFiles('#key-file', keyOf(member, key));
    await page.fill('#passphrase', passphraseOf(member));
    await page.locator('form button.first').click();
    await page.waitForFunction(
      (count) => document.querySelectorAll('.keys .badge.good').length > count, before);
    await attended(page);
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

/// What was signed in the page is witnessed. After some minutes the page leaves it at that and offers
/// to send again: then it is sent again.
export async function witnessed(page) {
  await until('what was signed, witnessed', async () => {
    if ((await page.locator('.steps li:nth-child(3).reached').count()) > 0) return true;
    const again = page.locator('.delivery').getByRole('button', { name: /^(再次发送|Send again)$/ });
    // It is there for a moment before the first try as well: then it goes by itself.
    if ((await again.count()) > 0) await again.first().click({ timeout: 1000 }).catch(() => undefined);
    return false;
  });
}

/// Somebody sits before this page: its keys do not lock while the nodes take their time.
export async function attended(page) {
  await page.evaluate(() => {
    setInterval(() => dispatchEvent(new Event('wheel')), 60_000);
  });
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
