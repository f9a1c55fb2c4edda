import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ZcrRow, ZcrStatus } from '../../../web/src/api/types';
import { countZcr, entryOf, stepsOf } from '../../../web/src/model/zcr';

const row = (id: string, step: number, status: ZcrStatus): ZcrRow => ({ id, title: id, step, status, text: '', missing: [], items: [] });

test('zcr: rows by step, each counted once', () => {
  const rows = [row('ZCR 1.1', 1, 'met'), row('ZCR 3.1', 3, 'partly'), row('ZCR 3.2', 3, 'skipped')];
  assert.deepEqual(stepsOf(rows).map((step) => [step.step, step.rows.length]), [[1, 1], [3, 2]]);
  assert.deepEqual(countZcr(rows), { met: 1, partly: 1, missing: 0, skipped: 1, total: 3 });
});

test('zcr: what is missing leads to where it is entered', () => {
  assert.deepEqual(entryOf('ZN-1', 'targets'), { path: 'risks', query: { view: 'targets', place: 'ZN-1' } });
  assert.deepEqual(entryOf('AS-1', 'part_of'), { path: 'drawing', query: { view: 'table', sel: 'AS-1' } });
  assert.deepEqual(entryOf('RK-1', 'decision'), { path: 'items/RK-1', query: {} });
  assert.deepEqual(entryOf(null, null), { path: 'reports', query: {} });
});
