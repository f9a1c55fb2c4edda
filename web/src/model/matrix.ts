// Cells of a trace matrix: what stands at a row and a column.
import type { MatrixPage } from '../api/types';

export type MatrixRow = MatrixPage['rows'][number];

export interface Mark {
  how: 'direct' | 'derived';
  suspect: boolean;
}

const marks = new WeakMap<MatrixRow, Map<number, Mark>>();

/** The cells of a row by the number of the column, made once for each row. */
export function marksOf(row: MatrixRow): Map<number, Mark> {
  let found = marks.get(row);
  if (found === undefined) {
    const suspect = new Set(row.suspect);
    found = new Map();
    for (const how of ['direct', 'derived'] as const) for (const column of row[how]) found.set(column, { how, suspect: suspect.has(column) });
    marks.set(row, found);
  }
  return found;
}

export const SIGNS = { direct: '●', derived: '○' } as const;
