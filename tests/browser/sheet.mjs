// Many records from a spreadsheet, in the console of one institution, until the figure moves at the
// node of another: the template, wrong cells named, titles mapped and remembered, good rows alone,
// a sheet interrupted half-way and taken up again, the same sheet twice.
//   node sheet.mjs DEMO FOLDER      DEMO: the homes of the demonstration, whose nodes run

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { look, nodesOf, until, visit } from './nodes.mjs';
import { calm, desktop, done, keepIn, leave, open, phone, settled, visitor } from './visitor.mjs';

const [demo, folder] = process.argv.slice(2);
if (!demo || !folder) throw new Error('usage: node sheet.mjs DEMO FOLDER');
keepIn(folder);

const { read, unlock, urlOf } = nodesOf(demo);
const type = 'organised-activity';
const university = '内蒙古科技大学';
const rows = 1100; // under two signatures, in three parts
const hostile = '<img src=x onerror="globalThis.owned=1">';

async function recorded() {
  let count = 0;
  for (let from = ''; ; ) {
    const query = new URLSearchParams({ type, limit: '1000', ...(from ? { from } : {}) });
    const page = await read('university', `/v1/events?${query}`);
    count += page.events.length;
    if (!page.next) return count;
    from = String(page.next);
  }
}

/// Open days claimed or confirmed, as the node of another institution computes them.
async function claimed() {
  const path = '/v1/figures?pack=baotou.xdrh&period=2025&indicator=days.open';
  const { ladder } = (await read('enterprise', path)).indicators[0];
  return ladder.E0 + ladder.E1 + ladder.E2;
}

const csv = (lines) => `${lines.join('\n')}\n`;
const titles = '活动种类,方式,地点区划代码,主办方,开始日期,结束日期,到场人数';
const good = (place, i) =>
  `校园开放日,实地,${place},${university},2025-03-${String((i % 28) + 1).padStart(2, '0')},` +
  `2025-03-${String((i % 28) + 1).padStart(2, '0')},${i}`;
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
/// As a Chinese Excel saves CSV.
const gb18030 = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text });

async function choose(page, given) {
  await page.setInputFiles('#sheet-file', given);
  await page.waitForSelector('.sheet-result, .notice.bad[role=alert]');
}

const office = await visitor(urlOf('university'), 'zh-CN', desktop);
const { page, base } = office;

// ---- The template; wrong cells by name

{
  await open(page, 'new', base);
  await page.locator(`a[href="#/sheet/${type}"]`).click();
  await settled(page);
  const [template] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载模板' }).click(),
  ]);
  assert.match(template.suggestedFilename(), /\.xlsx$/);
  const empty = readFileSync(await template.path());
  assert.equal(empty.subarray(0, 2).toString(), 'PK');
  await choose(page, { name: '空表.xlsx', mimeType: 'application/octet-stream', buffer: empty });
  assert.match(await page.textContent('.sheet-result'), /0 行/);
  assert.ok(await page.locator('.act .first').isDisabled(), 'there is nothing to sign');

  const wrong = csv([titles, good(150203, 0), '开放,实地,150203,某某大学,2025-03-02,,-5', good(150203, 2)]);
  await choose(page, { name: `${hostile}.csv`, mimeType: 'text/csv', buffer: gb18030(wrong) });
  const said = await page.textContent('.sheet-result');
  for (const cell of ['A3', 'D3', 'F3']) assert.match(said, new RegExp(cell), `${cell} is named`);
  assert.match(said, /GB18030/);
  assert.match(said, /2 行可用/);
  assert.ok(await page.locator('.act .first').isDisabled(), 'all or none');
  await page.getByLabel('只登记无误的行').check();
  assert.ok(await page.locator('.act .first').isEnabled());
  assert.equal(await page.evaluate(() => globalThis.owned), undefined, 'a name is a name');
  await look(office, 'sheet-wrong');
  done('wrong cells are named, in the encoding of a Chinese Excel');
}

// ---- What is no sheet is refused, and nothing of it stays

