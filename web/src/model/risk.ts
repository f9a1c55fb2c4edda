// What is read off rated risks: which category is the worst, where a risk lies in the matrix before and after, and what is
// done about it. Unknown stays open.
import type { AttrValue, Item, RatedRisk, RiskCategory } from '../api/types';

export type RiskStatus = 'unknown' | 'undecided' | 'planned' | 'above' | 'within' | 'accepted' | 'transferred' | 'avoided';

/** Those that wait for somebody, the most urgent first; then those that are settled. */
export const OPEN_STATUSES: readonly RiskStatus[] = ['unknown', 'undecided', 'above', 'planned'];
export const SETTLED_STATUSES: readonly RiskStatus[] = ['within', 'accepted', 'transferred', 'avoided'];

const SETTLED_BY: Record<string, RiskStatus> = { accept: 'accepted', transfer: 'transferred', avoid: 'avoided' };

export function statusOf(risk: RatedRisk): RiskStatus {
  if (risk.sl === null) return 'unknown';
  if (risk.decision === null) return 'undecided';
  const settled = SETTLED_BY[risk.decision];
  if (settled !== undefined) return settled;
  if (risk.categories.some((one) => one.residual === null || one.tolerable === null || one.residual > one.tolerable)) return 'above';
  return risk.countermeasures.length === 0 ? 'planned' : 'within';
}

export const isOpen = (risk: RatedRisk): boolean => OPEN_STATUSES.includes(statusOf(risk));

/** The category that is furthest above what is tolerable; one that is not rated is worse than all that are. */
export function worst(categories: readonly RiskCategory[]): RiskCategory | null {
  const share = (one: RiskCategory): number => (one.risk === null || one.tolerable === null ? Infinity : one.risk / Math.max(one.tolerable, 0.5));
  let found: RiskCategory | null = null;
  for (const one of categories) if (found === null || share(one) > share(found)) found = one;
  return found;
}

/** Likelihood and impact of a risk by its item, in one category. */
export interface Rating {
  likelihood: number | null;
  impact: number | null;
}

const level = (value: AttrValue | undefined): number | null => (typeof value === 'number' ? value : null);

function levelOf(value: AttrValue | undefined, name: string): number | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? level(value[name]) : null;
}

/** After countermeasures; a part that is not stated is as before. */
export function ratingOf(item: Pick<Item, 'attrs'>, category: string, after: boolean): Rating {
  const { attrs } = item;
  const before = { likelihood: level(attrs['likelihood']), impact: levelOf(attrs['impact'], category) };
  if (!after) return before;
  return { likelihood: level(attrs['residual_likelihood']) ?? before.likelihood, impact: levelOf(attrs['residual_impact'], category) ?? before.impact };
}

export interface Placed {
  risk: RatedRisk;
  category: string;
  rating: Rating;
}

/** Every risk that rates the category (`''`: its own worst one), with where it lies. */
export function place(risks: readonly RatedRisk[], items: ReadonlyMap<string, Pick<Item, 'attrs'>>, category: string, after: boolean): Placed[] {
  const placed: Placed[] = [];
  for (const risk of risks) {
    const one = category === '' ? worst(risk.categories) : risk.categories.find((each) => each.category === category);
    const item = items.get(risk.key);
    if (one !== undefined && one !== null && item !== undefined) placed.push({ risk, category: one.category, rating: ratingOf(item, one.category, after) });
  }
  return placed;
}

export const cellName = (rating: Rating): string => `${rating.likelihood ?? '?'}-${rating.impact ?? '?'}`;

export interface Group {
  name: string;
  risks: RatedRisk[];
}

/** Groups in the order of their first risk, or of `names` where they are given; empty groups of `names` stay out. */
export function groupBy(risks: readonly RatedRisk[], of: (risk: RatedRisk) => string, names: readonly string[] = []): Group[] {
  const groups = new Map<string, RatedRisk[]>(names.map((name) => [name, []]));
  for (const risk of risks) {
    const name = of(risk);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [risk]);
    else group.push(risk);
  }
  return [...groups].filter(([, all]) => all.length > 0).map(([name, all]) => ({ name, risks: all }));
}

/** At most `most` commits from the first to the newest, as evenly apart as whole numbers are. */
export function samples(newest: number, most: number): number[] {
  const n = Math.min(newest, most);
  if (n <= 1) return newest < 1 ? [] : [newest];
  return Array.from({ length: n }, (_, i) => 1 + Math.round((i * (newest - 1)) / (n - 1)));
}
