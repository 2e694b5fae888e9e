// Makes dist: one script, one style sheet, one icon, each named by its content, and the page that
// names them. Nothing is inline: the node's Content-Security-Policy admits no more. The same sources
// make the same bytes.
//   node build.mjs [FOLDER]      default: dist

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

// The words of choices stand once, in the list that spreadsheets go by.
const choices = {
  name: 'choices',
  setup(made) {
    made.onResolve({ filter: /^hefu:choices$/ }, () => ({ path: 'choices', namespace: 'hefu' }));
    made.onLoad({ filter: /^choices$/, namespace: 'hefu' }, () => {
      const list = readFileSync('../../tools/sheet/enum_words.cc', 'utf8');
      const words = [...list.matchAll(/^ {4}\{"([^"]+)", "([^"]+)"\},$/gm)].map((m) => [m[1], m[2]]);
      if (words.length < 100) throw new Error('tools/sheet/enum_words.cc: the words are not found');
      return { contents: JSON.stringify(Object.fromEntries(words)), loader: 'json' };
    });
  },
};

const folder = process.argv[2] ?? 'dist';
rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/main.tsx', 'src/style.css', 'src/seal.svg'],
  outdir: join(folder, 'assets'),
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.svg': 'copy' },
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  plugins: [choices],
  logLevel: 'warning',
});

const made = Object.keys(metafile.outputs).map((path) => `/console/assets/${basename(path)}`);
const named = (start, end) => made.find((path) => path.includes(`/${start}-`) && path.endsWith(end));
const page = readFileSync('src/index.html', 'utf8')
  .replace('seal.svg', named('seal', '.svg'))
  .replace('style.css', named('style', '.css'))
  .replace('main.tsx', named('main', '.js'));
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'index.html'), page);
