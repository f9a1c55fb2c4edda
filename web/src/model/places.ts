// What a comparison of two states says of zones and conduits, as rows of tables.
import type { ComparedPlace } from '../api/types';

export interface LevelRow {
  place: string;
  title: string;
  vector: string;
  fr: number;
  old: number | null;
  new: number | null;
  /** It is lower, or nobody knows it any more. */
  drops: boolean;
}

/** Entries of vectors that differ, those that drop first. */
export function levelRows(places: readonly ComparedPlace[]): LevelRow[] {
  const rows = places.flatMap((place) =>
    place.levels.map((level) => ({ place: place.place, title: place.title, ...level, drops: level.old !== null && (level.new === null || level.new < level.old) })),
  );
  return rows.sort((a, b) => Number(b.drops) - Number(a.drops));
}

export interface StatusRow {
  place: string;
  ref: string;
  title: string;
  requirement: string | null;
  old: string | null;
  new: string | null;
}

/** Rows whose status differs; another stage alone is none. */
export function statusRows(places: readonly ComparedPlace[]): StatusRow[] {
  return places.flatMap((place) =>
    place.rows
      .filter((row) => row.old?.status !== row.new?.status)
      .map((row) => ({ place: place.place, ref: row.ref, title: row.title, requirement: row.requirement, old: row.old?.status ?? null, new: row.new?.status ?? null })),
  );
}
