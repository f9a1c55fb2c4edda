// What the API says of the plan that reaches SL-T.
import type { FeedsKnown } from '../ui/feedsknown';
import type { DifferenceAction, Vector } from './types';

export interface PlanAction {
  action: string;
  item: string;
  ref: string | null;
  text: string;
  cost: number;
  cost_class: string;
}

/** One reason why a row that SL-T demands is not met. */
export interface PlanNeed {
  need: string;
  place: string;
  ref: string;
  member: string | null;
  item: string | null;
}

/** How many rows of a place and FR have no need left, and from which SL-A to which, after the steps before. */
export interface PlanGain {
  place: string;
  fr: number;
  rows: number;
  from: number;
  to: number;
}

export interface PlanStep extends PlanAction {
  closes: PlanNeed[];
  gains: PlanGain[];
  touches: string[];
  safety_functions: string[];
  alternatives: PlanAction[];
  /** Operations as docs/native-format.md has them, which enter it as work. */
  ops: DifferenceAction['ops'];
}

export interface PlanPlace {
  place: string;
  title: string;
  target: Vector;
  before: Vector;
  after: Vector;
}

export interface Plan {
  cost: number;
  costs: string;
  needs: number;
  places: PlanPlace[];
  steps: PlanStep[];
  unmet: PlanNeed[];
  feeds: FeedsKnown;
}
