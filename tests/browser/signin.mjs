// People sign in to the console of a node that asks for it: by password and one-time code, by OpenID
// Connect, by CAS; they are refused where they have no right, come back to what they typed when a
// session is over, and sign out; and the same over TLS.
//   node signin.mjs DEMO FOLDER      DEMO: homes of the demonstration, whose nodes do not run

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { casServer, openidProvider } from './providers.mjs';
import {
  accessible, desktop, done, fits, keepIn, leave, phone, settled, shoot, visitor,
} from './visitor.mjs';

const [demo, folder] = process.argv.slice(2);
if (!demo || !folder) throw new Error('usage: node signin.mjs DEMO FOLDER');
keepIn(folder);

const home = join(demo, 'university');
const config = join(home, 'hefud.toml');
const plain = readFileSync(config, 'utf8');
const base = `http://${/\[http\][^[]*?^listen = "([^"]+)"/ms.exec(plain)[1]}`;
const returnAddress = `${base}/v1/session/outside/return`;
const passphrase = readFileSync(join(home, 'passphrase'), 'utf8').trim();
const small = { width: 1280, height: 800 };

// ---- The node, with a configuration of one's own

let hefud;

async function serve(more) {
  writeFileSync(config, `${plain}\n[api]\nsign_in = "required"\npublic_url = "${base}"\n${more}`);
  hefud = spawn('hefud', ['--config', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (;;) {
    assert.equal(hefud.exitCode, null, 'hefud does not start');
    const up = await fetch(`${base}/v1/health`).then((answer) => answer.ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function stop() {
  const gone = new Promise((resolve) => hefud.once('exit', resolve));
  hefud.kill('SIGTERM');
  await gone;
}

const hefu = (...words) =>
  execFileSync('hefu', ['--home', home, '--json', ...words], { encoding: 'utf8' });
const create = (name, role) =>
  JSON.parse(hefu('account', 'create', name, '--role', role)).one_time_password;

process.on('exit', () => hefud?.kill('SIGTERM'));

// ---- Visitors

/// As `visitor`, on a node that asks to sign in: what is refused, and other hosts that single sign-on
/// goes to, are no fault of the page; nor is the font the provider's own page asks for in vain.
async function guest(locale, viewport) {
  const one = await visitor(base, locale, viewport);
  one.faults = () =>
    one.wrong.filter(
      (text) => !/40[13]|429|net::ERR|elsewhere: (http:\/\/127|https:\/\/fonts)/.test(text),
    );
  return one;
}

async function quiet(one) {
  assert.deepEqual(await one.page.evaluate(() => globalThis.violations), [], 'policy violations');
  assert.deepEqual(one.faults(), []);
}

async function look({ page }, name) {
  for (const [language, other] of [['', 'English'], ['-en', '中文']]) {
    for (const [end, size] of [['', small], ['-phone', phone]]) {
      await page.setViewportSize(size);
      await fits(page, `${name}${language}${end}`);
      await accessible(page, `${name}${language}${end}`);
      await shoot(page, `${name}${language}${end}`);
    }
    await page.getByRole('button', { name: other, exact: true }).click();
  }
  await page.setViewportSize(desktop);
}

async function enter(page, account, password) {
  await page.fill('#account', account);
  await page.fill('#password', password);
  await page.locator('form button.first').click();
}

async function setPassword(page, password) {
  await page.fill('#new-password', password);
  await page.fill('#new-password-twice', password);
  await page.locator('form button.first').click();
}

async function setFirstPassword(page, password) {
  await page.waitForSelector('#new-password');
  await setPassword(page, password);
  await page.waitForSelector('#new-password', { state: 'detached' });
}

const signedIn = (page, account) =>
  page.waitForFunction((name) => document.querySelector('.who .signed-in')?.textContent === name, account);

/// Source: RFC 6238, as the node has it: SHA-1, six digits, thirty seconds.
function oneTimeCode(secret, step) {
  const bits = [...secret.replace(/\s/g, '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
const step = () => Math.floor(Date.now() / 30_000);

await serve('');
const oneTime = { reader: create('li-reader', 'reader'), clerk: create('wang', 'registrar@jwc') };
const words = 'four words are better';
const others = 'two words are not enough';

// ---- By password: nothing is shown before, a wrong one is refused, the first one is replaced

const reader = await guest('zh-CN', desktop);
{
  const { page } = reader;
  await page.goto(`${base}/console#/records`);
  await settled(page);
  assert.equal(await page.textContent('h1'), '登录');
  await look(reader, 'signin');
  await enter(page, 'li-reader', 'not the password');
  await page.waitForSelector('[role=alert]');
  assert.match(await page.textContent('[role=alert]'), /账号、密码或验证码不对/);
  assert.equal(await page.inputValue('#password'), '');
  await look(reader, 'signin-refused');
  await enter(page, 'li-reader', oneTime.reader);
  await page.waitForSelector('#new-password');
  assert.match(await page.textContent('h1'), /先设置自己的密码/);
  await page.fill('#new-password', words);
  await page.fill('#new-password-twice', 'something else');
  assert.ok(await page.locator('form button.first').isDisabled());
  await look(reader, 'signin-first-password');
  await setFirstPassword(page, words);
  await signedIn(page, 'li-reader');
  await settled(page);
  assert.equal(await page.textContent('h1'), '记录', 'the page that was asked for');
  await look(reader, 'signin-records');
  await quiet(reader);
  done('a first password is replaced, and the page that was asked for is there');
}

// ---- Refused where one has no right

{
  const { page } = reader;
  await page.locator('.who .key-state').click();
  await page.setInputFiles('#key-file', join(home, 'keys', 'registrar.key'));
  await page.fill('#passphrase', passphrase);
  await page.locator('form button.first').click();
  await page.waitForSelector('.keys .badge.good');
  await page.locator('nav.main a[href="#/new"]').click();
  await page.getByRole('link', { name: '学生实习实训', exact: true }).click();
  await page.getByRole('button', { name: '生成新代号' }).click();
  await page.fill('#f-host', '91150200000000043N');
  await page.selectOption('#f-placement_kind', 'post-internship');
  await page.fill('#f-starts_on', '2025-04-01');
  await page.fill('#f-ends_on', '2025-04-30');
  await page.setInputFiles('#f-tripartite_agreement_hash-field input[type=file]',
    join(home, 'charter.note'));
  await page.getByRole('button', { name: '核对并签名' }).click();
  await page.getByRole('button', { name: '签名并提交' }).click();
  await page.waitForSelector('.notice.warn[role=alert]');
  const said = await page.textContent('.notice.warn[role=alert]');
  assert.match(said, /没有这项权限/);
  assert.match(said, /登记和提交签名/);
  assert.match(said, /账号管理员给账号 li-reader/);
  await look(reader, 'signin-no-right');
  done('who has no right to record is told which one is missing, and whom to ask');
}

// ---- An account of a department is told whose record it is; a session that is over: what was
// typed is still there

const clerk = await guest('zh-CN', desktop);
{
  const { page } = clerk;
  await page.goto(`${base}/console#/new/student-placement`);
  await page.waitForSelector('#account');
  await enter(page, 'wang', oneTime.clerk);
  await setFirstPassword(page, words);
  await signedIn(page, 'wang');
  const school = await page.inputValue('#f-school');
  assert.match(school, /^[0-9A-Z]{18}\/jwc$/, 'what is recorded is the department\'s');
  assert.match(await page.textContent('.departments'), /您的账号代表：jwc。$/);
  await page.fill('#f-school', school.slice(0, 18));
  await page.getByText('请在“').waitFor();
  assert.match(await page.textContent('.departments'), /中写明部门，否则须由代表全单位的账号提交/);
  await look(clerk, 'signin-department');
  await page.fill('#f-school', school);
  await page.getByRole('button', { name: '生成新代号' }).click();
  const student = await page.inputValue('#f-student');
  await page.fill('#f-starts_on', '2025-04-01');
  await page.fill('#f-host', '91150200000000043N');
  await page.selectOption('#f-placement_kind', 'post-internship');
  await page.fill('#f-ends_on', '2025-04-30');
  await page.setInputFiles('#f-tripartite_agreement_hash-field input[type=file]',
    join(home, 'charter.note'));
  await settled(page); // it has looked for duplicates
  hefu('account', 'disable', 'wang'); // ends all sessions
  hefu('account', 'enable', 'wang');
  await page.getByRole('button', { name: '核对并签名' }).click();
  await page.waitForSelector('#account');
  assert.match(await page.textContent('main:visible .lead'), /已填写的内容都在/);
  await look(clerk, 'signin-again');
  await enter(page, 'wang', words);
  await signedIn(page, 'wang');
  await page.waitForSelector('.account h3');
  assert.match(await page.textContent('.signing'), /2025-04-30/);
  await page.getByRole('button', { name: '返回' }).click();
  assert.equal(await page.inputValue('#f-student'), student, 'personal fields are in no draft');
  await quiet(clerk);
  done('a form is as it was when its author has signed in again');
}

let codeSecret;
let codeStep; // of the last code that was taken

// ---- The own account: another password, one-time codes, out

{
  const { page } = clerk;
  page.on('dialog', (dialog) => void dialog.accept());
  await page.locator('.who .signed-in').click();
  await page.waitForSelector('#present-password');
  await look(clerk, 'signin-account');
  await page.fill('#present-password', words);
  await setPassword(page, others);
  await page.waitForSelector('.notice[role=status]');
  assert.match(await page.textContent('.notice[role=status]'), /密码已修改/);
  await page.fill('#own-password', others);
  await page.getByRole('button', { name: '启用动态验证码' }).click();
  await page.waitForSelector('.copyable code');
  const secret = await page.textContent('.copyable code');
  await look(clerk, 'signin-code');
  const first = step();
  await page.fill('#own-code', oneTimeCode(secret, first));
  await page.getByRole('button', { name: '确认', exact: true }).click();
  await page.getByText('动态验证码已启用，').waitFor();
  await page.locator('button.sign-out').click();
  await page.waitForSelector('#password');
  assert.equal(await page.locator('.who .signed-in').count(), 0);
  const refused = await page.evaluate(() => fetch('/v1/records').then((answer) => answer.status));
  assert.equal(refused, 401, 'signed out is out');
  await enter(page, 'wang', others);
  await page.waitForSelector('#code');
  await look(clerk, 'signin-asks-code');
  await page.fill('#code', '000000');
  await page.locator('form button.first').click();
  await page.waitForSelector('[role=alert]');
  while (step() === first) await new Promise((resolve) => setTimeout(resolve, 500)); // a code works once
  codeSecret = secret;
  codeStep = step();
  await page.fill('#code', oneTimeCode(secret, codeStep));
  await page.locator('form button.first').click();
  await signedIn(page, 'wang');
  done('a password is changed, one-time codes are set up and asked for, who signs out is out');
}

// ---- By OpenID Connect, after a restart that signs nobody out

let algorithm = 'RS256';
const provider = await openidProvider(returnAddress, algorithm);
writeFileSync(join(home, 'oidc-secret'), `${provider.secret}\n`, { mode: 0o600 });
await stop();
await serve(`[api.oidc]\nissuer = "${provider.issuer}"\nclient_id = "hefu"\n` +
  'client_secret_file = "oidc-secret"\n');
assert.match(readFileSync(join(home, 'keys', 'sealing.key'), 'utf8'), /^hefu-key-file v1\nlabel sealing\n/);
{
  const { page, context } = await guest('en-GB', desktop);
  await page.goto(`${base}/console#/records`);
  await page.waitForSelector('#account');
  await enter(page, 'wang', others);
  await page.waitForSelector('#code');
  while (step() === codeStep) await new Promise((resolve) => setTimeout(resolve, 500));
  await page.fill('#code', oneTimeCode(codeSecret, step()));
  await page.locator('form button.first').click();
  await signedIn(page, 'wang');
  await context.close();
  done('codes are right after the node was started anew: it has opened their secret');
}
{
  const { page } = clerk;
  await page.goto(`${base}/console#/records`);
  await page.reload();
  await signedIn(page, 'wang');
  await settled(page);
  await clerk.context.close();
  done('a session goes on after the node was started anew');
}

async function toProvider(page, name) {
  await page.getByRole('link', { name: '统一身份认证登录' }).click();
  await page.waitForSelector('input[name=login]');
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'x');
  await page.locator('button[type=submit]').click();
  await page.waitForFunction(() => !document.querySelector('input[name=login]'));
  await page.locator('button[type=submit]').click(); // it asks whether this node may know
}

{
  const one = await guest('zh-CN', desktop);
  const { page } = one;
  await page.goto(`${base}/console#/records`);
  await page.getByRole('link', { name: '统一身份认证登录' }).waitFor();
  await look(one, 'signin-outside');
  await toProvider(page, '20180231');
  await page.waitForSelector('[role=alert]');
  const said = await page.textContent('[role=alert]');
  assert.match(said, /还没有对应的账号/);
  assert.match(said, /“20180231”.*账号管理员/);
  await look(one, 'signin-outside-unknown');
  await one.context.close();
  hefu('account', 'link', 'wang', '20180231');
  const other = await guest('zh-CN', desktop);
  await other.page.goto(`${base}/console#/records`);
  await toProvider(other.page, '20180231');
  await signedIn(other.page, 'wang');
  await settled(other.page);
  assert.equal(await other.page.textContent('h1'), '记录');
  const replayed = (await fetch(`${returnAddress}?code=x&state=y`, { redirect: 'manual' })).headers
    .get('location');
  assert.match(replayed, /refused=over/);
  await other.page.locator('.who .signed-in').click();
  await other.page.getByText('您通过统一身份认证登录').waitFor();
  await look(other, 'signin-outside-account');
  await quiet(other);
  await other.context.close();
  provider.close();
  done('who signs in by OpenID Connect is the linked account, and is told whom to ask if there is none');
}

// ---- By the provider's other algorithms

for (algorithm of ['ES256', 'EdDSA']) {
  const another = await openidProvider(returnAddress, algorithm);
  writeFileSync(join(home, 'oidc-secret'), another.secret);
  await stop();
  await serve(`[api.oidc]\nissuer = "${another.issuer}"\nclient_id = "hefu"\n` +
    'client_secret_file = "oidc-secret"\n');
  const one = await guest('zh-CN', desktop);
  await one.page.goto(`${base}/console#/`);
  await toProvider(one.page, '20180231');
  await signedIn(one.page, 'wang');
  await one.context.close();
  another.close();
}
done('ID tokens are taken under ES256 and EdDSA as well');

// ---- By CAS

{
  const cas = await casServer('20180231');
  await stop();
  await serve(`[api.cas]\nurl = "${cas.url}"\n`);
  const one = await guest('zh-CN', phone);
  await one.page.goto(`${base}/console#/inbox`);
  await one.page.getByRole('link', { name: '统一身份认证登录' }).click();
  await one.page.locator('#enter').click();
  await signedIn(one.page, 'wang');
  await settled(one.page);
  assert.equal(await one.page.textContent('h1'), '待办');
  await quiet(one);
  await one.context.close();
  cas.close();
  done('who signs in by CAS is the linked account');
}

// ---- Over TLS, by the node itself

{
  const place = new URL(base);
  const secure = `https://${place.hostname}:${Number(place.port) + 9}`;
  const [chain, key] = ['https-chain.pem', 'https-key.pem'].map((file) => join(home, file));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj',
    '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', chain],
    { stdio: 'ignore' });
  await stop();
  await serve(`[https]\nlisten = "${secure.slice(8)}"\ncertificate = "https-chain.pem"\n` +
    'key = "https-key.pem"\n');
  const refused = await fetch(`${secure}/v1/health`).catch((why) => String(why.cause?.code));
  assert.match(refused, /SELF_SIGNED|DEPTH_ZERO/, 'it is the certificate of the test');
  const one = await visitor(secure, 'zh-CN', desktop, { ignoreHTTPSErrors: true });
  one.faults = () => one.wrong.filter((text) => !/40[13]/.test(text));
  await one.page.goto(`${secure}/console#/records`);
  await one.page.waitForSelector('#account');
  await enter(one.page, 'li-reader', words);
  await signedIn(one.page, 'li-reader');
  await settled(one.page);
  const [cookie] = await one.context.cookies();
  assert.ok(cookie.secure && cookie.httpOnly && cookie.name.startsWith('__Host-'));
  await quiet(one);
  await one.context.close();
  assert.ok((await fetch(`${base}/v1/health`)).ok, 'programs on the machine need no certificate');
  done('the node serves its API and console over TLS');
}

await reader.context.close();
await stop();
await leave();
