// Staff at work in the consoles of two institutions: a key is opened, a placement recorded at one
// node and confirmed at the other, the figure moves; an agreement is proposed and signed; what has
// to be refused is refused.
//   node work.mjs DEMO FOLDER      DEMO: the homes of the demonstration, whose nodes run

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { attended, look, nodesOf, until, visit, witnessed } from './nodes.mjs';
import { calm, desktop, done, keepIn, leave, open, phone, settled, shoot, visitor } from './visitor.mjs';

const [demo, folder] = process.argv.slice(2);
if (!demo || !folder) throw new Error('usage: node work.mjs DEMO FOLDER');
keepIn(folder);

const { home, passphraseOf, read, urlOf } = nodesOf(demo);
const university = '内蒙古科技大学';
const firm = '示例北疆智能装备有限公司';
const firmCode = '91150200000000043N';
const stamp = Date.now().toString(36);
const script = `<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>${stamp}`;

async function figure() {
  const path = '/v1/figures?pack=baotou.xdrh&period=2025&indicator=placements.student_days';
  const [one] = (await read('university', path)).indicators;
  return Number(one.value.num) / Number(one.value.den);
}

/// What the page says, letter by letter as it stands in storage.
const stored = (page) =>
  page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));

async function unlock(page, base, file, passphrase) {
  if (!new URL(page.url()).hash.startsWith('#/key')) await open(page, 'key', base);
  await page.setInputFiles('#key-file', file);
  await page.fill('#passphrase', passphrase);
  await page.locator('form button.first').click();
}

// ---- A key: refused with a wrong passphrase, refused where it is not at home, then opened

const office = await visitor(urlOf('university'), 'zh-CN', desktop);
{
  const { page, base } = office;
  const keys = join(home('university'), 'keys');
  await open(page, 'key', base);
  await unlock(page, base, join(keys, 'registrar.key'), 'not the passphrase');
  await page.waitForSelector('[role=alert]');
  assert.match(await page.textContent('[role=alert]'), /口令不对/);
  await look(office, 'work-key-refused');
  await unlock(page, base, join(home('college'), 'keys', 'registrar.key'), passphraseOf('college'));
  await page.waitForSelector('.keys .badge.bad');
  assert.match(await page.textContent('.keys'), /另一个成员的密钥/);
  assert.match(await page.textContent('.key-state'), /未开锁/, 'it signs nothing here');
  await unlock(page, base, join(keys, 'registrar.key'), passphraseOf('university'));
  await page.waitForSelector('.keys .badge.good');
  await unlock(page, base, join(keys, 'seal.key'), passphraseOf('university'));
  await page.waitForFunction(() => document.querySelectorAll('.keys .badge.good').length === 2);
  await attended(page);
  assert.match(await page.textContent('.key-state'), /登记员、印章/);
  assert.equal(await page.inputValue('#passphrase'), '');
  await look(office, 'work-key');
  const kept = await stored(page);
  assert.ok(!kept.includes(passphraseOf('university')) && !kept.includes('hefu-key-file'));
  done('a key opens in the page; a wrong passphrase and the key of another member do not do');
}

// ---- A form says what is wrong in the words of the command line

{
  const clerk = await visitor(urlOf('university'), 'en-GB', phone);
  const { page, base } = clerk;
  await open(page, 'new/student-placement', base);
  await page.fill('#f-host', '91150200000000043X');
  await page.waitForSelector('#f-host-wrong');
  const said = await page.textContent('#f-host-wrong');
  const event = {
    type: 'student-placement', occurred_on: '2025-03-01',
    fields: { school: '12150000000000027U', host: '91150200000000043X' },
  };
  const file = join(folder, 'wrong.json');
  writeFileSync(file, JSON.stringify(event));
  const told = spawnSync('hefu', ['--home', home('university'), '--passphrase-file',
    join(home('university'), 'passphrase'), 'event', 'append', '--dry-run', '--file', file]);
  assert.ok(told.stderr.toString().includes(said), `${said}\n${told.stderr}`);
  await page.fill('#f-starts_on', 'tomorrow');
  await page.waitForSelector('#f-starts_on-wrong');
  assert.match(await page.textContent('#f-starts_on-wrong'), /a date is expected/);
  await page.locator('form button.first').click();
  assert.match(await page.textContent('[role=alert]'), /to be mended/);
  await look(clerk, 'work-form-wrong');
  await calm(clerk);
  await clerk.context.close();
  done('a form says what is wrong as one types, in the words of hefu');
}

