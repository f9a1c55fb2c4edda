// Two people changed one item: what differs, and what a choice for each field makes of it.
import type { Attrs, AttrValue } from '../api/types';

/** The parts of an item that are edited as wholes; attributes by their names, `title` and `body` beside them. */
export interface Editable {
  title: string;
  body?: string;
  attrs: Attrs;
}

export interface Patch {
  title?: string;
  body?: string;
  attrs?: Attrs;
}

export interface Choice {
  /** `title`, `body`, or `attrs.NAME`. */
  field: string;
  base: AttrValue;
  yours: AttrValue;
  theirs: AttrValue;
}

export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  return left.length === Object.keys(b).length && left.every(([name, value]) => name in b && same(value, (b as Record<string, unknown>)[name]));
}

export function field(item: Editable, name: string): AttrValue {
  if (name === 'title') return item.title;
  if (name === 'body') return item.body ?? '';
  return item.attrs[name.slice('attrs.'.length)] ?? null;
}

export function patchFields(patch: Patch): string[] {
  const fields = Object.keys(patch.attrs ?? {}).map((name) => `attrs.${name}`);
  if (patch.body !== undefined) fields.unshift('body');
  if (patch.title !== undefined) fields.unshift('title');
  return fields;
}

/** The item with the patch applied, as a merge-patch does it: null removes. */
export function applyPatch<T extends Editable>(item: T, patch: Patch): T {
  const attrs = { ...item.attrs };
  for (const [name, value] of Object.entries(patch.attrs ?? {}))
    if (value === null) delete attrs[name];
    else attrs[name] = value;
  return { ...item, ...(patch.title === undefined ? {} : { title: patch.title }), ...(patch.body === undefined ? {} : { body: patch.body }), attrs };
}

export function patchOf(values: ReadonlyMap<string, AttrValue>): Patch {
  const patch: Patch = {};
  for (const [name, value] of values) {
    if (name === 'title') patch.title = String(value ?? '');
    else if (name === 'body') patch.body = String(value ?? '');
    else patch.attrs = { ...patch.attrs, [name.slice('attrs.'.length)]: value };
  }
  return patch;
}

/** What undoes the patch on the item it was made on. */
export function inverse(base: Editable, patch: Patch): Patch {
  return patchOf(new Map(patchFields(patch).map((name) => [name, field(base, name)])));
}

/** The fields that both changed, and to different values: these a person must choose. */
export function conflicts(base: Editable, theirs: Editable, patch: Patch): Choice[] {
  const yours = applyPatch(base, patch);
  return patchFields(patch)
    .map((name) => ({ field: name, base: field(base, name), yours: field(yours, name), theirs: field(theirs, name) }))
    .filter((choice) => !same(choice.theirs, choice.base) && !same(choice.theirs, choice.yours));
}

/** What remains of the patch once each conflict is settled. */
export function resolve(theirs: Editable, patch: Patch, settled: ReadonlyMap<string, AttrValue>): Patch {
  const mine = applyPatch({ title: '', attrs: {} }, patch);
  const values = new Map<string, AttrValue>();
  for (const name of patchFields(patch)) {
    const value = settled.has(name) ? (settled.get(name) ?? null) : field(mine, name);
    if (!same(value, field(theirs, name))) values.set(name, value);
  }
  return patchOf(values);
}
