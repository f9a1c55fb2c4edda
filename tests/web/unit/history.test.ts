// What a revision changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Revision } from '../../../web/src/api/types';
import { differences } from '../../../web/src/model/history';

const revision = (more: Partial<Revision>): Revision => ({ key: 'ZN-1', kind: 'zone', rev: 1, state: 'draft', title: 'Intake', attrs: {}, commit: 1, time: '', by: 'ann', message: '', editorial: false, ...more });
const file = { name: 'plan.pdf', sha256: 'a'.repeat(64), size: 1200, media: 'application/pdf' };

test('a first revision says everything it has', () => {
  const found = differences(undefined, revision({ body: 'Wet', attrs: { purdue: '2' } }), null);
  assert.deepEqual(found, [
    { name: 'Title', before: '', after: 'Intake' },
    { name: 'Text', before: '', after: 'Wet' },
    { name: 'Purdue', before: '', after: '2' },
  ]);
});

test('text, owner, tags and files count like attributes', () => {
  const before = revision({ body: 'Wet', owner: 'ann', tags: ['old'], attachments: null, attrs: { purdue: '2', gone: 'x' } });
  const after = revision({ body: 'Dry', owner: null, tags: ['old', 'new'], attachments: [file], attrs: { purdue: '3' } });
  assert.deepEqual(
    differences(before, after, null).map((one) => [one.name, one.before, one.after]),
    [
      ['Text', 'Wet', 'Dry'],
      ['Owner', 'ann', ''],
      ['Tags', 'old', 'old\nnew'],
      ['Files', '', 'plan.pdf (1.2 kB, SHA-256 aaaaaaaaaaaa…)'],
      ['Purdue', '2', '3'],
      ['Gone', 'x', ''],
    ],
  );
});

test('what is the same is not told', () => {
  assert.deepEqual(differences(revision({ attrs: { sl: [1, null] } }), revision({ rev: 2, state: 'in_review', attrs: { sl: [1, null] } }), null), []);
});
