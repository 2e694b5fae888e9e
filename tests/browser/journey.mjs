// The console in a real browser: from the overview down to a proof, in Chinese and in English, by
// mouse and by keyboard alone, at desktop and at phone width.
//   node journey.mjs URL FOLDER DEMO    URL: a node's HTTP address; FOLDER: for screenshots; DEMO: the
//                                       folder deploy/demo leaves, with bundle and charter

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  accessible, calm, desktop, done, fits, keepIn, leave, open as openAt, phone, settled, shoot,
  visitor as visitorOf,
} from './visitor.mjs';

const [base, folder, demo] = process.argv.slice(2);
if (!base || !folder || !demo) throw new Error('usage: node journey.mjs URL FOLDER DEMO');
keepIn(folder);
const visitor = (locale, viewport, more) => visitorOf(base, locale, viewport, more);
const open = (page, place) => openAt(page, place, base);

// ---- Down to the proof, in Chinese, by mouse; then the same pages in English and on a phone

const seen = [];
let receipt; // saved from the page of an event
{
  const visit = await visitor('zh-CN', desktop);
  const { page } = visit;
  const answer = await page.goto(base);
  assert.equal(new URL(page.url()).pathname, '/console', 'the address alone leads to the console');
  assert.match(answer.headers()['content-security-policy'], /^default-src 'none'/);
  await settled(page);
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  console.log(`      first content after ${Math.round(paint)} ms`);
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  assert.match(await page.textContent('h1'), /总览/);
  assert.ok((await page.locator('.targets tbody tr').count()) > 5, 'targets are listed');
  assert.match(await page.textContent('.targets'), /未达标/);
  seen.push(['overview', '']);
  done('overview in Chinese');

  const place = () => decodeURIComponent(new URL(page.url()).hash.slice(2));
  await page.getByRole('link', { name: '校企共建实习实训基地' }).first().click();
  await settled(page);
  assert.match(await page.textContent('blockquote'), /实习实训基地/);
  assert.match(await page.textContent('.headline'), /9.*500/s);
  seen.push(['indicator', place()]);
  await page.locator('.units a').first().click();
  await settled(page);
  assert.match(page.url(), /unit=/);
  seen.push(['organisation', place()]);
  await page.locator('.stack th a').first().click();
  await settled(page);
  assert.ok((await page.locator('.history li').count()) > 1, 'a record has several events');
  seen.push(['record', place()]);
  await page.locator('.history a').first().click();
  await settled(page);
  await page.waitForSelector('.recomputed .badge.good');
  seen.push(['event', place()]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '.tlog-proof' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^[0-9a-f]{16}\.tlog-proof$/);
  assert.match(readFileSync(await download.path(), 'utf8'), /^c2sp\.org\/tlog-proof@v1\nextra \S+\nindex \d+\n/);
  receipt = join(folder, 'one.tlog-proof');
  await download.saveAs(receipt);
  done('programme → indicator → organisation → record → event → proof');

  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.match(await page.textContent('main'), /Recomputed in this browser/);
  await page.reload();
  await settled(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'en', 'the choice is remembered');
  await page.getByRole('button', { name: '中文' }).click();
  done('the language switches at once and is remembered');

  await page.getByRole('link', { name: '协议', exact: true }).click();
  await settled(page);
  assert.match(await page.textContent('main'), /等待签署/);
  await page.locator('.agreements th a').first().click();
  await settled(page);
  assert.ok((await page.locator('.rows li').count()) > 1);
  seen.push(['agreements', 'agreements'], ['agreement', place()]);
  await page.getByRole('link', { name: '记录', exact: true }).click();
  await settled(page);
  await page.getByLabel('类型').selectOption('training-cohort');
  await settled(page);
  const cohorts = await page.locator('.stack tbody tr').count();
  assert.ok(cohorts > 0 && cohorts < 50);
  seen.push(['records', place()]);
  await page.getByLabel('记录或事件编号').fill('xyz');
  await page.getByRole('button', { name: '查找' }).click();
  assert.match(await page.textContent('[role=alert]'), /64/);
  await page.getByLabel('记录或事件编号').fill(seen.find(([name]) => name === 'event')[1].slice(6));
  await page.getByRole('button', { name: '查找' }).click();
  await page.waitForFunction(() => /^#\/(record|event)\//.test(location.hash));
  await settled(page);
  await page.getByRole('link', { name: '疑点', exact: true }).click();
  await settled(page);
  assert.ok((await page.locator('.stack tbody tr').count()) > 0);
  seen.push(['signals', 'signals']);
  await page.getByRole('link', { name: '运行', exact: true }).click();
  await settled(page);
  assert.match(await page.textContent('main'), /正在接收/);
  seen.push(['operations', 'operations']);
  seen.push(['inbox', 'inbox'], ['new', 'new'], ['form', 'new/organised-activity'], ['key', 'key']);
  seen.push(['audits', 'audits']);
  await calm(visit);
  done('agreements, records, signals, operations');
  await visit.context.close();
}

for (const [locale, size, viewport] of [
  ['zh-CN', 'desktop', desktop],
  ['zh-CN', 'phone', phone],
  ['en-GB', 'desktop', desktop],
  ['en-GB', 'phone', phone],
]) {
  const visit = await visitor(locale, viewport);
  const language = locale.slice(0, 2);
  for (const [name, place] of seen) {
    await open(visit.page, place);
    await fits(visit.page, `${name} ${language} ${size}`);
    await shoot(visit.page, `${language}-${size}-${name}`);
    await calm(visit);
    await accessible(visit.page, `${name} ${language} ${size}`);
  }
  await visit.context.close();
  done(`${seen.length} pages, ${language}, ${size}: fit, no policy violation, axe finds nothing`);
}

// ---- By keyboard alone

{
  const visit = await visitor('zh-CN', desktop);
  const { page } = visit;
  await page.goto(`${base}/console`);
  await settled(page);
  const tabTo = async (selector) => {
    for (let i = 0; i < 250; ++i) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) {
        const ring = await page.evaluate(
          () => getComputedStyle(document.activeElement).outlineStyle,
        );
        assert.notEqual(ring, 'none', `${selector}: one sees where one is`);
        return;
      }
    }
    assert.fail(`${selector} is not reached by Tab`);
  };
  await tabTo('.skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
  await tabTo('.targets th a');
  await page.keyboard.press('Enter');
  await settled(page);
  await tabTo('.stack th a');
  await page.keyboard.press('Enter');
  await settled(page);
  await tabTo('.history a');
  await page.keyboard.press('Enter');
  await settled(page);
  await tabTo('a.button[download]');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.keyboard.press('Enter'),
  ]);
  assert.match(download.suggestedFilename(), /tlog-proof$/);
  await tabTo('.who button');
  await page.keyboard.press('Enter');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await calm(visit);
  await visit.context.close();
  done('the same way by keyboard alone');
}

