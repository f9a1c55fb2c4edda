// Answers about changes, incidents and what waits for a person.
export interface LinkedItem {
  key: string;
  kind: string;
  title: string;
  state: string;
}

/** What changes and incidents have in common. */
export interface WorkCard {
  key: string;
  kind: string;
  title: string;
  rev: number;
  state: string;
  owner: string | null;
  due: string | null;
  overdue: boolean;
  ticket: string | null;
  ticket_state: string | null;
  n_requirements: number;
  n_risks: number;
  touches_safety: boolean;
  actions: LinkedItem[];
  problems: string[];
}

export interface Change extends WorkCard {
  nature: string | null;
  emergency: string | null;
  impact_commit: number | null;
  impact: string | null;
  concerns: LinkedItem[];
  resolves: LinkedItem[];
  tests: { key: string; title: string; status: string | null; at: string | null; run: string | null }[];
}

export interface Clock {
  clock: string;
  regime: string;
  title: string;
  from: string;
  state: 'waiting' | 'running' | 'overdue' | 'met' | 'late';
  due: string | null;
  sent: string | null;
  /** Seconds by the server's clock; below 0 when it is over. */
  left_s: number | null;
}

export interface Incident extends WorkCard {
  severity: string | null;
  assets: LinkedItem[];
  foreseen: boolean | null;
  scenarios: { key: string; title: string; before: boolean }[];
  candidates: LinkedItem[];
  failed: LinkedItem[];
  lessons: LinkedItem[];
  clocks: Clock[];
}

export interface WorkRow {
  why: string;
  key: string | null;
  kind: string | null;
  title: string | null;
  state: string | null;
  text: string;
  due: string | null;
  overdue: boolean;
  to: string | null;
  count: number;
}

export interface ProjectWork {
  project: string;
  title: string;
  rows: WorkRow[];
  more: boolean;
}
