// Which column of a sheet is what.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUsable, profileOf, send, type SheetTable } from '../../../web/src/model/mapping';

const table: SheetTable = {
  columns: [
    { header: 'Nr', to: 'extra' },
    { header: 'What', to: 'title' },
    { header: 'Colour', to: 'extra' },
    { header: '', to: 'extra' },
  ],
  rows: [],
  members: ['id', 'title', 'body'],
};

test('a member takes one column; what is kept or left out may be many', () => {
  const targets = table.columns.map((column) => column.to);
  assert.deepEqual(send(targets, 0, 'title'), ['title', 'extra', 'extra', 'extra']);
  assert.deepEqual(send(send(targets, 0, ''), 2, ''), ['', 'title', '', 'extra']);
});

test('without a column for the id it is of no use', () => {
  const targets = table.columns.map((column) => column.to);
  assert.ok(!isUsable(targets));
  assert.ok(isUsable(send(targets, 0, 'id')));
});

test('a profile names columns by their headers, and keeps what else it said', () => {
  const base = { header_row: 2, columns: { body: 'Old' }, ignore: ['Gone'], defaults: { discipline: 'security' } };
  assert.deepEqual(profileOf(table, ['id', 'title', '', 'body'], base), {
    header_row: 2,
    defaults: { discipline: 'security' },
    columns: { id: 'Nr', title: 'What' },
    ignore: ['Colour'],
  });
});
