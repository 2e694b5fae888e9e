// Supply and demand in the consoles of two institutions: a firm publishes a need and a college an
// offer; each is found, recommended with the reasons, matched, and followed to an agreement.
//   node market.mjs DEMO FOLDER      DEMO: the homes of the demonstration, whose nodes run

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { look, nodesOf, until, visit, witnessed } from './nodes.mjs';
import { calm, desktop, done, keepIn, leave, phone, settled, visitor } from './visitor.mjs';

const [demo, folder] = process.argv.slice(2);
if (!demo || !folder) throw new Error('usage: node market.mjs DEMO FOLDER');
keepIn(folder);

const { home, read, unlock, urlOf } = nodesOf(demo);
const firm = '示例北疆智能装备有限公司';
const firmCode = '91150200000000043N';
const collegeCode = '12150000000000035N';
const stamp = Date.now().toString(36);
const script = `<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>${stamp}`;
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const nextYear = `${Number(today.slice(0, 4)) + 1}-12-31`;

async function sign(page, review, act) {
  await page.getByRole('button', { name: review }).click();
  await page.waitForSelector('.account');
  await page.getByRole('button', { name: act }).click();
  await witnessed(page);
}

/// The listing of this run, once the node of a member shows it.
const listed = (member, direction) =>
  until(`the ${direction} at ${member}`, async () => {
    const query = new URLSearchParams({ q: stamp, direction });
    return (await read(member, `/v1/market/listings?${query}`)).listings[0];
  });

// ---- A need, published by the firm in Chinese

const firmDesk = await visitor(urlOf('enterprise'), 'zh-CN', desktop);
await unlock(firmDesk, 'enterprise', 'registrar.key');
{
  const { page } = firmDesk;
  await page.locator('nav.main a[href="#/market"]').click();
  await settled(page);
  await look(firmDesk, 'market-before');
  await page.getByRole('link', { name: '发布需求' }).click();
  await page.waitForSelector('#f-direction');
  assert.equal(await page.inputValue('#f-direction'), 'demand', 'the link says what is published');
  await page.selectOption('#f-category', 'technical-problem');
  await page.fill('#f-title', `永磁电机焊接变形控制 ${stamp}`);
  await page.fill('#f-summary', `稀土永磁电机机壳焊接后变形，需要数控校正工艺。${script}`);
  await page.fill('#f-valid_from', today);
  await page.fill('#f-valid_to', nextYear);
  await page.getByText('其他可填项').click();
  await page.fill('#f-place_division', '150203');
  await look(firmDesk, 'market-publish');
  await sign(page, '核对并签名', '签名并提交');
  done('a need is published from the form the page leads to');
}

// ---- An offer, published by the college in English on a phone

const college = await visitor(urlOf('college'), 'en-GB', phone);
await unlock(college, 'college', 'registrar.key');
{
  const { page } = college;
  await page.locator('nav.main a[href="#/market"]').click();
  await settled(page);
  await page.getByRole('link', { name: 'Publish an offer' }).click();
  await page.waitForSelector('#f-direction');
  await page.selectOption('#f-category', 'achievement');
  await page.fill('#f-title', `电机机壳焊接变形的数控校正方法 ${stamp}`);
  await page.fill('#f-summary', 'Numerical correction of welding distortion; 已授权发明专利');
  await page.fill('#f-valid_from', today);
  await page.fill('#f-valid_to', nextYear);
  await page.locator('form details summary').first().click();
  await page.fill('#f-place_division', '150204');
  await sign(page, /Check and sign|Review/, /Sign and/);
  done('an offer is published on a phone, in English');
}

// ---- Found by words in the middle of sentences; what is no word finds nothing

const need = await listed('college', 'demand');
const offer = await listed('enterprise', 'supply');
await listed('enterprise', 'demand');
{
  const { page } = firmDesk;
  await visit(firmDesk, 'market');
  await page.getByLabel('查找词语').fill(`焊接变形 ${stamp}`);
  await page.getByRole('search').getByRole('button').click();
  await page.getByRole('link', { name: offer.title }).waitFor();
  await settled(page);
  assert.ok((await page.textContent('.listings')).includes(script), 'a script is text');
  assert.equal(await page.evaluate(() => globalThis.owned), undefined);
  await look(firmDesk, 'market-found');
  await page.getByLabel('查找词语').fill(`%' "; -- .*[](){}\\ ${'☃'.repeat(50)}`);
  await page.getByRole('search').getByRole('button').click();
  await page.getByText('没有符合的、仍可对接的供需信息').waitFor();
  await visit(college, `market?q=${encodeURIComponent(`数控 ${stamp}`)}`);
  await college.page.getByRole('link', { name: need.title }).waitFor();
  await look(college, 'market-found-phone');
  done('Chinese words are found; signs of query languages are no syntax');
}

// ---- Recommended, with the reasons in words; the firm proposes to talk

