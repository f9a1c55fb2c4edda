// Evidence as a calendar: by the month in which it ends, the earliest first, and at last what has no end.
import type { EvidenceRow } from '../api/types';

export function byMonth(rows: EvidenceRow[]): { month: string; rows: EvidenceRow[] }[] {
  const months = new Map<string, EvidenceRow[]>();
  for (const row of rows) {
    const month = row.ends?.slice(0, 7) ?? '';
    months.set(month, [...(months.get(month) ?? []), row]);
  }
  return [...months.entries()].sort(([a], [b]) => (a || '9999').localeCompare(b || '9999')).map(([month, list]) => ({ month, rows: list }));
}
