import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SOURCE = join(process.env['ZONEWRIGHT_SOURCE'] ?? '.', 'web/src');
const PARTS = join(SOURCE, 'i18n/en');

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** The part that has the texts of each beginning, or the text of one word. */
function partOf(): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of filesIn(PARTS)) {
    const part = /(\w+)\.ts$/.exec(path)![1]!;
    for (const [, begin] of readFileSync(path, 'utf8').matchAll(/^ {2}'?([\w-]+)['.:]/gm)) {
      assert.ok(!found.has(begin!) || found.get(begin!) === part, `${begin} is in two parts`);
      found.set(begin!, part);
    }
  }
  return found;
}

test('texts: who says one imports the part that has it, so that it is there when it is said', () => {
  const parts = partOf();
  assert.ok(parts.size > 50);
  for (const path of filesIn(SOURCE)) {
    if (path.includes('/i18n/') || path.endsWith('/pages.ts')) continue;
    const text = readFileSync(path, 'utf8');
    for (const [, begin] of [...text.matchAll(/['"`]([\w-]+)\.[\w$-]/g), ...text.matchAll(/\bt\('([\w-]+)'/g)]) {
      const part = parts.get(begin!);
      if (part !== undefined && part !== 'frame') assert.ok(text.includes(`/i18n/en/${part}';`), `${path} says ${begin}.… and does not import ${part}`);
    }
  }
});
