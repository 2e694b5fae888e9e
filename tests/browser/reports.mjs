// Plans and reports in the consoles of a college and of the authority above it: forms filled from the
// figures, previewed and taken along; a report filed; a cut proposed and cosigned, figures approved from the
// departments up, a statement signed, and decided by the authority.
//   node reports.mjs DEMO FOLDER     DEMO: the homes of the CQCVC demonstration, whose nodes run

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { look, nodesOf, until, visit, witnessed } from './nodes.mjs';
import { calm, desktop, done, keepIn, leave, open, phone, settled, visitor } from './visitor.mjs';

const [demo, folder] = process.argv.slice(2);
if (!demo || !folder) throw new Error('usage: node reports.mjs DEMO FOLDER');
keepIn(folder);

const { read, unlock, urlOf } = nodesOf(demo);
const { programme: pack, period: year, members } = JSON.parse(
  readFileSync('deploy/sample/cqcvc/members.json', 'utf8'));
const idOf = (key) => members.find((member) => member.key === key).id;
const stamp = Date.now().toString(36);
const script = `<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>${stamp}`;
const reportsOf = (query = {}) => `reports?${new URLSearchParams({ pack, period: year, ...query })}`;

async function download(page, name) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/// Signs what the page shows, and comes back to it.
async function signAndReturn(page, act, back) {
  await page.waitForSelector('.account');
  await page.locator('.signing').getByRole('button', { name: act, exact: true }).click();
  await witnessed(page);
  await back();
}

const closings = (member, proposal) =>
  read(member, `/v1/closings?${new URLSearchParams({ pack, period: year, proposal, node: idOf(member) })}`);

/// The college's statement, once it stands at the node of a member: before, nothing is decided on it.
const stated = async (member) =>
  (await closings(member, proposal)).statements.find((one) =>
    one.proposal === proposal && one.by === idOf('college') && one.status === 'stands');

// ---- Forms

const college = await visitor(urlOf('college'), 'zh-CN', desktop);
{
  const { page, base } = college;
  await open(page, '', base);
  await page.getByRole('link', { name: '计划与报告', exact: true }).click();
  await settled(page);
  await page.getByLabel('年份').selectOption(year);
  await settled(page);
  await look(college, 'reports');
  const forms = (await read('college', '/v1/reports')).reports.filter((form) => form.pack === pack);
  assert.ok(forms.length >= 3, 'the plan prescribes three forms');
  assert.equal(await page.locator('.rows.items a[href^="#/report/"]').count(), forms.length);
  done('the page lists the forms of the programme');

  await page.getByRole('link', { name: /工作任务推进表/ }).click();
  await settled(page);
  const head = await page.locator('.paper thead td').allInnerTexts();
  assert.deepEqual(head.map((text) => text.replaceAll('\n', '')), [
    '序号', '重点任务', '主要内容', '主要举措', '成效（结果目标）', '完成时间', '牵头部门', '配合部门',
    '联系人', '联系电话', '备注',
  ]);
  assert.ok((await page.locator('section .stack tbody tr').count()) > 5, 'what the figures rest on');
  await look(college, 'report-progress');
  const docx = await download(page, '下载 Word 文档');
  assert.match(docx.name, /推进表.*\.docx$/);
  assert.equal(docx.bytes.subarray(0, 2).toString(), 'PK');
  const csv = await download(page, '下载 CSV');
  assert.ok(csv.bytes.toString().includes('深化高等教育评价改革'), 'the rows of the document');
  const data = await download(page, '下载 数据');
  assert.equal(JSON.parse(data.bytes).period, year);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('header.bar').isVisible(), false, 'only the form is printed');
  assert.ok(await page.locator('.paper').isVisible());
  await page.emulateMedia({ media: 'screen' });
  done('a form is filled, previewed, and taken along in three formats');
}
{
  const { page } = college;
  await visit(college, `report/cqcvc-monthly-summary?${new URLSearchParams({ period: `${year}-03` })}`);
  assert.ok((await page.locator('.paper tbody tr').count()) >= 22);
  const written = page.locator('details.office');
  if (await written.count()) {
    await written.locator('summary').click();
    await written.locator('textarea').first().fill(script);
    await page.getByRole('button', { name: '填入预览' }).click();
    await settled(page);
    assert.ok((await page.locator('.paper').innerText()).includes(stamp), 'what the office wrote');
  }
  assert.equal(await page.evaluate(() => globalThis.owned), undefined, 'texts are texts');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes(stamp), 'what the office wrote is kept nowhere');
  done('the monthly summary holds what the office wrote, as text and nowhere else');

  const summary = await download(page, '下载 数据');
  const root = createHash('sha256').update(summary.bytes).digest('hex');
  await page.getByRole('link', { name: '登记报送' }).click();
  await page.waitForSelector('#f-period');
  assert.equal(await page.inputValue('#f-period'), `${year}-03`);
  assert.ok((await page.locator('form.form').evaluate((form) =>
    [...form.querySelectorAll('input')].map((input) => input.value).join(' '))).includes(root),
  'what is recorded is the root of this form');
  done('a form leads to the record that it is handed in, with its root');
}

// ---- A cut, and what each side does at it

