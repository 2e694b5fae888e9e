// Visitors to a console, and what every page of it has to keep. Used by the journeys.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const desktop = { width: 1360, height: 900 };
export const phone = { width: 390, height: 844 };

const browser = await chromium.launch({
  executablePath: process.env.HEFU_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    // Whatever the page asks of another host fails, and shows.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
});

export const leave = () => browser.close();

/// A visitor of a node with a fresh profile. What goes wrong on his pages is kept in `wrong`.
export async function visitor(base, locale, viewport, more = {}) {
  const context = await browser.newContext({ locale, viewport, acceptDownloads: true, ...more });
  context.setDefaultTimeout(180_000); // a busy machine is no failure
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    // An id that is looked up is asked for as a record first; that it is an event is no fault.
    const looked = /\/v1\/records\/[0-9a-f]{64}$/.test(message.location().url);
    if (looked && message.text().includes('404')) return;
    if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== base) {
      wrong.push(`request elsewhere: ${request.url()}`);
    }
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { base, context, page, wrong };
}

export async function calm({ page, wrong }) {
  assert.deepEqual(await page.evaluate(() => globalThis.violations), [], 'policy violations');
  assert.deepEqual(wrong, []);
}

/// Everything asked for is there, or has failed.
export async function settled(page) {
  await page.waitForSelector('main h1');
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  assert.equal(await page.locator('.notice.bad[role=alert]').count(), 0, 'something was not read');
}

export async function fits(page, what) {
  const [inside, whole] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(whole <= inside, `${what}: ${whole} px of content on ${inside} px`);
}

export async function accessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    }),
  );
  const told = violations.map((one) => `${one.id}: ${one.help}\n` +
    one.nodes.slice(0, 3).map((node) => `    ${node.html} ${node.any[0]?.message ?? ''}`).join('\n'));
  assert.equal(told.length, 0, `${what}:\n${told.join('\n')}`);
}

export async function open(page, place, base) {
  await page.goto(`${base}/console#/${place}`);
  await page.reload();
  await settled(page);
}

/// Where screenshots go.
let folder = '.';
export function keepIn(path) {
  folder = path;
  mkdirSync(path, { recursive: true });
}

export async function shoot(page, name) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

export const done = (what) => console.log(`ok    ${what}`);
