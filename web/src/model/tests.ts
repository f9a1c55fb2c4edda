// The lists of test cases that ask for somebody.
import type { TestStanding } from '../api/types';

export const CASE_LISTS = ['failed', 'flaky', 'never-run'] as const;
export type CaseList = (typeof CASE_LISTS)[number];

export function caseFits(row: TestStanding, list: CaseList | ''): boolean {
  if (list === 'failed') return row.status === 'failed';
  if (list === 'flaky') return row.flaky;
  if (list === 'never-run') return row.results === 0;
  return true;
}

export const STEP_STATUSES = ['passed', 'failed', 'blocked', 'not_run'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

const STEP_KEYS: Record<string, StepStatus | number> = { p: 'passed', f: 'failed', b: 'blocked', n: 'not_run', j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** What a key means on a step: what it gave, or how many steps to go; null for nothing. */
export function stepKey(key: string): StepStatus | number | null {
  return Object.hasOwn(STEP_KEYS, key) ? STEP_KEYS[key]! : null;
}

/** The name under which a file of a step is attached to its run. */
export function stepFile(testCase: string, step: number, name: string): string {
  return `${testCase}-${step} ${name}`;
}

/** `CP-1=2.1 AS-3=1.0` by key. */
export function versionsOf(text: string): Record<string, string> {
  const pairs = text.split(/[\s,]+/).filter((one) => one.includes('='));
  return Object.fromEntries(pairs.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
}
