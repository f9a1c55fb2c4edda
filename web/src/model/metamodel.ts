// The metamodel as the server gives it, with what is looked up often.
import type { AttrType, Item, Kind, LinkType, Metamodel } from '../api/types';
import { words } from '../i18n';

export function kindOf(model: Metamodel | null, name: string): Kind | null {
  return model?.kinds.find((kind) => kind.name === name) ?? null;
}

export function attrOf(kind: Kind | null, name: string): AttrType | null {
  return kind?.attrs.find((attr) => attr.name === name) ?? null;
}

export function stateNames(kind: Kind | null): string[] {
  return (kind?.states ?? []).map((state) => state.name);
}

/** What some kinds are listed by where nobody chose: what tells one from the other. */
const LISTED: Record<string, string[]> = {
  asset: ['criticality', 'nature', 'location', 'installed_version'],
  component: ['vendor', 'version', 'types', 'end_of_support'],
  conduit: ['direction', 'untrusted', 'protocols', 'enforcement'],
  hazard: ['severity', 'likelihood', 'cause', 'consequence'],
  zone: ['purdue', 'nature', 'isolated', 'physical_boundary'],
};

/** What a kind's items are listed by: short attributes first, in the metamodel's order. */
const SHORT = new Set(['enum', 'enums', 'int', 'ints', 'bool', 'date', 'decimal', 'ref', 'refs', 'vector', 'levels']);
export function listedAttrs(kind: Kind | null, most: number): AttrType[] {
  const attrs = kind?.attrs ?? [];
  const listed = LISTED[kind?.name ?? ''];
  if (listed !== undefined) return listed.flatMap((name) => attrs.filter((attr) => attr.name === name)).slice(0, most);
  return [...attrs.filter((attr) => SHORT.has(attr.type)), ...attrs.filter((attr) => !SHORT.has(attr.type) && attr.type !== 'answers')].slice(0, most);
}

export interface LinkEnd {
  type: LinkType;
  /** The item is where the link comes from. */
  outward: boolean;
  /** Kinds of the other end. */
  kinds: string[];
  /** What it may be linked as; the empty role is none. */
  roles: string[];
}

const union = (lists: string[][]): string[] => [...new Set(lists.flat())];

/** The links an item of this kind may have. */
export function linkEnds(model: Metamodel | null, kind: string): LinkEnd[] {
  const found: LinkEnd[] = [];
  for (const type of model?.links ?? []) {
    const out = type.rules.filter((rule) => rule.from.includes(kind));
    const back = type.rules.filter((rule) => rule.to.includes(kind));
    if (out.length > 0) found.push({ type, outward: true, kinds: union(out.map((rule) => rule.to)), roles: union(out.map((rule) => rule.as)) });
    if (back.length > 0) found.push({ type, outward: false, kinds: union(back.map((rule) => rule.from)), roles: union(back.map((rule) => rule.as)) });
  }
  return found;
}

/** What the link says, read from the item. */
export const endName = (end: LinkEnd): string => words(end.outward ? end.type.name : end.type.reverse || end.type.name);

/** Keys in the order people count: ZN-2 before ZN-10. */
export function compareKeys(a: string, b: string): number {
  const [, prefixA = a, numberA = ''] = /^(.*?)(\d*)$/.exec(a) ?? [];
  const [, prefixB = b, numberB = ''] = /^(.*?)(\d*)$/.exec(b) ?? [];
  if (prefixA !== prefixB) return prefixA < prefixB ? -1 : 1;
  return Number(numberA) - Number(numberB);
}

export function title(item: Pick<Item, 'key' | 'title'>): string {
  return item.title === '' ? item.key : item.title;
}
