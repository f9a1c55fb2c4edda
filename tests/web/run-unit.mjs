// Bundles the tests of unit/ and runs them with node's own runner. Usage: run-unit.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALIASES } from '../../web/aliases.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, '../../web');
const { buildSync } = createRequire(join(web, 'package.json'))('esbuild');
const dir = mkdtempSync(join(tmpdir(), 'zonewright-unit-'));
try {
  const files = readdirSync(join(here, 'unit')).filter((name) => name.endsWith('.test.ts')).sort();
  const entry = files.map((name) => `import ${JSON.stringify(join(here, 'unit', name))};`).join('\n');
  const outfile = join(dir, 'unit.mjs');
  buildSync({ stdin: { contents: entry, resolveDir: here }, outfile, bundle: true, platform: 'node', format: 'esm', alias: ALIASES, nodePaths: [join(web, 'node_modules')], jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning' });
  // where a day of the calendar would be shown as the one before, if it were taken for a time
  const env = { ...process.env, TZ: 'America/New_York' };
  const done = spawnSync(process.execPath, ['--test-reporter=tap', outfile], { stdio: 'inherit', env });
  process.exitCode = done.status ?? 1;
} finally {
  rmSync(dir, { recursive: true });
}
