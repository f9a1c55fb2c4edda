// A plan as its page shows it.
import type { PlanNeed, PlanStep } from '../api/types-plan';

/** The same step of a later plan has the same name. */
export const stepName = (step: PlanStep): string => [step.action, step.item, step.ref].filter((one) => one !== null).join(' ');

/** Steps of one action, or of all, and of those that touch a safety function where they alone are asked for. */
export function stepsOf(steps: readonly PlanStep[], action: string, safety: boolean): PlanStep[] {
  return steps.filter((step) => (action === '' || step.action === action) && (!safety || step.safety_functions.length > 0));
}

export interface NeedGroup {
  place: string;
  need: string;
  refs: string[];
  members: string[];
}

/** Needs of one place and kind together, in the order they first appear. */
export function needGroups(needs: readonly PlanNeed[]): NeedGroup[] {
  const groups = new Map<string, NeedGroup>();
  for (const { place, need, ref, member } of needs) {
    const group = groups.get(`${place} ${need}`) ?? { place, need, refs: [], members: [] };
    groups.set(`${place} ${need}`, group);
    if (!group.refs.includes(ref)) group.refs.push(ref);
    if (member !== null && !group.members.includes(member)) group.members.push(member);
  }
  return [...groups.values()];
}

export type Reached = 'reached' | 'short' | 'unknown' | 'none';

/** One entry of a place: from which level to which, and whether the target is reached then. */
export function entryOf(target: number | null, before: number | null, after: number | null): { text: string; reached: Reached } {
  const level = (value: number | null): string => (value === null ? '?' : String(value));
  const text = before === after ? level(after) : `${level(before)} → ${level(after)}`;
  const reached = target === 0 ? 'none' : target === null || after === null ? 'unknown' : after >= target ? 'reached' : 'short';
  return { text: `${text} / ${level(target)}`, reached };
}