{
  const { page } = firmDesk;
  await visit(firmDesk, `listing/${need.id}`);
  const item = page.locator('.items > li').filter({ has: page.getByRole('link', { name: offer.title }) });
  await item.waitFor();
  const reasons = await item.locator('.reasons').textContent();
  for (const part of ['类别互补', '共同的词语', '焊接', '变形', '数控', '同一城市', '有效期重叠']) {
    assert.ok(reasons.includes(part), `${part} in ${reasons}`);
  }
  await look(firmDesk, 'market-recommended');
  // The command line says the same.
  const told = execFileSync('hefu', ['--home', home('enterprise'), 'market', 'recommend', need.id]);
  assert.ok(told.toString().includes(offer.id) && told.toString().includes('同一城市'));
  await item.getByRole('link', { name: '提出对接' }).click();
  await page.waitForSelector('#f-listing');
  assert.equal(await page.inputValue('#f-listing'), need.id);
  await sign(page, '核对并签名', '签名并提交');
  await visit(college, `listing/${offer.id}`);
  done('a recommendation gives its reasons, and leads to a match');
}

const match = await until('the match', async () => {
  const { steps } = await read('college', `/v1/market/listings/${need.id}/course`);
  return steps.find((step) => step.record.type === 'listing-match')?.record.id;
});

// ---- The college confirms it, and proposes an agreement that arises from it

{
  const { page } = college;
  await unlock(college, 'college', 'seal.key');
  await page.locator('nav.main a[href="#/inbox"]').click();
  const item = page.locator('.items > li').filter({ has: page.locator(`a[href$="${match}"]`) });
  await item.locator('input[type=checkbox]').check();
  await sign(page, /^Confirm selected \(1\)/, 'Confirm and sign');
  await until('its confirmation', async () =>
    (await read('college', `/v1/records/${match}`)).standing === 'confirmed');
  await visit(college, `listing/${need.id}`);
  await page.getByRole('link', { name: 'Draft an agreement' }).click();
  await page.waitForSelector('#f-agreement_kind');
  assert.equal(await page.inputValue('#f-arises_from'), match);
  await page.selectOption('#f-agreement_kind', 'framework');
  await page.getByLabel('Parties 2').fill(firm);
  await page.fill('#f-title', `焊接变形控制技术合作 ${stamp}`);
  await page.fill('#f-valid_from', today);
  await page.setInputFiles('#f-text_hash-field input[type=file]', join(home('college'), 'charter.note'));
  await page.locator('#f-text_hash-field').getByText(/filled in|entered/i).waitFor();
  await page.getByRole('button', { name: /Check and sign|Review/ }).click();
  await page.waitForFunction(() => document.querySelectorAll('.account').length === 2);
  await page.getByRole('button', { name: /Sign and/ }).click();
  await witnessed(page);
  done('the other side confirms the match and proposes an agreement that names it');
}

// ---- Followed from the need to the agreement

{
  const steps = await until('the agreement on the course', async () => {
    const course = await read('enterprise', `/v1/market/listings/${need.id}/course`);
    const types = course.steps.map((step) => step.record.type);
    return types.includes('collaboration-agreement') && course.steps;
  });
  assert.deepEqual(
    [...new Set(steps.map((step) => step.record.type))].sort(),
    ['collaboration-agreement', 'listing-match', 'supply-demand-listing'],
  );
  assert.deepEqual(new Set(steps.find((step) => step.record.type === 'listing-match').parties),
    new Set([firmCode, collegeCode]));
  await until('the agreement at the college', async () => {
    const course = await read('college', `/v1/market/listings/${need.id}/course`);
    return course.steps.some((step) => step.record.type === 'collaboration-agreement');
  });
  await visit(firmDesk, `listing/${need.id}`);
  await firmDesk.page.reload();
  await settled(firmDesk.page);
  const course = await firmDesk.page.textContent('.course');
  for (const part of [`永磁电机焊接变形控制 ${stamp}`, offer.title, `焊接变形控制技术合作 ${stamp}`, '供需对接']) {
    assert.ok(course.includes(part), `${part} in ${course}`);
  }
  await look(firmDesk, 'market-course');
  await visit(college, `listing/${need.id}`);
  await look(college, 'market-course-phone');
  const followed = execFileSync('hefu', ['--home', home('college'), 'market', 'follow', match]);
  assert.ok(followed.toString().includes(`焊接变形控制技术合作 ${stamp}`));
  await calm(firmDesk);
  await calm(college);
  done('a need is followed over its match to the agreement, on the page and on the command line');
}

// ---- What an operator looks after

{
  await visit(college, 'operations');
  const page = await college.page.textContent('main');
  for (const part of ['Disk', 'Keys and their last days', 'Last verified']) {
    assert.ok(page.includes(part), part);
  }
  await look(college, 'operations-phone');
  await visit(firmDesk, 'operations');
  await look(firmDesk, 'operations-upkeep');
  done('operations: disk by member, keys, backups');
}

await leave();
