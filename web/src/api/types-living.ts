// What the API says of changes: suspects, impact, history, baselines, branches, reviews.
import type { AttrValue, Attrs, Link, SafetyConflict } from './types';

/** An item that differs between two states, and what was done to it. */
export interface ItemChange {
  key: string;
  title: string;
  change: string;
  fields: FieldChange[];
}

export interface FieldChange {
  field: string;
  old: AttrValue;
  new: AttrValue;
}

export interface ItemFacts {
  key: string;
  kind: string;
  title: string;
  state: string;
}

/** One end of a link that changed after somebody last judged the link. */
export interface Suspect {
  link: { from: string; type: string; to: string; as: string };
  end: 'from' | 'to';
  because: ItemFacts & { rev_judged: number; rev_now: number; changed: string[]; fields: FieldChange[] };
  other: ItemFacts;
  owner: string | null;
  since: string;
  age_days: number;
  by: string | null;
  revs: [number, number];
  deferred: { until: string; reason: string; by: string | null } | null;
}

/** An item that an impact walk reached. */
export interface Reached {
  key: string;
  kind: string;
  title: string;
  distance: number;
  path: string[];
  /** Of a safety function, how it shares something with the countermeasures of a requirement that is reached. */
  shared?: string[];
  because: { key: string; rev_old: number; rev_now: number; changed: string[] };
}

/** A safety or essential function before or after a change. */
export interface BalanceSide {
  verdict: string;
  open: number;
  response?: string;
  response_text?: string;
  probability?: string;
  probability_text?: string;
}

/** What a changeset would do. */
export interface WhatIf {
  changed: (ItemChange & { kind: string })[];
  suspects: { from: string; type: string; to: string; as: string; because: string }[];
  places: ComparedPlace[];
  coverage: { stage: string; old: number; new: number }[];
  safety: Reached[];
  balances: { function: string; title: string; old: BalanceSide | null; new: BalanceSide | null }[];
  conflicts: SafetyConflict[];
  without_source: string[];
  impact: Reached[];
}

/** What one operation of a commit did. */
export interface LogAct {
  what: string;
  key?: string;
  title?: string;
  from?: string;
  type?: string;
  to?: string;
  meaning?: string;
  role?: string;
  reason?: string;
  fields?: string[];
  /** Of an item that was asked about. */
  changes?: FieldChange[];
  /** What was signed of it. */
  signed?: Attrs;
}

export interface LogEntry {
  commit: number;
  time: string;
  by: string | null;
  full_name: string | null;
  origin: string;
  editorial: boolean;
  message: string | null;
  operations: number;
  acts: LogAct[];
}

export interface Verified {
  ok: boolean;
  commits?: number;
  root?: string | null;
  problems: { where: string; message: string }[];
}

export interface MatrixHead {
  key: string;
  title: string;
  state: string;
}

/** A page of rows; cells are numbers of columns. */
export interface MatrixPage {
  from: string;
  to: string;
  count: number;
  columns: MatrixHead[];
  rows: (MatrixHead & { direct: number[]; derived: number[]; suspect: number[] })[];
}

export interface Neighbour extends ItemFacts {
  distance: number;
}

/** Items and the links among them. */
export interface Neighbourhood {
  items: Neighbour[];
  links: Link[];
  more?: boolean;
}

export interface Baseline {
  key: string;
  title: string;
  seq: number;
  signatures: number;
  standing: number;
  changed_since: number;
}

export interface Branch {
  name: string;
  key: string;
  title: string;
  from: number;
  ahead: number;
  behind: number;
  merged: number | null;
  changed: string;
}

export interface MergeConflict {
  conflict: string;
  item: string;
  field: string;
  base: AttrValue;
  project: AttrValue;
  branch: AttrValue;
  value_possible: boolean;
}

export interface Merge {
  project_commit: number;
  branch_commit: number;
  items: { item: string; title: string; what: string; fields: string[] }[];
  links: { from: string; type: string; to: string; as?: string; what: string }[];
  settings: string[];
  renamed: { item: string; becomes: string; title: string }[];
  results: number;
  conflicts: MergeConflict[];
  left: { what: string; n: number; items: string[] }[];
}

export interface ReviewRow {
  key: string;
  title: string;
  body: string;
  state: string;
  due: string | null;
  overdue: boolean;
  n_items: number;
  open: number;
  moved_on: number;
  reviewers: { name: string | null; full_name: string | null }[];
}

export interface ReviewItem {
  key: string;
  title: string;
  state: string;
  sent: number;
  rev: number;
  moved_on: boolean;
  open_comments: number;
  decisions: { by: string | null; full_name: string | null; decision: string | null; rev: number | null; stands: boolean }[];
}

export interface Review extends ReviewRow {
  items: ReviewItem[];
  signatures: { meaning: string; person: string | null; standing: boolean; time: string }[];
}

export interface ComparedPlace {
  place: string;
  title: string;
  change: string | null;
  levels: { vector: string; fr: number; old: number | null; new: number | null }[];
  rows: { ref: string; title: string; requirement: string | null; old: RowState | null; new: RowState | null }[];
}

export interface RowState {
  status: string;
  stage: string;
  broken: boolean;
}

export interface Compared {
  from: number;
  to: number;
  items: ItemChange[];
  links: { from: string }[];
  places: ComparedPlace[];
  coverage: { stage: string; old: number; new: number }[];
}
