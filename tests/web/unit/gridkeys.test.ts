import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridKey } from '../../../web/src/ui/grid-keys';

const extent = { rows: 100, columns: 5, page: 20 };
const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
const at = { row: 50, column: 2 };

test('grid keys: moves stay inside', () => {
  assert.deepEqual(gridKey(press('j'), at, extent, true), { act: 'move', to: { row: 51, column: 2 } });
  assert.deepEqual(gridKey(press('PageUp'), { row: 3, column: 0 }, extent, true), { act: 'move', to: { row: 0, column: 0 } });
  assert.deepEqual(gridKey(press('ArrowDown'), { row: 99, column: 0 }, extent, true), { act: 'move', to: { row: 99, column: 0 } });
  assert.deepEqual(gridKey(press('End', { ctrlKey: true }), at, extent, true), { act: 'move', to: { row: 99, column: 4 } });
});

test('grid keys: letters act only where they may', () => {
  for (const [key, act] of [['x', 'select'], ['e', 'edit']] as const) {
    assert.deepEqual(gridKey(press(key), at, extent, true), { act });
    assert.equal(gridKey(press(key), at, extent, false), null);
  }
  for (const [key, act] of [[' ', 'select'], ['F2', 'edit'], ['Enter', 'open'], ['Escape', 'leave']] as const) assert.deepEqual(gridKey(press(key), at, extent, false), { act });
});

test('grid keys: what belongs to the browser is left to it', () => {
  assert.equal(gridKey(press('k', { ctrlKey: true }), at, extent, true), null);
  assert.equal(gridKey(press('ArrowLeft', { altKey: true }), at, extent, true), null);
  assert.equal(gridKey(press('Tab'), at, extent, true), null);
  assert.equal(gridKey(press('q'), at, extent, true), null);
});
