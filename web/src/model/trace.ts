// A chain laid out in columns: the source in the middle, what it comes from to the left, what follows to the right.
import type { FullItem, Link, Metamodel, Trace } from '../api/types';
import { type LinkEnd, linkEnds } from './metamodel';

export interface Column {
  /** Steps from the source; negative is upstream. */
  distance: number;
  keys: string[];
}

type Neighbours = Map<string, Set<string>>;

function add(to: Neighbours, from: string, key: string): void {
  const set = to.get(from);
  if (set === undefined) to.set(from, new Set([key]));
  else set.add(key);
}

/** Downstream goes from a cause to its proof; links whose `from` is the proof's side are walked against their direction. */
export function neighbours(links: readonly Link[], backward: ReadonlySet<string>): { down: Neighbours; up: Neighbours } {
  const down: Neighbours = new Map();
  const up: Neighbours = new Map();
  for (const link of links) {
    const [first, then] = backward.has(link.type) ? [link.to, link.from] : [link.from, link.to];
    add(down, first, then);
    add(up, then, first);
  }
  return { down, up };
}

export function reach(start: string, next: Neighbours): Map<string, number> {
  const found = new Map([[start, 0]]);
  const queue = [start];
  for (let i = 0; i < queue.length; i++) {
    const key = queue[i]!;
    for (const other of next.get(key) ?? [])
      if (!found.has(other)) {
        found.set(other, found.get(key)! + 1);
        queue.push(other);
      }
  }
  return found;
}

/** Links that lead from an answer to its cause: their `from` lies downstream. */
export function tracedBackward(model: Metamodel | null): ReadonlySet<string> {
  return new Set((model?.links ?? []).filter((type) => type.trace === 'backward').map((type) => type.name));
}

export function columnsOf(trace: Trace, source: string, backward: ReadonlySet<string>): Column[] {
  const { down, up } = neighbours(trace.links, backward);
  const downward = reach(source, down);
  const upward = reach(source, up);
  const columns = new Map<number, string[]>();
  for (const { key } of trace.items) {
    const below = downward.get(key);
    const above = upward.get(key);
    const distance = below !== undefined && (above === undefined || below <= above) ? below : above === undefined ? null : -above;
    if (distance !== null) columns.set(distance, [...(columns.get(distance) ?? []), key]);
  }
  return [...columns].map(([distance, keys]) => ({ distance, keys })).sort((a, b) => a.distance - b.distance);
}

/** Everything on a chain through the item: all above it and all below. */
export function lit(trace: Trace, key: string, backward: ReadonlySet<string>): Set<string> {
  const { down, up } = neighbours(trace.links, backward);
  return new Set([...reach(key, down).keys(), ...reach(key, up).keys()]);
}

/** The links of the chain that an item may have and has not: before it, towards the source, and after it. */
export function missingEnds(item: Pick<FullItem, 'key' | 'kind' | 'links'>, model: Metamodel): { before: LinkEnd[]; after: LinkEnd[] } {
  const missing = linkEnds(model, item.kind).filter(
    (end) => end.type.trace !== 'none' && !item.links.some((link) => link.type === end.type.name && (end.outward ? link.from : link.to) === item.key),
  );
  const isAfter = (end: LinkEnd): boolean => end.outward === (end.type.trace === 'forward');
  return { before: missing.filter((end) => !isAfter(end)), after: missing.filter(isAfter) };
}
