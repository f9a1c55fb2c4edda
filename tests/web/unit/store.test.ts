import assert from 'node:assert/strict';
import { test } from 'node:test';
import { h, render } from 'preact';
import { Store, useStore } from '../../../web/src/state/store';

/** A place to draw in that nothing is drawn in. */
const nowhere = (): Element => ({ nodeType: 1, childNodes: [], firstChild: null, namespaceURI: null }) as unknown as Element;

test('what is set after a component was drawn and before it follows the store is shown', async () => {
  const store = new Store(1);
  const shown: number[] = [];
  const Shows = (): null => {
    shown.push(useStore(store));
    return null;
  };
  render(h(Shows, {}), nowhere());
  store.set(2);
  assert.deepEqual(shown, [1]);
  await new Promise((done) => setTimeout(done, 200)); // effects run after the next frame
  assert.deepEqual(shown, [1, 2]);
});
