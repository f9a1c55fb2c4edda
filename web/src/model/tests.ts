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
