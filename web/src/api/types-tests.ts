// What the API says of tests and evidence.

export interface EvidenceRow {
  key: string;
  title: string;
  state: string;
  nature: string | null;
  date: string | null;
  valid_until: string | null;
  /** Its last day, by its validity and its age. */
  ends: string | null;
  version: string | null;
  revision: string | null;
  hash: string | null;
  proves: string[];
}

export interface EvidenceStatus {
  evidence: EvidenceRow[];
  totals: { expired: number; other_version: number; suspect: number; not_approved: number; expiring: number; current: number };
}

/** A requirement against the results of its tests. */
export interface TestedRequirement {
  key: string;
  title: string;
  ref: string | null;
  state: string;
  allocated_to: string[];
  tests: { case: string; title: string; via: string; purpose: string | null; stage: string | null; status: string | null; at: string | null; run: string | null }[];
}

export interface Verification {
  requirements: TestedRequirement[];
  totals: { no_test: number; not_run: number; failed: number; partly: number; passed: number };
}

/** How a test case stands: its newest result that passed or failed, and those before. */
export interface TestStanding {
  key: string;
  title: string;
  kind: string | null;
  stage: string | null;
  purpose: string | null;
  automated: boolean;
  status: string | null;
  at: string | null;
  run: string | null;
  results: number;
  flaky: boolean;
  history: string[];
  verifies: string[];
  plans: string[];
}

export interface TestRun {
  key: string;
  title: string;
  state: string;
  by_hand: boolean;
  plans: string[];
  at: string | null;
  tool: string | null;
  environment: string | null;
  stage: string | null;
  counts: Record<string, number>;
}

export interface TestPlan {
  key: string;
  title: string;
  nature: string | null;
  release: string | null;
  of: string[];
  within: string[];
  progress: { cases: number; passed: number; failed: number };
}

export interface TestStatus {
  cases: TestStanding[];
  runs: TestRun[];
  plans: TestPlan[];
}

/** A step of a run by hand; `recorded` is what is stored of it. */
export interface ExecutionStep {
  step: number;
  does: string;
  expected: string;
  status: 'passed' | 'failed' | 'blocked' | 'not_run';
  observation: string;
  recorded: string | null;
  attachments: { name: string; sha256: string; size: number }[];
}

export interface ExecutionCase {
  key: string;
  title: string;
  rev: number;
  changed: boolean;
  retired: boolean;
  environment: string | null;
  outcome: string;
  steps: ExecutionStep[];
}

export interface Execution {
  key: string;
  title: string;
  body: string;
  rev: number;
  state: string;
  environment: string | null;
  stage: string | null;
  tester: string | null;
  at: string | null;
  versions: Record<string, string>;
  counts: Record<string, number>;
  cases: ExecutionCase[];
  signatures: { meaning: string; person: string | null; standing: boolean }[];
}

/** What became of a file that a page without a server saved. */
export interface OfflineMerged {
  key?: string;
  commit: number | null;
  hash: string;
  recorded: number;
  unchanged: number;
  files: number;
  conflicts: { case: string; step: number; here: string | null; given: string }[];
  changed: { case: string; given: number; now: number; retired: boolean }[];
  meanwhile: { case: string; run: string; status: string; at: string; given: string }[];
}

/** One content of a document or configuration, by the revision of the item that brought it. */
export interface ContentRevision {
  rev: number;
  commit: number;
  time: string;
  by: string | null;
  state: string;
  revision: string | null;
  version: string | null;
  captured: string | null;
  name: string;
  sha256: string;
  size: number;
  counts: boolean;
}

export interface ContentList {
  key: string;
  title: string;
  state: string;
  implements: { key: string; title: string; via: string; suspect: boolean }[];
  revisions: ContentRevision[];
}

/** A document or configuration among all. */
export interface ContentRow {
  key: string;
  kind: string;
  title: string;
  state: string;
  released: boolean;
  approvals: number;
  revision: string | null;
  version: string | null;
  captured: string | null;
  name: string | null;
  sha256: string | null;
  implements: string[];
  suspect: boolean;
}

export interface ContentDiff {
  key: string;
  from: number;
  to: number;
  same: boolean;
  text: boolean;
  gone: number;
  new: number;
  lines: { change: 'same' | 'gone' | 'new'; before: number | null; after: number | null; text: string }[];
  cut: boolean;
}

export interface ContentPut {
  key: string;
  sha256: string;
  first: boolean;
  same: boolean;
  gone: number;
  new: number;
}
