// Programmes as the page shows them: which records fit, and who does what for which product.
import type { ProgrammeRecord } from '../api/types-programmes';

export interface RecordFilter {
  state: string;
  group: string;
}

export function recordFits(record: ProgrammeRecord, filter: RecordFilter): boolean {
  return (filter.state === '' || record.state === filter.state) && (filter.group === '' || record.group === filter.group);
}

/** Products and systems that requirements are for, in the order of their keys. */
export function subjectsOf(records: readonly ProgrammeRecord[]): string[] {
  return [...new Set(records.flatMap((record) => record.subjects))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A row of the matrix: the records of one row of the catalogue by product; what is for none is for all. */
export interface SubjectRow {
  ref: string;
  title: string;
  bySubject: ReadonlyMap<string, ProgrammeRecord>;
}

export function subjectRows(records: readonly ProgrammeRecord[]): SubjectRow[] {
  const rows = new Map<string, { ref: string; title: string; bySubject: Map<string, ProgrammeRecord> }>();
  const subjects = subjectsOf(records);
  for (const record of records) {
    const row = rows.get(record.ref) ?? { ref: record.ref, title: record.title, bySubject: new Map() };
    rows.set(record.ref, row);
    for (const subject of record.subjects.length > 0 ? record.subjects : record.requirement === null ? [] : subjects)
      if (!row.bySubject.has(subject) || record.subjects.length > 0) row.bySubject.set(subject, record);
  }
  return [...rows.values()];
}
