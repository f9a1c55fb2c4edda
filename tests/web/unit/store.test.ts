// What a component sees of a store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContainerNode, h, render } from 'preact';
import { act } from 'preact/test-utils';
import { Store, useStore } from '../../../web/src/state/store';

/** All values that a component draws while `change` happens right after it was drawn first, before it follows the store. */
async function drawn(change: (store: Store<string>) => void): Promise<string[]> {
  const store = new Store('first');
  const values: string[] = [];
  const Follower = (): null => {
    values.push(useStore(store));
    return null;
  };
  const root = { childNodes: [], firstChild: null } as unknown as ContainerNode;
  await act(() => {
    render(h(Follower, {}), root);
    change(store);
  });
  await act(() => store.set('last'));
  return values;
}

test('a value that is set between drawing and following is drawn', async () => {
  assert.deepEqual(await drawn((store) => store.set('second')), ['first', 'second', 'last']);
});

test('an equal value draws nothing again', async () => {
  assert.deepEqual(await drawn((store) => store.set('first')), ['first', 'last']);
});