// ---- Texts that want to be more than texts

{
  const visit = await visitor('zh-CN', desktop);
  const { page } = visit;
  const hostile = '<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>';
  const spoil = (value, key) => {
    if (Array.isArray(value)) return value.map((one) => spoil(one, key));
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, spoil(v, k)]));
    }
    return typeof value === 'string' &&
      ['zh', 'en', 'title', 'name_zh', 'name_en', 'legal_name', 'remark', 'reason', 'claim',
        'detail', 'quote', 'name'].includes(key)
      ? hostile + value
      : value;
  };
  await page.route('**/v1/**', async (route) => {
    const answer = await route.fetch();
    if (!/json/.test(answer.headers()['content-type'] ?? '')) return route.fulfill({ response: answer });
    return route.fulfill({ response: answer, json: spoil(await answer.json(), '') });
  });
  for (const [name, place] of seen) {
    await open(page, place);
    assert.equal(await page.evaluate(() => globalThis.owned), undefined, name);
    assert.equal(await page.locator('main img, main script').count(), 0, name);
    await fits(page, `${name} with hostile texts`);
  }
  await open(page, '');
  assert.match(await page.textContent('main'), /<img src=x onerror=/);
  await calm(visit);
  await visit.context.close();
  done('hostile names are shown as text');
}

// ---- Why a node is behind is said in words

{
  const visit = await visitor('zh-CN', desktop);
  const { page } = visit;
  await page.route('**/v1/status', async (route) => {
    const answer = await route.fetch();
    const status = await answer.json();
    status.peers[0].condition = {
      state: 'failing', code: 'unreachable', since: '2026-01-02T03:04:05.000Z', detail: 'timed out',
    };
    status.peers[0].behind = 7;
    status.log.writing = false;
    status.log.reason = 'the disk is full';
    status.log.hint = 'make room';
    return route.fulfill({ response: answer, json: status });
  });
  await open(page, 'operations');
  const row = await page.locator('.stack tbody tr').first().textContent();
  for (const part of ['故障', '连接不上', 'timed out', '2026-01-02 11:04', '7']) {
    assert.ok(row.includes(part), `${part} in ${row}`);
  }
  const told = await page.textContent('main');
  for (const part of ['不接收新事件', 'the disk is full', 'make room']) {
    assert.ok(told.includes(part), part);
  }
  await accessible(page, 'operations with a failing peer');
  await visit.context.close();
  done('a failing peer is shown with its reason and since when');
}

// ---- A node that is away, and comes back

