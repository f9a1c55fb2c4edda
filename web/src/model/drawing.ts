// What a drawing of zones and conduits says, from the items and their links. Nothing here knows where anything stands.
import type { Defect, LinkedItem, PlaceLevels, Vector } from '../api/types';
import { compareKeys } from './metamodel';

export interface Zone {
  item: LinkedItem;
  key: string;
  title: string;
  /** The zone it is part of. */
  parent: string | null;
  /** The system it is part of, when it is part of no zone. */
  system: string | null;
  purdue: string;
  nature: string[];
  children: string[];
  assets: LinkedItem[];
  target: Vector | null;
}

export type Direction = 'a_to_b' | 'b_to_a' | 'both' | 'not_stated';

export interface Conduit {
  item: LinkedItem;
  key: string;
  title: string;
  /** Zones at its ends, as the links say `a` and `b`. */
  a: string[];
  b: string[];
  protocols: string[];
  direction: Direction;
  assets: LinkedItem[];
  target: Vector | null;
}

export interface Drawing {
  zones: Map<string, Zone>;
  conduits: Map<string, Conduit>;
  /** Assets in no place. */
  loose: LinkedItem[];
  /** Where a zone goes that is part of no zone. */
  system: string | null;
}

export interface Warning {
  n: number;
  defect: Defect;
  /** Zones and conduits that it is about. */
  places: string[];
}

const DIRECTIONS = new Set<string>(['a_to_b', 'b_to_a', 'both']);

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const ends = (item: LinkedItem, type: string, as = ''): string[] => item.links.filter((link) => link.type === type && link.as === as).map((link) => link.to);

function zoneOf(item: LinkedItem, target: Vector | null): Zone {
  return {
    item,
    key: item.key,
    title: item.title,
    parent: null,
    system: null,
    purdue: text(item.attrs['purdue']),
    nature: texts(item.attrs['nature']),
    children: [],
    assets: [],
    target,
  };
}

function conduitOf(item: LinkedItem, target: Vector | null, zones: ReadonlyMap<string, Zone>): Conduit {
  const said = text(item.attrs['direction']);
  const known = (as: string): string[] => ends(item, 'connects', as).filter((key) => zones.has(key));
  return {
    item,
    key: item.key,
    title: item.title,
    a: known('a'),
    b: known('b'),
    protocols: texts(item.attrs['protocols']),
    direction: DIRECTIONS.has(said) ? (said as Direction) : 'not_stated',
    assets: [],
    target,
  };
}

/** Does following `part_of` from a zone come to `key`? So that nothing is put into itself. */
export function isWithin(zones: ReadonlyMap<string, Zone>, zone: string, key: string): boolean {
  const seen = new Set<string>();
  for (let at: string | null = zone; at !== null && !seen.has(at); at = zones.get(at)?.parent ?? null) {
    if (at === key) return true;
    seen.add(at);
  }
  return false;
}

function joinZones(zones: Map<string, Zone>): void {
  for (const zone of zones.values()) {
    const [into] = ends(zone.item, 'part_of');
    if (into === undefined) continue;
    // a loop in the data is a defect; here it is cut, or nothing would be drawn
    if (zones.has(into) && !isWithin(zones, into, zone.key)) zone.parent = into;
    else if (!zones.has(into)) zone.system = into;
  }
  for (const zone of zones.values()) if (zone.parent !== null) zones.get(zone.parent)?.children.push(zone.key);
}

export function drawingOf(items: readonly LinkedItem[], levels: readonly Pick<PlaceLevels, 'place' | 'target'>[]): Drawing {
  const live = items.filter((item) => item.state !== 'retired').sort((one, other) => compareKeys(one.key, other.key));
  const of = (kind: string): LinkedItem[] => live.filter((item) => item.kind === kind);
  const targets = new Map(levels.map((one) => [one.place, one.target]));
  const zones = new Map(of('zone').map((item) => [item.key, zoneOf(item, targets.get(item.key) ?? null)]));
  const conduits = new Map(of('conduit').map((item) => [item.key, conduitOf(item, targets.get(item.key) ?? null, zones)]));
  const loose: LinkedItem[] = [];

  joinZones(zones);
  for (const asset of of('asset')) {
    const [into] = ends(asset, 'part_of');
    const place = into === undefined ? undefined : (zones.get(into) ?? conduits.get(into));
    if (place === undefined) loose.push(asset);
    else place.assets.push(asset);
  }
  return { zones, conduits, loose, system: of('system')[0]?.key ?? null };
}

/** The defects that speak of what is drawn, numbered; assets, flows and access points stand for the places they lie in or join. */
export function warningsOf(drawing: Drawing, items: readonly LinkedItem[], defects: readonly Defect[]): Warning[] {
  const placeOf = new Map<string, string[]>();
  for (const zone of drawing.zones.values()) for (const asset of zone.assets) placeOf.set(asset.key, [zone.key]);
  for (const conduit of drawing.conduits.values()) for (const asset of conduit.assets) placeOf.set(asset.key, [conduit.key]);
  for (const asset of drawing.loose) placeOf.set(asset.key, []);
  for (const item of items)
    if (item.kind === 'flow' || item.kind === 'access_point')
      placeOf.set(item.key, [...new Set(item.links.filter((link) => link.type === 'connects').flatMap((link) => placeOf.get(link.to) ?? (drawing.zones.has(link.to) ? [link.to] : [])))]);
  const drawn = (key: string): string[] | null => (drawing.zones.has(key) || drawing.conduits.has(key) ? [key] : (placeOf.get(key) ?? null));
  return defects
    .map((defect) => ({ defect, found: defect.items.map(drawn) }))
    .filter((one) => one.found.some((places) => places !== null))
    .map((one, i) => ({ n: i + 1, defect: one.defect, places: [...new Set(one.found.flatMap((places) => places ?? []))] }));
}

/** The numbers of the warnings at each place. */
export function warningNumbers(warnings: readonly Warning[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const warning of warnings) if (!warning.defect.answer) for (const place of warning.places) numbers.set(place, [...(numbers.get(place) ?? []), warning.n]);
  return numbers;
}
