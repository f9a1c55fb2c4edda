// Of one place: which rows of each FR a level demands and how many of them are met, and the corners of its radar.
import type { CatalogueRow, GapRow, Vector } from '../api/types';
import { outcomeOf } from './coverage';

export interface ProfileCell {
  /** Rows whose first level this is. */
  of: number;
  met: number;
  /** SL-T demands this level. */
  demanded: boolean;
}

const LEVELS = [1, 2, 3, 4] as const;

const firstLevel = (row: CatalogueRow): number => row.sl.indexOf(true) + 1;

/** Rows of an FR by the level that first demands them. Removed ones do not count; one that a finding breaks is not met, as in SL-A with
 * findings; what is not demanded here has no status. */
export function profileOf(fr: number, catalogue: readonly CatalogueRow[], gaps: ReadonlyMap<string, GapRow>, target: number | null): ProfileCell[] {
  const outcome = (row: CatalogueRow): string => outcomeOf(gaps.get(row.id)?.status ?? 'unknown');
  return LEVELS.map((level) => {
    const rows = catalogue.filter((row) => row.fr === fr && firstLevel(row) === level && outcome(row) !== 'removed');
    return { of: rows.length, met: rows.filter((row) => outcome(row) === 'met' && !gaps.get(row.id)!.broken).length, demanded: target !== null && target >= level };
  });
}

export interface Corner {
  x: number;
  y: number;
}

/** Corners of a vector in a circle: the first entry on top, then clockwise; unknown lies in the middle. */
export function corners(vector: Vector, radius: number): Corner[] {
  return vector.map((level, i) => {
    const angle = (2 * Math.PI * i) / vector.length - Math.PI / 2;
    const length = (radius * (level ?? 0)) / LEVELS.length;
    return { x: length * Math.cos(angle), y: length * Math.sin(angle) };
  });
}
