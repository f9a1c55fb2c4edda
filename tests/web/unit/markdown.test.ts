import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSafe } from '../../../web/src/model/link';
import { blocksOf, inlineOf } from '../../../web/src/model/markdown';

test('markdown: blocks', () => {
  assert.deepEqual(blocksOf('# T\n\na\nb\n\n- x\n- y\n\n1. z\n\n```\n<b>\n```').map((block) => block.kind), ['heading', 'paragraph', 'list', 'list', 'code']);
});

test('markdown: inline', () => {
  assert.deepEqual(inlineOf('a `c` **s** *e* [l](https://x.example/)'), [
    { kind: 'text', text: 'a ' },
    { kind: 'code', text: 'c' },
    { kind: 'text', text: ' ' },
    { kind: 'strong', text: 's' },
    { kind: 'text', text: ' ' },
    { kind: 'em', text: 'e' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'l', href: 'https://x.example/' },
  ]);
});

test('markdown: markup and addresses that run something stay text', () => {
  for (const text of ['<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '[x](data:text/html,a)', '[x](//evil.example/)', '[x](vbscript:a)'])
    assert.deepEqual(inlineOf(text).filter((part) => part.kind !== 'text'), [], text);
});

test('markdown: an open code block ends with the text', () => {
  assert.deepEqual(blocksOf('```\na'), [{ kind: 'code', text: 'a' }]);
});

test('links: an address is one, a number and what runs something is not', () => {
  assert.deepEqual(['https://tracker.example/PLANT-7', '/p/MAIN/', 'PLANT-7', 'javascript:alert(1)', ' javascript:x', 'data:text/html,x', '//other.example/'].map(isSafe), [true, true, false, false, false, false, false]);
});