const proposed = new Set((await read('commission', '/v1/cuts')).cuts.map((cut) => cut.event));
const commission = await visitor(urlOf('commission'), 'en-GB', phone);
await unlock(commission, 'commission', 'registrar.key');
await unlock(commission, 'commission', 'seal.key');
{
  const { page } = commission;
  await visit(commission, reportsOf());
  await page.getByRole('button', { name: 'Propose a cut' }).click();
  assert.equal(await page.getByLabel('As of').inputValue(), `${year}-12-31`);
  await page.getByLabel('As of').fill('2999-12-31');
  assert.ok(await page.getByRole('button', { name: 'Check and sign' }).isDisabled(), 'a day to come');
  await page.getByLabel('As of').fill(`${year}-12-31`);
  await look(commission, 'closing-propose-phone');
  await page.getByRole('button', { name: 'Check and sign' }).click();
  await signAndReturn(page, 'Propose a cut', () => visit(commission, 'key'));
  done('the authority proposes a cut of what its node reads now');
}
assert.equal(await college.page.getByRole('button', { name: '提出截面' }).count(), 0, 'it alone');
const proposal = await until('the proposal at the college', async () => {
  const { cuts } = await read('college', '/v1/cuts');
  return cuts.find((cut) => cut.status === 'stands' && !proposed.has(cut.event))?.event;
});
await unlock(college, 'college', 'registrar.key');
{
  const { page } = college;
  const back = async () => {
    await visit(college, 'key');
    await visit(college, reportsOf());
    await page.waitForSelector('table.chain');
  };
  await until('the same logs at the college', async () =>
    (await read('college', `/v1/cuts/${proposal}`)).same_here);
  await visit(college, reportsOf());
  await page.waitForSelector('table.chain');
  await look(college, 'closing-before');
  await page.getByRole('button', { name: '会签截面' }).click();
  await signAndReturn(page, '会签截面', back);
  done('the college cosigns the cut that its own node holds alike');

  const ready = async (unit) => {
    const { at } = await closings('college', proposal);
    return at.units.find((one) => one.unit === unit);
  };
  const departments = (await closings('college', proposal)).at.units
    .filter((one) => one.parent === idOf('college')).map((one) => one.unit);
  assert.ok(departments.length >= 2, 'the college reports by departments');
  assert.equal(await page.getByRole('button', { name: '签批', exact: true }).count(), 0,
    'the college is not approved before its departments');
  for (const unit of departments) {
    const name = unit.split('/')[1];
    await page.locator('table.chain tr', { hasText: name }).getByRole('button', { name: '确认' }).click();
    await page.waitForSelector('.account');
    if (unit === departments[0]) await look(college, 'closing-about-to-sign');
    await signAndReturn(page, '确认', async () => {
      await until(`${unit} approved`, async () => (await ready(unit)).approval);
      await back();
    });
  }
  await page.getByRole('button', { name: '签批', exact: true }).click();
  await signAndReturn(page, '签批', async () => {
    await until('the college approved', async () => (await ready(idOf('college'))).approval);
    await back();
  });
  done('departments first, then the college');

  await page.getByRole('button', { name: '签署期间报告' }).click();
  await page.waitForSelector('.account');
  assert.match(await page.locator('.signing .notice.warn').innerText(), /印章/,
    'the registrar does not bind the college');
  await unlock(college, 'college', 'seal.key');
  await back();
  await page.getByRole('button', { name: '签署期间报告' }).click();
  await signAndReturn(page, '签署期间报告', async () => {
    await until('the statement at the college', () => stated('college'));
    await back();
  });
  assert.equal(await page.getByRole('button', { name: '签署期间报告' }).count(), 0, 'once');
  await look(college, 'closing-after');
}
const statement = await until('the statement at the commission', () => stated('commission'));
done('the college signs its statement');

// ---- The authority, in English on a phone

{
  const { page } = commission;
  await visit(commission, reportsOf());
  await page.waitForSelector('table.chain');
  await look(commission, 'closing-phone');
  const item = page.locator('.rows.items li', { has: page.locator(`a[href="#/event/${statement.event}"]`) });
  await item.getByRole('button', { name: 'Return' }).click();
  assert.ok(await item.getByRole('button', { name: 'Return' }).isDisabled(), 'not without a reason');
  await item.getByRole('textbox', { name: 'Reason' }).fill(`see row 7 ${script}`);
  await item.getByRole('button', { name: 'Return' }).click();
  await page.waitForSelector('.account');
  await look(commission, 'closing-decision-phone');
  await signAndReturn(page, 'Return', async () => {
    await until('the decision', async () => {
      const { statements } = await closings('commission', proposal);
      return statements.find((one) => one.event === statement.event)?.decision === 'returned';
    });
    await visit(commission, 'key');
    await visit(commission, reportsOf());
  });
  assert.ok((await page.locator('main').innerText()).includes(stamp), 'the reason is told');
  assert.equal(await page.evaluate(() => globalThis.owned), undefined, 'texts are texts');
  await visit(commission, `report/cqcvc-task-division?${new URLSearchParams({ period: year })}`);
  await look(commission, 'report-phone');
  done('the authority returns a statement with a reason');
}

for (const one of [college, commission]) await calm(one);
await leave();