{
  for (const [name, bytes] of [
    ['old.xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512, 1)])],
    ['broken.xlsx', Buffer.from('PK\u0003\u0004 nothing')],
    ['image.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00, 0x80])],
  ]) {
    await page.setInputFiles('#sheet-file', { name, mimeType: 'application/octet-stream', buffer: bytes });
    await page.waitForSelector('.notice.bad[role=alert]');
    assert.equal(await page.locator('.sheet-result').count(), 0, name);
  }
  office.wrong.length = 0; // that they were refused is no fault of the page
  done('files that are no sheets are refused');
}

// ---- Titles that nobody knows: mapped once, remembered

{
  const own = csv([titles.replace('地点区划代码', `地点${hostile}`), good(150203, 3)]);
  await choose(page, file('own.csv', own));
  assert.ok(await page.locator('.act .first').isDisabled());
  await page.locator('.sheet-result select').first().selectOption('place_division');
  await page.waitForSelector('.sheet-result .badge.good');
  await page.waitForFunction(() => /1 行可用/.test(document.querySelector('.sheet-result')?.textContent ?? ''));
  assert.ok(await page.locator('.act .first').isEnabled());
  await page.reload();
  await settled(page);
  await choose(page, file('own.csv', own));
  await page.waitForFunction(() => /1 行可用/.test(document.querySelector('.sheet-result')?.textContent ?? ''));
  assert.ok(await page.locator('.act .first').isEnabled(), 'the same titles are not asked about again');
  assert.equal(await page.evaluate(() => globalThis.owned), undefined, 'a title is a title');
  done('what a title means is remembered');
}

// ---- A sheet of many rows, interrupted, taken up again; the figure elsewhere

{
  const place = 100000 + (Date.now() % 890000);
  const sheet = file('开放日.csv', csv([titles, ...Array.from({ length: rows }, (_, i) => good(place, i))]));
  const before = await recorded();
  const moved = await claimed();
  await unlock(office, 'university', 'registrar.key');
  await visit(office, `sheet/${type}`);
  await choose(page, sheet);
  await page.locator('.act .first').click();
  await page.waitForSelector('.account');
  assert.match(await page.textContent('.signing'), new RegExp(`${rows} 条`));
  await look(office, 'sheet-about-to-sign');
  let sent = 0;
  await page.route('**/v1/events?ack=*', (route) => (++sent === 3 ? route.abort() : route.continue()));
  await page.getByRole('button', { name: '签名并提交' }).click();
  await page.getByText('中断了').waitFor();
  assert.ok((await recorded()) < before + rows, 'it was interrupted half-way');
  await page.unroute('**/v1/events?ack=*');
  office.wrong.length = 0; // that the node was away is no fault of the page
  assert.equal(await page.getByRole('button', { name: '签名并提交' }).count(), 0,
    'what is signed already is not signed once more');
  await look(office, 'sheet-interrupted');
  // What was signed and not sent waits in this browser; then the rows that nobody has signed.
  await page.getByRole('button', { name: '再次发送' }).first().click();
  await page.waitForSelector('.steps li:nth-child(2).reached');
  await until('the part that was signed', async () => (await recorded()) >= before + 1000);
  assert.equal(await recorded(), before + 1000);
  await page.locator('.signing > .line button', { hasText: '返回' }).click();
  await page.getByRole('button', { name: `核对并签名：${rows - 1000} 行` }).click();
  await page.getByRole('button', { name: '签名并提交' }).click();
  await page.getByText(`已登记 ${rows - 1000} / ${rows - 1000}`).waitFor();
  await until('every row in the log', async () => (await recorded()) >= before + rows);
  assert.equal(await recorded(), before + rows, 'every row is in the log');
  await visit(office, 'key');
  await visit(office, `sheet/${type}`);
  await choose(page, sheet);
  await page.getByText('这些行都已登记').waitFor();
  assert.ok(await page.locator('.act .first').isDisabled());
  assert.equal(await recorded(), before + rows, 'each row once');
  await until('the figure at another node', async () => (await claimed()) >= moved + rows);
  await look(office, 'sheet-again');
  done(`${rows} rows, interrupted and taken up again, each once; the figure moved elsewhere`);
}
await calm(office);

// ---- By keyboard alone: from the choice of a sheet to the account of what would be signed

{
  const clerk = await visitor(urlOf('university'), 'zh-CN', desktop);
  const { page: hands } = clerk;
  await open(hands, `sheet/${type}`, clerk.base);
  const tabTo = async (selector) => {
    for (let i = 0; i < 60; ++i) {
      await hands.keyboard.press('Tab');
      if (await hands.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    }
    assert.fail(`${selector} is not reached by Tab`);
  };
  await tabTo('#sheet-file');
  await choose(hands, file('keys.csv', csv([titles, good(150208, 1), '开放,实地,150208,,,,'])));
  await tabTo('.sheet-result input[type=radio]');
  await hands.keyboard.press('ArrowDown');
  await tabTo('.act .first');
  await hands.keyboard.press('Enter');
  await hands.waitForSelector('.account');
  await calm(clerk);
  await clerk.context.close();
  done('by keyboard alone as far as the account of what would be signed');
}

// ---- The same in English on a phone, without a key

{
  const clerk = await visitor(urlOf('university'), 'en-GB', phone);
  await open(clerk.page, `sheet/${type}`, clerk.base);
  await choose(clerk.page, file('new.csv', csv([titles, good(150207, 1)])));
  await clerk.page.locator('.act .first').click();
  await clerk.page.waitForSelector('.account');
  assert.match(await clerk.page.textContent('.signing'), /in the name of/);
  assert.equal(await clerk.page.getByRole('button', { name: 'Sign and submit' }).count(), 0,
    'nobody signs without a key');
  await look(clerk, 'sheet-phone');
  await calm(clerk);
  await clerk.context.close();
  done('the page in English on a phone; nothing is signed without a key');
}

await leave();