// ---- Recorded at the university …

let placement;
let before;
{
  const { page, base } = office;
  before = await figure();
  await page.locator('nav.main a[href="#/new"]').click();
  await page.getByRole('link', { name: '学生实习实训', exact: true }).click();
  await page.waitForSelector('#f-host');
  await page.getByRole('button', { name: '生成新代号' }).click();
  const student = await page.inputValue('#f-student');
  assert.match(student, /^[0-9a-f]{64}$/);
  await page.fill('#f-host', firm);
  await page.selectOption('#f-placement_kind', 'post-internship');
  await page.fill('#f-starts_on', '2025年3月3日');
  await page.fill('#f-ends_on', '2025/3/31');
  await page.setInputFiles('#f-tripartite_agreement_hash-field input[type=file]',
    join(home('university'), 'charter.note'));
  await page.getByText('其他可填项').click();
  await page.fill('#f-site', script);
  await page.getByText('草稿已保存').waitFor();
  const kept = await stored(page);
  assert.ok(kept.includes(firm), 'the draft is kept');
  assert.ok(!kept.includes(student), 'without the personal fields');
  await look(office, 'work-form');
  await page.getByRole('button', { name: '核对并签名' }).click();
  await page.waitForSelector('.account');
  const account = await page.textContent('.account');
  for (const part of [firm, '2025-03-03', '2025-03-31', script]) assert.ok(account.includes(part), part);
  assert.match(await page.textContent('.effects'), /学生进企实习实训量/);
  await look(office, 'work-account');
  const sign = page.getByRole('button', { name: '签名并提交' });
  await sign.evaluate((button) => {
    button.click();
    button.click(); // who presses twice has recorded it once
  });
  await witnessed(page);
  await look(office, 'work-receipt');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载回执' }).click(),
  ]);
  const receipt = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.equal(receipt.level, 'witnessed');
  assert.match(receipt.receipts[0].proof, /^c2sp\.org\/tlog-proof@v1\n/);
  assert.equal(receipt.documents.length, 1);
  assert.match(receipt.documents[0].salt, /^[0-9a-f]{64}$/);
  placement = receipt.receipts[0].event;
  assert.ok(!(await stored(page)).includes('hefu.out.'), 'what has arrived is not kept');
  assert.ok(!(await stored(page)).includes('hefu.draft.'));
  // The same envelopes once more: the same place.
  const again = await fetch(`${base}/v1/events?ack=witnessed`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-hefu-envelopes' },
    body: Buffer.from(receipt.envelopes, 'base64'),
  });
  const place = ({ event, index }) => ({ event, index });
  assert.deepEqual((await again.json()).receipts.map(place), receipt.receipts.map(place));
  const { event } = await read('university', `/v1/events/${placement}`);
  assert.equal(event.fields.host, firmCode);
  assert.equal(event.fields.site, script);
  assert.equal(event.fields.student, undefined);
  assert.equal(await page.evaluate(() => globalThis.owned), undefined);
  done('a placement is recorded once, with a receipt; personal fields stay sealed');
}

// ---- … once more by mistake: pointed out before it is signed

