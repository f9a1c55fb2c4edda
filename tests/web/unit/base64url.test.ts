import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '../../../web/src/model/base64url';

test('base64url: there and back, with the letters that are its own and without padding', () => {
  for (const [bytes, text] of [[[], ''], [[0x66], 'Zg'], [[0x66, 0x6f], 'Zm8'], [[0xfb, 0xff], '-_8']] as const) {
    assert.equal(encode(Uint8Array.from(bytes).buffer), text);
    assert.deepEqual([...decode(text)], [...bytes]);
  }
});
