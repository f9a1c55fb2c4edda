import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redline } from '../../../web/src/model/redline';

const before = (pieces: ReturnType<typeof redline>): string => pieces.filter((one) => one.kind !== 'new').map((one) => one.text).join('');
const after = (pieces: ReturnType<typeof redline>): string => pieces.filter((one) => one.kind !== 'gone').map((one) => one.text).join('');

test('redline: words that changed', () => {
  assert.deepEqual(redline('the old pump house', 'the new pump house'), [
    { kind: 'same', text: 'the ' },
    { kind: 'gone', text: 'old' },
    { kind: 'new', text: 'new' },
    { kind: 'same', text: ' pump house' },
  ]);
});

test('redline: both texts can be read off it, whatever they are', () => {
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 200; round++) {
    const text = (): string => Array.from({ length: random(12) }, () => ['a', 'b', 'c', ' ', '\n'][random(5)]).join('');
    const [a, b] = [text(), text()];
    const pieces = redline(a, b);
    assert.equal(before(pieces), a);
    assert.equal(after(pieces), b);
  }
});

test('redline: nothing, and far too much', () => {
  assert.deepEqual(redline('', ''), []);
  assert.deepEqual(redline('', 'x'), [{ kind: 'new', text: 'x' }]);
  const long = 'word '.repeat(4000);
  assert.equal(after(redline(long, `${long}end`)), `${long}end`);
});