{
  const visit = await visitor('en-GB', desktop);
  const { page } = visit;
  let away = true;
  await page.route('**/v1/packs', (route) => (away ? route.abort() : route.continue()));
  await page.goto(`${base}/console`);
  await page.waitForSelector('[role=alert]');
  assert.match(await page.textContent('[role=alert]'), /does not answer/);
  away = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await settled(page);
  assert.ok((await page.locator('.targets tbody tr').count()) > 5);
  await visit.context.close();
  done('a node that does not answer is said so, and asked again');
}

// ---- Verified in the browser: in the console, and from one file without any server

{
  const bundle = readFileSync(join(demo, 'baotou-2025.hefu'));
  const charter = { name: 'charter.note', mimeType: 'text/plain', buffer: readFileSync(join(demo, 'charter.note')) };
  const named = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
  const flipped = Buffer.from(bundle);
  flipped[Math.floor(flipped.length / 2)] ^= 1;
  const verdict = async (page) => {
    await page.locator('button.first').click();
    await page.waitForSelector('.verdict, .notice.bad');
    return page.locator('.verdict').getAttribute('data-verdict');
  };
  const give = async (page, ...files) => {
    await page.locator('input[type=file]').setInputFiles(files);
    for (const { name } of files) await page.getByText(name).first().waitFor();
  };
  const away = (page) => page.locator('.given .plain').first().click();
  const journey = async (page, shots) => {
    await give(page, named('baotou-2025.hefu', bundle), charter);
    assert.equal(await verdict(page), 'good');
    assert.ok((await page.locator('.verdict section').nth(3).locator('tbody tr').count()) > 5);
    await shots('good');
    await give(page, named('other.hefu', flipped));
    assert.equal(await verdict(page), 'bad');
    await shots('bad');
    await give(page, named('one.tlog-proof', readFileSync(receipt)));
    assert.equal(await verdict(page), 'good');
    await shots('receipt');
    const [, extra, ...rest] = readFileSync(receipt, 'utf8').split('\n');
    assert.match(extra, /^extra /);
    await page.locator('.paste summary').click();
    await page.locator('textarea').fill(['c2sp.org/tlog-proof@v1', ...rest].join('\n').trim());
    await page.locator('.paste button').click();
    await page.waitForFunction(() => document.querySelector('textarea').value === '');
    assert.equal(await verdict(page), 'incomplete', 'the event is not in it');
    await give(page, named('notes.txt', Buffer.from('no proof of anything')));
    assert.match(await page.textContent('[role=alert]'), /notes\.txt/);
  };
  for (const [locale, size, viewport] of [
    ['zh-CN', 'desktop', desktop],
    ['en-GB', 'phone', phone],
  ]) {
    const visit = await visitor(locale, viewport);
    const { page } = visit;
    await open(page, 'verify');
    await accessible(page, `verify ${locale} ${size}`);
    await journey(page, async (name) => {
      await fits(page, `verify ${name} ${locale} ${size}`);
      await accessible(page, `verify ${name} ${locale} ${size}`);
      await shoot(page, `${locale.slice(0, 2)}-${size}-verify-${name}`);
    });
    // The node's own charter, taken with one press.
    await open(page, 'verify');
    await page.locator('.given button').click();
    await give(page, named('baotou-2025.hefu', bundle));
    await page.waitForSelector('.given dd .under');
    assert.equal(await verdict(page), 'good');
    await away(page);
    await calm(visit);
    await visit.context.close();
    done(`bundles and receipts are verified in the browser, ${locale}, ${size}`);
  }

  const visit = await visitor('zh-CN', desktop);
  await open(visit.page, 'verify');
  const [saved] = await Promise.all([
    visit.page.waitForEvent('download'),
    visit.page.locator('a[download="hefu-verify.html"]').click(),
  ]);
  const file = join(folder, 'hefu-verify.html');
  await saved.saveAs(file);
  await visit.context.close();
  for (const [locale, size, viewport] of [
    ['zh-CN', 'phone', phone],
    ['en-GB', 'desktop', desktop],
  ]) {
    const alone = await visitor(locale, viewport, { offline: true });
    const asked = [];
    alone.page.on('request', (request) => asked.push(request.url()));
    await alone.page.goto(`file://${resolve(file)}`);
    await alone.page.waitForSelector('main h1');
    await journey(alone.page, async (name) => {
      await fits(alone.page, `verify.html ${name} ${locale} ${size}`);
      await accessible(alone.page, `verify.html ${name} ${locale} ${size}`);
      await shoot(alone.page, `${locale.slice(0, 2)}-${size}-alone-${name}`);
    });
    const elsewhere = asked.filter((url) => !/^(blob|data):/.test(url));
    assert.deepEqual(elsewhere.slice(1), [], 'the page itself, and nothing more');
    assert.deepEqual(await alone.page.evaluate(() => globalThis.violations), []);
    await alone.context.close();
    done(`the file without a server verifies the same, ${locale}, ${size}`);
  }
}

await leave();
