// What the API says of findings and of inventories.
import type { Vector } from './types';

/** What can be done about a difference: operations as docs/native-format.md has them. */
export interface DifferenceAction {
  name: 'create' | 'move' | 'update' | 'retire' | 'accept';
  title: string;
  ops: { op: string; attrs?: { accepted_differences?: string[] } }[];
}

/** What inventories saw against the case. */
export interface Difference {
  id: string;
  kind: 'not_drawn' | 'not_seen' | 'elsewhere' | 'version' | 'port';
  seen: string | null;
  drawn: string | null;
  place: string | null;
  there: string | null;
  message: string;
  accepted: string | null;
  actions: DifferenceAction[];
}

/** A finding on one thing, as the queue lists it. */
export interface Finding {
  key: string;
  title: string;
  vulnerability: string | null;
  on: string | null;
  on_title: string | null;
  confidence: string | null;
  severity: string | null;
  score: string | null;
  kev: boolean;
  epss: string | null;
  safety: boolean;
  /** Keys of the safety functions and protection layers that use what it concerns. */
  functions: string[];
  state: string;
  owner: string | null;
  reason: string | null;
  rationale: string | null;
  sources: string[] | null;
  refs: string[];
  places: string[];
  ticket: string | null;
  treatment: string | null;
  /** First day of the one it is treated in, as decided. */
  window: string | null;
  next_window: string | null;
  decision: string | null;
  due: { date: string; rule: string | null; overdue: boolean } | null;
}

type Cases = Record<'without_findings' | 'now' | 'if_cleared' | 'if_confirmed', Vector>;
type Named = { key: string; kind: string; title: string };

/** What one finding does to the case. */
export interface FindingImpact extends Named {
  /** Of what follows, by which a note knows what it is about. */
  hash: string;
  note: { text: string; hash: string | null; current: boolean } | null;
  confirmed: boolean;
  unmapped: boolean;
  rows: { ref: string; title: string; basis: string; reason: string }[];
  assets: (Named & { place: string | null })[];
  places: (Named & { target: Vector; verified: Cases; claimed: Cases; rows: { ref: string; member: string; status: string }[] })[];
  clears: { cleared: boolean; states: string[]; not_states: string[]; countermeasures: (Named & { clears: boolean; why: string })[] };
  scenarios: (Named & { linked: boolean; target: string | null })[];
  functions: (Named & { element: string; as: string })[];
}

/** What became of each finding, or would. */
export interface Triaged {
  refused: number;
  rows: { key: string; refused?: string; before?: { state: string }; after?: { state: string } }[];
}

/** `GET /api/v1/inventory/differences`. */
export interface Differences {
  /** How many assets an inventory saw; 0: none was imported. */
  seen: number;
  differences: Difference[];
}
