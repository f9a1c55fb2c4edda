// Which column of a sheet is what: from what the server makes of the headers and what a person says, a profile.

export interface SheetTable {
  columns: { header: string; to: string }[];
  rows: string[][];
  /** What a column can go to. */
  members: string[];
  sheets?: string[];
  sheet?: string;
  delimiter?: string;
  header_row?: number;
}

export interface Profile {
  name?: string;
  encoding?: string;
  delimiter?: string;
  sheet?: string;
  /** What a row is; a requirement unless it is said. */
  kind?: string;
  header_row?: number;
  columns?: Record<string, string>;
  ignore?: string[];
  defaults?: Record<string, unknown>;
}

/** Kept under its header; and left out. */
export const KEPT = 'extra';
export const LEFT_OUT = '';

/** Where each column goes after one was sent elsewhere: a member takes one column, so another that had it is kept as it is. */
export function send(targets: readonly string[], column: number, to: string): string[] {
  return targets.map((target, i) => (i === column ? to : target === to && to !== KEPT && to !== LEFT_OUT ? KEPT : target));
}

/** A sheet cannot be taken without a column for the id. */
export const isUsable = (targets: readonly string[]): boolean => targets.includes('id');

/** The profile that says so, with what `base` says besides columns. Columns without a header cannot be named. */
export function profileOf(table: SheetTable, targets: readonly string[], base: Profile): Profile {
  const columns: Record<string, string> = {};
  const ignore: string[] = [];
  for (const [i, { header }] of table.columns.entries()) {
    const to = targets[i] ?? KEPT;
    if (header === '') continue;
    if (to === LEFT_OUT) ignore.push(header);
    else if (to !== KEPT) columns[to] = header;
  }
  const rest = { ...base };
  delete rest.ignore;
  return { ...rest, columns, ...(ignore.length === 0 ? {} : { ignore }) };
}
