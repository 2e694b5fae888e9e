// Makes dist: the console's scripts, style sheet, icon and the module that runs Hefu's own code, each
// named by its content, and the page that names them; and verify.html, the verifier in one file. In
// the console's page nothing is inline: the node's Content-Security-Policy admits no more. The same
// sources make the same bytes.
//   node build.mjs [FOLDER]      default: dist

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

// The words of choices stand once, in the catalogue.
const choices = {
  name: 'choices',
  setup(made) {
    made.onResolve({ filter: /^hefu:choices$/ }, () => ({ path: 'choices', namespace: 'hefu' }));
    made.onLoad({ filter: /^choices$/, namespace: 'hefu' }, () => {
      const { words } = JSON.parse(readFileSync('../../deploy/catalogue/hefu-cn-1.json', 'utf8'));
      // English words that say no more than the value does are left out: most of them.
      const english = ({ en }, value) => (en.toLowerCase() === value.replaceAll('-', ' ') ? [] : [en]);
      const both = Object.entries(words).map(([value, word]) => [value, [word.zh, ...english(word, value)]]);
      return { contents: JSON.stringify(Object.fromEntries(both)), loader: 'json' };
    });
  },
};

const folder = process.argv[2] ?? 'dist';
const module = 'wasm/hefu.wasm.gz'; // tools/wasm/build
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'assets'), { recursive: true });

const common = {
  bundle: true,
  minify: true,
  target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  plugins: [choices],
  logLevel: 'warning',
};
const named = ({ metafile }, start, end) => {
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  return `/console/assets/${made.find((name) => name.startsWith(`${start}-`) && name.endsWith(end))}`;
};
const digest = (bytes, form) => createHash('sha256').update(bytes).digest(form);

const packed = readFileSync(module);
const moduleName = `hefu-${digest(packed, 'hex').slice(0, 8).toUpperCase()}.wasm.gz`;
copyFileSync(module, join(folder, 'assets', moduleName));

const worker = await build({
  ...common,
  entryPoints: { worker: 'src/hefu_worker.ts' },
  outdir: join(folder, 'assets'),
  entryNames: '[name]-[hash]',
  format: 'iife',
});
const console_ = await build({
  ...common,
  entryPoints: ['src/main.tsx', 'src/style.css', 'src/seal.svg'],
  outdir: join(folder, 'assets'),
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.svg': 'copy' },
  format: 'esm',
  define: {
    WORKER_PATH: JSON.stringify(named(worker, 'worker', '.js')),
    MODULE_PATH: JSON.stringify(`/console/assets/${moduleName}`),
  },
});
const page = readFileSync('src/index.html', 'utf8')
  .replace('seal.svg', named(console_, 'seal', '.svg'))
  .replace('style.css', named(console_, 'style', '.css'))
  .replace('main.tsx', named(console_, 'main', '.js'));
writeFileSync(join(folder, 'index.html'), page);

// The verifier in one file: script, style and module inside. Its own policy names the script and the
// style by their hashes, lets the worker be made from the text inside, and lets nothing be sent.
const script = await build({
  ...common,
  entryPoints: ['src/standalone.tsx'],
  write: false,
  outdir: 'out',
  format: 'iife',
});
const text = (path) => readFileSync(join(folder, path.replace('/console/', '')), 'utf8').trim();
const code = script.outputFiles[0].text.trim();
const style = text(named(console_, 'style', '.css'));
const workerCode = text(named(worker, 'worker', '.js'));
for (const one of [code, style, workerCode]) {
  if (/<\/(script|style)|<!--/i.test(one)) throw new Error('a script may not end its own element');
}
const source = (one) => `'sha256-${digest(one, 'base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${source(code)} 'wasm-unsafe-eval'`,
  'worker-src blob:',
  `style-src ${source(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
const standalone = readFileSync('src/verify.html', 'utf8');
// Functions: in texts "$&" would mean something.
writeFileSync(
  join(folder, 'verify.html'),
  standalone
    .replace('POLICY', () => policy)
    .replace('STYLE', () => style)
    .replace('WORKER', () => workerCode)
    .replace('MODULE', () => packed.toString('base64'))
    .replace('SCRIPT', () => code),
);
