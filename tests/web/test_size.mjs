// What comes over the wire, packed, before a page shows: size, not time, so that it is the same everywhere.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const BUDGET = 60 * 1024;
const size = JSON.parse(readFileSync(process.env.ZONEWRIGHT_WEB_SIZE, 'utf8'));

test('there are pages', () => {
  assert.ok(Object.keys(size.pages).length >= 10);
  assert.ok(size.first > 0);
});

for (const [page, own] of Object.entries(size.pages))
  test(`${page} shows within 60 KB`, () => {
    assert.ok(own > 0);
    assert.ok(size.first + own <= BUDGET, `${size.first} + ${own} bytes`);
  });