{
  const { page } = office;
  // The form looks for duplicates when it is filled in, not when others come.
  await until('the record', async () =>
    (await fetch(`${urlOf('university')}/v1/records/${placement}`)).ok);
  await page.locator('nav.main a[href="#/new"]').click();
  await page.getByRole('link', { name: '学生实习实训', exact: true }).click();
  await page.waitForSelector('#f-host');
  await page.fill('#f-host', firmCode);
  await page.selectOption('#f-placement_kind', 'post-internship');
  await page.fill('#f-starts_on', '2025-03-03');
  await page.fill('#f-ends_on', '2025-03-31');
  await page.getByText('已有相同的记录').waitFor();
  await look(office, 'work-duplicate');
  await page.getByRole('button', { name: '丢弃' }).click();
  await calm(office);
  done('a duplicate is pointed out before it is signed');
}

// ---- Confirmed at the firm, on its own console: the figure moves

const firmVisit = await visitor(urlOf('enterprise'), 'zh-CN', phone);
{
  const { page, base } = firmVisit;
  const waits = async () =>
    (await read('enterprise', '/v1/inbox')).items.some((item) => item.record === placement);
  await until('the placement in the inbox', waits);
  const keys = join(home('enterprise'), 'keys');
  await unlock(page, base, join(keys, 'registrar.key'), passphraseOf('enterprise'));
  await page.waitForSelector('.keys .badge.good');
  await attended(page);
  await page.locator('nav.main a[href="#/inbox"]').click();
  const item = page.locator('.items > li').filter({ has: page.locator(`a[href$="${placement}"]`) });
  await item.getByRole('button', { name: '详细' }).click();
  await item.locator('.about').waitFor();
  await settled(page);
  assert.match(await item.textContent(), /证据不足/, 'it does not count yet, and why');
  assert.ok((await item.textContent()).includes(script));
  await look(firmVisit, 'work-inbox');
  await item.locator('input[type=checkbox]').check();
  await page.getByRole('button', { name: /^确认所选（1）/ }).click();
  await page.waitForSelector('.account');
  await look(firmVisit, 'work-confirm');
  await page.getByRole('button', { name: '确认并签名' }).click();
  await witnessed(page);
  const after = await until('the figure', async () => {
    const now = await figure();
    return now !== before && now;
  });
  assert.equal(after, before + 29, '3 to 31 March, both days');
  await visit(office, `record/${placement}`);
  assert.match(await office.page.textContent('main'), /已确认/);
  assert.equal(await page.evaluate(() => globalThis.owned), undefined);
  await calm(firmVisit);
  done('the other party confirms on its own console; the figure moves');
}

// ---- Several at once, and a refusal that says why

