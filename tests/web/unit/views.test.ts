// Saved views: what is kept of a place, where it is shown again, and when two are the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameView, viewAddress, viewOf } from '../../../web/src/api/views';

const view = (address: string) => ({ name: 'x', address, person: 'ann', shared: false });

test('views: the filter is kept, what is chosen and the past are not', () => {
  assert.equal(viewOf('/p/MAIN/requirements', new URLSearchParams('at=5&q=state:draft&sel=RQ-1&sort=-key')), 'requirements?q=state%3Adraft&sort=-key');
  assert.equal(viewOf('/p/MAIN/findings', new URLSearchParams('state=new&finding=FD-3/CP-3')), 'findings?state=new');
  assert.equal(viewOf('/p/MAIN/zones', new URLSearchParams()), 'zones');
});

test('views: an address is shown within its project, to its end', () => {
  assert.equal(viewAddress('MAIN', view('items?q=text:what?&sort=key')), '/p/MAIN/items?q=text%3Awhat%3F&sort=key');
  assert.equal(viewAddress('A/B', view('zones')), '/p/A%2FB/zones');
});

test('views: however they are written', () => {
  assert.ok(isSameView('items?q=state:draft&sort=-key', 'items?sort=-key&q=state%3Adraft'));
  for (const [one, other] of [['items?q=a', 'items?q=b'], ['items', 'zones'], ['items?q=a', 'items']]) assert.ok(!isSameView(one!, other!), `${one} ${other}`);
});
