// Builds ../assets/echarts.js from entry.js, with its licences beside it.
// Exits 1 if the bundle is not, byte for byte, the one this commit expects.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, '..', 'assets');

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ['entry.js'],
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'echarts',
  target: 'es2020',
  charset: 'utf8',
  legalComments: 'none', // kept whole in the licence files below
  define: { 'process.env.NODE_ENV': '"production"' },
  write: false,
});
const code = outputFiles[0].text;
if (/<\/script|<!--/i.test(code)) {
  throw new Error('the bundle would end the script element it is put into');
}

writeFileSync(join(assets, 'echarts.js'), code);
for (const [from, to] of [
  ['echarts/LICENSE', 'echarts.LICENSE'],
  ['echarts/NOTICE', 'echarts.NOTICE'],
  ['zrender/LICENSE', 'zrender.LICENSE'],
  ['tslib/LICENSE.txt', 'tslib.LICENSE'],
]) {
  copyFileSync(join(here, 'node_modules', from), join(assets, to));
}

const got = createHash('sha256').update(code).digest('hex');
const want = readFileSync(join(here, 'echarts.sha256'), 'utf8').trim();
console.log(`report/html/assets/echarts.js ${Buffer.byteLength(code)} bytes sha256 ${got}`);
if (got !== want) {
  console.error(`want sha256 ${want}: an intended change writes the new one into report/html/bundle/echarts.sha256`);
  process.exit(1);
}