{
  const clerk = await visitor(urlOf('college'), 'en-GB', desktop);
  const { page, base } = clerk;
  const [first, second, third] = (await read('college', '/v1/inbox')).items.filter(
    (item) => item.kind === 'countersignature' && item.from === '11150200000000019E',
  );
  await unlock(page, base, join(home('college'), 'keys', 'registrar.key'), passphraseOf('college'));
  await page.waitForSelector('.keys .badge.good');
  await page.locator('nav.main a[href="#/inbox"]').click();
  const box = (item) =>
    page.locator('.items > li').filter({ has: page.locator(`a[href$="${item.record}"]`) })
      .locator('input[type=checkbox]');
  await box(first).check();
  await box(second).check();
  await page.getByRole('button', { name: 'Confirm selected (2)' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.account').length === 2);
  await look(clerk, 'work-several');
  await page.getByRole('button', { name: 'Confirm and sign' }).click();
  await witnessed(page);
  await page.locator('nav.main a[href="#/new"]').click();
  await page.locator('nav.main a[href="#/inbox"]').click();
  await box(third).check();
  await page.getByRole('button', { name: 'Reject…' }).click();
  await page.getByLabel('Reason').fill('No such college was founded with us');
  await page.getByRole('button', { name: /Check the refusal/ }).click();
  await page.waitForSelector('.account');
  assert.match(await page.textContent('.account'), /No such college/);
  await page.getByRole('button', { name: 'Refuse and sign' }).click();
  await witnessed(page);
  const answers = async (item) => read('college', `/v1/records/${item.record}`);
  await until('the answers', async () => {
    const [one, two, three] = await Promise.all([first, second, third].map(answers));
    return one.countersignatures.some((a) => a.party === '12150000000000035N') &&
      two.countersignatures.some((a) => a.party === '12150000000000035N') &&
      three.rejections.some((a) => a.remark === 'No such college was founded with us');
  });
  await calm(clerk);
  await clerk.context.close();
  done('several are confirmed with one signature; a refusal says why');
}

// ---- An agreement: proposed and signed here, signed there, then notice is given and it is renewed

let agreement;
{
  const { page } = office;
  await page.locator('nav.main a[href="#/new"]').click();
  await page.getByRole('link', { name: '合作协议' }).click();
  await page.waitForSelector('#f-agreement_kind');
  await page.selectOption('#f-agreement_kind', 'framework');
  await page.getByLabel('各方 2').fill(firm);
  await page.fill('#f-title', `校企合作框架协议 ${stamp}`);
  await page.fill('#f-valid_from', '2026-12-01');
  await page.getByText('其他可填项').click();
  await page.fill('#f-valid_to', '2027-11-30');
  await page.setInputFiles('#f-text_hash-field input[type=file]', join(home('university'), 'charter.note'));
  await page.getByText('散列值已填入').waitFor();
  await page.getByRole('button', { name: '核对并签名' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.account').length === 2);
  await page.getByRole('button', { name: '签署并发出' }).click();
  await witnessed(page);
  const id = await until('the agreement', async () => {
    const { agreements } = await read('enterprise', '/v1/agreements?limit=1000');
    return agreements.find((one) => one.title === `校企合作框架协议 ${stamp}`)?.id;
  });
  agreement = id;
  const firmPage = firmVisit.page;
  await visit(firmVisit, `agreement/${id}`);
  await firmPage.getByRole('button', { name: '签署第 1 版' }).click();
  await firmPage.getByText('需要打开密钥').or(firmPage.getByText('不能签这类事件')).waitFor();
  assert.equal(await firmPage.getByRole('button', { name: '签署', exact: true }).count(), 0);
  await look(firmVisit, 'work-agreement-no-key');
  // Through the page's own link: a reload would close the key that is open.
  await firmPage.getByRole('link', { name: '打开密钥' }).click();
  await unlock(firmPage, firmVisit.base, join(home('enterprise'), 'keys', 'seal.key'),
    passphraseOf('enterprise'));
  await firmPage.getByText('印章').first().waitFor();
  await firmPage.locator('nav.main a[href="#/inbox"]').click();
  await firmPage.getByRole('link', { name: stamp }).click();
  await firmPage.getByRole('button', { name: '签署第 1 版' }).click();
  await firmPage.waitForSelector('.account');
  await firmPage.getByRole('button', { name: '签署', exact: true }).click();
  await witnessed(firmPage);
  const agreed = async () => (await read('university', `/v1/agreements/${id}`)).state;
  await until('its effect', async () => (await agreed()) === 'effective');
  await calm(firmVisit);
  await visit(office, `agreement/${id}`);
  await page.getByRole('button', { name: '通知解约…' }).click();
  await page.fill('#effective-on', '2027-05-31');
  await page.getByLabel('原因').fill('合作方向调整');
  await look(office, 'work-agreement');
  await page.locator('.form.narrow button[type=submit]').click();
  await page.waitForSelector('.account');
  await page.getByRole('button', { name: '签署通知' }).click();
  await witnessed(page);
  await until('the notice', async () => (await agreed()) === 'terminated');
  await visit(office, `new/collaboration-agreement?renew=${id}`);
  await page.waitForSelector('#f-renewal_of');
  assert.equal(await page.inputValue('#f-valid_from'), '2027-06-01', 'where the old one ends');
  assert.equal(await page.inputValue('#f-renewal_of'), id);
  assert.equal(await page.inputValue('#f-text_hash'), '', 'a new text');
  await shoot(page, 'work-renewal');
  done('an agreement is proposed, signed by the other party, ended by notice, and renewed');
}

// ---- Two versions side by side: what differs is marked

{
  execFileSync('hefu', ['--home', home('university'), '--passphrase-file',
    join(home('university'), 'passphrase'), 'agreement', 'propose', '--agreement', agreement,
    '--base', agreement, '--kind', 'framework', '--title', `校企合作框架协议 ${stamp}`, '--party',
    firmCode, '--valid-from', '2026-12-01', '--valid-to', '2028-11-30', '--text',
    join(home('university'), 'charter.note')]);
  await until('the second version', async () =>
    (await read('university', `/v1/agreements/${agreement}`)).versions.length === 2);
  const clerk = await visitor(urlOf('enterprise'), 'zh-CN', desktop);
  await until('it at the firm', async () =>
    (await read('enterprise', `/v1/agreements/${agreement}`)).versions.length === 2);
  await open(clerk.page, `agreement/${agreement}`, clerk.base);
  const changed = clerk.page.locator('.compare tr').filter({ has: clerk.page.locator('.mark') });
  assert.match((await changed.allTextContents()).join('\n'), /有效期止.*2027-11-30.*2028-11-30/);
  await look(clerk, 'work-compare');
  await calm(clerk);
  await clerk.context.close();
  done('versions are compared side by side');
}

// ---- A draft survives a reload, a node that is away loses nothing, an idle page locks itself

{
  const clerk = await visitor(urlOf('university'), 'zh-CN', desktop);
  const { page, base } = clerk;
  await page.clock.install();
  await open(page, 'new/organised-activity', base);
  await page.fill('#f-place_division', '150203');
  await page.getByLabel('主办方 2').fill(firm);
  await page.selectOption('#f-activity_kind', 'forum');
  await page.selectOption('#f-mode', 'online');
  await page.fill('#f-starts_on', '2025-11-08');
  await page.fill('#f-ends_on', '2025-11-08');
  await page.clock.runFor(2000);
  await page.getByText('草稿已保存').waitFor();
  await open(page, 'new', base);
  await unlock(page, base, join(home('university'), 'keys', 'registrar.key'), passphraseOf('university'));
  await page.waitForSelector('.keys .badge.good');
  await page.locator('nav.main a[href="#/new"]').click();
  await page.locator('a[href*="draft="]').first().click();
  await page.waitForSelector('#f-place_division');
  assert.equal(await page.inputValue('#f-place_division'), '150203');
  await page.getByRole('button', { name: '核对并签名' }).click();
  await page.waitForSelector('.account');
  let away = true;
  await page.route('**/v1/events?ack=*', (route) => (away ? route.abort() : route.continue()));
  await page.getByRole('button', { name: '签名并提交' }).click();
  await page.getByText('签名已保存在本机').waitFor();
  away = false;
  clerk.wrong.length = 0; // that the node was away is no fault of the page
  await open(page, 'inbox', base);
  await page.getByRole('button', { name: '再次发送' }).click();
  await witnessed(page);
  assert.ok(!(await stored(page)).includes('hefu.out.'));
  done('a draft survives a reload; what was signed while the node was away is sent once');

  await unlock(page, base, join(home('university'), 'keys', 'registrar.key'), passphraseOf('university'));
  await page.waitForSelector('.keys .badge.good');
  await page.clock.runFor(10 * 60_000 + 1000);
  await page.getByText('10 分钟没有操作，已上锁').waitFor();
  assert.match(await page.textContent('.key-state'), /未开锁/);
  await look(clerk, 'work-locked');
  await calm(clerk);
  await clerk.context.close();
  done('a page nobody touches locks itself');
}

// ---- The command line says the same

{
  // Something may come between the two questions.
  await until('the same inbox', async () => {
    const told = execFileSync('hefu', ['--home', home('university'), '--json', 'inbox']).toString();
    return isDeepStrictEqual(JSON.parse(told), await read('university', '/v1/inbox'));
  });
  done('hefu inbox says what the page does');
}

await leave();
