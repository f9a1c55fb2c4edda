import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellOf, cellsOf } from '../../../web/src/model/sl';

test('sl: unknown never counts as achieved', () => {
  assert.deepEqual(cellOf(2, null, null), { standing: 'unknown', text: '? / 2' });
  assert.deepEqual(cellOf(null, 4, 4), { standing: 'unknown', text: '4 / ?' });
  assert.deepEqual(cellOf(2, null, 3).standing, 'unknown');
});

test('sl: verified, claimed, below, nothing demanded', () => {
  assert.deepEqual(cellOf(2, 2, 2), { standing: 'achieved', text: '2 / 2 ✓' });
  assert.deepEqual(cellOf(2, 1, 2), { standing: 'claimed', text: '(2) / 2' });
  assert.deepEqual(cellOf(3, 1, 2), { standing: 'below', text: '1 / 3 ▼' });
  assert.deepEqual(cellOf(1, 0, null), { standing: 'below', text: '0 / 1 ▼' });
  assert.deepEqual(cellOf(0, null, null), { standing: 'none', text: '– / 0' });
});

test('sl: a vector short of entries is unknown where it ends', () => {
  assert.deepEqual(cellsOf([1, 1], [1], [1]).map((cell) => cell.standing), ['achieved', 'unknown']);
});
