// The rows of 62443-3-2 by step, and where what a row lacks is entered.
import type { ZcrRow, ZcrStatus } from '../api/types';
import type { Query } from '../router';

export const ZCR_STATUSES: readonly ZcrStatus[] = ['met', 'partly', 'missing', 'skipped'];

export interface ZcrStep {
  step: number;
  rows: ZcrRow[];
}

export function stepsOf(rows: readonly ZcrRow[]): ZcrStep[] {
  const steps = new Map<number, ZcrRow[]>();
  for (const row of rows) steps.set(row.step, [...(steps.get(row.step) ?? []), row]);
  return [...steps].sort(([one], [other]) => one - other).map(([step, all]) => ({ step, rows: all }));
}

export function countZcr(rows: readonly ZcrRow[]): Record<ZcrStatus | 'total', number> {
  const counts = { met: 0, partly: 0, missing: 0, skipped: 0, total: rows.length };
  for (const row of rows) counts[row.status]++;
  return counts;
}

/** What is missing is entered on the item's page, but for what a page of its own is made for. */
export function entryOf(item: string | null, field: string | null): { path: string; query: Query } {
  if (item === null) return { path: 'reports', query: {} };
  if (field === 'targets') return { path: 'risks', query: { view: 'targets', place: item } };
  if (field === 'part_of' || field === 'connects') return { path: 'drawing', query: { view: 'table', sel: item } };
  return { path: `items/${encodeURIComponent(item)}`, query: {} };
}
