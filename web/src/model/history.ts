// What a revision changed against the one before, as texts to show side by side.
import type { Kind, Revision } from '../api/types';
import { bytes, type MessageKey, t, words } from '../i18n';
import { same } from './merge';
import { attrOf } from './metamodel';
import { editValue } from './value';
import '../i18n/en/item';

export interface Difference {
  name: string;
  before: string;
  after: string;
}

/** What a revision says besides its attributes, in the order it is shown. */
const PARTS: [MessageKey, (revision: Revision) => string][] = [
  ['item.title', (revision) => revision.title],
  ['item.body', (revision) => revision.body ?? ''],
  ['item.owner', (revision) => revision.owner ?? ''],
  ['item.parent', (revision) => revision.parent ?? ''],
  ['item.tags', (revision) => (revision.tags ?? []).join('\n')],
  ['item.files', (revision) => (revision.attachments ?? []).map((file) => `${file.name} (${bytes(file.size)}, SHA-256 ${file.sha256.slice(0, 12)}…)`).join('\n')],
];

export function differences(before: Revision | undefined, after: Revision, kind: Kind | null): Difference[] {
  const text = (name: string, revision: Revision | undefined): string => editValue(revision?.attrs[name], attrOf(kind, name)?.type ?? 'text');
  const parts = PARTS.map(([name, part]) => ({ name: t(name), before: before === undefined ? '' : part(before), after: part(after) }));
  const names = new Set([...Object.keys(before?.attrs ?? {}), ...Object.keys(after.attrs)]);
  const attrs = [...names].filter((name) => !same(before?.attrs[name], after.attrs[name])).map((name) => ({ name: words(name), before: text(name, before), after: text(name, after) }));
  return [...parts.filter((part) => part.before !== part.after), ...attrs];
}
