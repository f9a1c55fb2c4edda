// How far demanded rows have come, counted over the rows that the server computed: nothing is judged here.
import type { CatalogueRow, Cause, GapRow } from '../api/types';

/** Statuses by what they mean for a count. */
export type Outcome = 'met' | 'claimed' | 'gap' | 'unknown' | 'removed';

export function outcomeOf(status: string): Outcome {
  if (status === 'verified') return 'met';
  if (status === 'removed') return 'removed';
  if (status === 'unknown') return 'unknown';
  return status === 'claimed' ? 'claimed' : 'gap';
}

export interface Counts {
  /** Rows that count: all but the removed ones. */
  demanded: number;
  met: number;
  claimed: number;
  gap: number;
  unknown: number;
  removed: number;
}

export function count(rows: readonly GapRow[]): Counts {
  const counts: Counts = { demanded: 0, met: 0, claimed: 0, gap: 0, unknown: 0, removed: 0 };
  for (const row of rows) {
    const outcome = outcomeOf(row.status);
    counts[outcome]++;
    if (outcome !== 'removed') counts.demanded++;
  }
  return counts;
}

export interface Stage {
  name: 'required' | 'derived' | 'claimed' | 'verified';
  reached: number;
  of: number;
}

/** The chain from demand to proof: how many rows reached each stage. A row that is further counts for what lies before. */
export function chain(rows: readonly GapRow[]): Stage[] {
  const order = ['no_requirement', 'not_derived', 'not_allocated', 'not_claimed', 'not_verified', 'verified'];
  const live = rows.filter((row) => row.stage !== 'not_applicable');
  const reached = (from: string): number => live.filter((row) => order.indexOf(row.stage) >= order.indexOf(from)).length;
  return [
    { name: 'required', reached: reached('not_derived'), of: live.length },
    { name: 'derived', reached: reached('not_allocated'), of: live.length },
    { name: 'claimed', reached: reached('not_verified'), of: live.length },
    { name: 'verified', reached: reached('verified'), of: live.length },
  ];
}

export interface Branch {
  /** `FR 1`, `SR 1.1` or `SR 1.1 RE(1)`. */
  id: string;
  title: string;
  fr: number;
  counts: Counts;
  rows: GapRow[];
  children: Branch[];
}

const idOf = (ref: string): string => ref.slice(ref.indexOf(' ') + 1);

/** FR → SR → RE, each with the counts of all below; what no row demands is left out. */
export function coverageTree(rows: readonly GapRow[], catalogue: readonly CatalogueRow[], names: readonly { fr: number; title: string }[]): Branch[] {
  const own = new Map<string, GapRow[]>();
  for (const row of rows) own.set(idOf(row.ref), [...(own.get(idOf(row.ref)) ?? []), row]);
  const below = (parent: string | null, fr: number): Branch[] =>
    catalogue
      .filter((row) => row.parent === parent && row.fr === fr)
      .map((row) => branch(row.id, row.title, fr, own.get(row.id) ?? [], row.parent === null ? below(row.id, fr) : []))
      .filter((one) => one.rows.length > 0 || one.children.length > 0);
  const all = (one: Branch): GapRow[] => [...one.rows, ...one.children.flatMap(all)];
  const branch = (id: string, title: string, fr: number, mine: GapRow[], children: Branch[]): Branch => ({
    id,
    title,
    fr,
    counts: count([...mine, ...children.flatMap(all)]),
    rows: mine,
    children,
  });
  return names.map(({ fr, title }) => branch(`FR ${fr}`, title, fr, [], below(null, fr))).filter((one) => one.children.length > 0);
}

/** The causes of a row, each once: members that share one repeat it. */
export function distinctCauses(row: GapRow): { cause: Cause; times: number }[] {
  const found = new Map<string, { cause: Cause; times: number }>();
  for (const cause of row.causes) {
    const id = `${cause.kind} ${cause.item} ${cause.text}`;
    const seen = found.get(id);
    if (seen === undefined) found.set(id, { cause, times: 1 });
    else seen.times++;
  }
  return [...found.values()];
}

export interface Step {
  kind: string;
  item: string | null;
  text: string;
  /** Rows that wait for it. */
  rows: number;
  places: string[];
}

/** What holds back most rows, the greatest first. */
export function nextSteps(rows: readonly GapRow[], most: number): Step[] {
  const steps = new Map<string, Step>();
  for (const row of rows) {
    if (outcomeOf(row.status) === 'met' || outcomeOf(row.status) === 'removed') continue;
    for (const { cause } of distinctCauses(row)) {
      const id = `${cause.kind} ${cause.item} ${cause.text}`;
      const step = steps.get(id) ?? { kind: cause.kind, item: cause.item, text: cause.text, rows: 0, places: [] };
      step.rows++;
      if (!step.places.includes(row.place)) step.places.push(row.place);
      steps.set(id, step);
    }
  }
  return [...steps.values()].sort((a, b) => b.rows - a.rows || (a.text < b.text ? -1 : 1)).slice(0, most);
}
