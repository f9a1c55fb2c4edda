// The objects of the API. Fields may be added by the server; nothing here depends on there being no more.

export type Vector = (number | null)[];
export type AttrValue = string | number | boolean | null | AttrValue[] | { [name: string]: AttrValue };
export type Attrs = Record<string, AttrValue>;

export interface Item {
  key: string;
  kind: string;
  rev: number;
  state: string;
  title: string;
  attrs: Attrs;
}

export interface Link {
  from: string;
  type: string;
  to: string;
  as: string;
  suspect: boolean;
}

export interface Attachment {
  name: string;
  sha256: string;
  size: number;
  media: string;
}

/** What an item says besides what lists show. */
interface Whole extends Item {
  body?: string;
  owner?: string | null;
  parent?: string | null;
  tags?: string[] | null;
  attachments?: Attachment[] | null;
}

export interface FullItem extends Whole {
  links: Link[];
}

/** An item of a list that asked for links: those out of it. */
export interface LinkedItem extends Item {
  links: Link[];
}

export interface Comment {
  id: string;
  by: string | null;
  full_name: string | null;
  /** It is mine. */
  own: boolean;
  text: string;
  created: string;
  edited: string | null;
  resolved: boolean;
  resolved_by: string | null;
  resolved_by_name: string | null;
}

/** Where an item can go, for me, by the state machine of the project. */
export interface Moves {
  state: string;
  locked: boolean;
  transitions: { to: string; roles: string[]; allowed: boolean; why: string | null }[];
}

export interface Revision extends Whole {
  commit: number;
  time: string;
  by: string;
  message: string;
  editorial: boolean;
}

export interface Cause {
  kind: string;
  item: string | null;
  text: string;
}

/** Of the rows of an FR, how many are met. */
export interface RowCount {
  met: number;
  of: number;
}

export interface PlaceLevels {
  place: string;
  kind: string;
  title: string;
  target: Vector;
  achieved: { verified: Vector; claimed: Vector; verified_with_findings: Vector; claimed_with_findings: Vector };
  rows: RowCount[];
  derivation: Derivation;
  reasons: { fr: number; level: number; ref: string; requirement: string | null; member: string; status: string; causes: Cause[] }[];
}

export interface RiskCategory {
  category: string;
  impact: number;
  /** What the method's rating gives; null where it does not say. */
  risk: number | null;
  tolerable: number | null;
  sl: number | null;
  residual: number | null;
}

export interface RatedRisk {
  key: string;
  title: string;
  state: string;
  stage: string;
  place: string | null;
  assesses: string[];
  frs: number[];
  proposed_frs: number[];
  frs_reason: string | null;
  unmapped: string[];
  likelihood: number | null;
  categories: RiskCategory[];
  attacker: number | null;
  sl: number | null;
  /** Why there is no level. */
  unknown: string | null;
  method: string | null;
  /** The method that replaces the one which rated it. */
  newer: string | null;
  countermeasures: { key: string; title: string; effectiveness: string | null }[];
  decision: string | null;
  decision_reason: string | null;
  decided_by: string | null;
}

export interface RiskMethodRow {
  name: string;
  title: string;
  by: string;
  default: boolean;
}

export interface RiskMethod {
  title: string;
  practice: string;
  likelihood: { name: string; criterion: string }[];
  impact: string[];
  categories: Record<string, { tolerable: number; criteria: string[] }>;
  rating: number[][];
}

/** SL-T of a place as its risks give it, beside what is stated. */
export interface Derivation {
  target: string | null;
  state: 'not_derived' | 'missing' | 'under_review' | 'draft' | 'accepted';
  stated: Vector;
  stated_basis: (string | null)[];
  derived: Vector;
  basis: (string | null)[];
  witnesses: string[][];
  methods: string[];
  arithmetic: string;
  review: string[];
  unknown: { risk: string; reason: string }[];
}

export interface GapRow {
  place: string;
  ref: string;
  title: string;
  requirement: string | null;
  status: string;
  broken: boolean;
  stage: string;
  waiver: string | null;
  causes: Cause[];
}

/** What a change did, or would do. */
export interface EditDone {
  created?: Record<string, number>;
  updated?: Record<string, number>;
  links?: Record<string, number>;
  commit: number | null;
}

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

export interface Defect {
  rule: string;
  items: string[];
  message: string;
  /** Of a rule of separation, such as `S1`. */
  number?: string | null;
  clause?: string | null;
  /** A person may find it right, and says why. */
  warning?: boolean;
  /** The waiver that says why; only when those are asked for. */
  answer?: { waiver: string; reason: string | null } | null;
}

/** What a component can do, and why not more. */
export interface Capability {
  component: string;
  types: string[];
  capability: Vector;
  with_compensation: Vector;
  claimed: Vector;
  rows: RowCount[];
  reasons: { fr: number; level: number; ref: string; requirement: string | null; claim: string | null; status: string; text: string; causes: Cause[] }[];
}

export type ZcrStatus = 'met' | 'partly' | 'missing' | 'skipped';

/** How far the work of a row of 62443-3-2 has come. */
export interface ZcrRow {
  id: string;
  title: string;
  step: number;
  status: ZcrStatus;
  text: string;
  missing: { item: string | null; text: string; field: string | null }[];
  items: string[];
}

export interface EvidenceRow {
  key: string;
  title: string;
  state: string;
  nature: string | null;
  date: string | null;
  valid_until: string | null;
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
  at: string | null;
  tool: string | null;
  environment: string | null;
  stage: string | null;
  counts: Record<string, number>;
}

export interface TestStatus {
  cases: TestStanding[];
  runs: TestRun[];
  plans: { key: string; title: string; nature: string | null; release: string | null; of: string[]; within: string[] }[];
}

export interface CatalogueRow {
  id: string;
  fr: number;
  title: string;
  sl: boolean[];
  parent: string | null;
  types: string[];
}

export interface Trace {
  items: Omit<Item, 'attrs'>[];
  links: Link[];
}

export interface ProjectSummary {
  key: string;
  title: string;
  sample: boolean;
  commits: number;
  changed: string;
}

export interface Membership {
  key: string;
  title: string;
  sample: boolean;
  roles: string[];
  permissions: string[];
}

export interface Me {
  person: { name: string; full_name: string; operator: boolean };
  projects: Membership[];
  csrf: string;
  totp: boolean;
}

export interface ReportType {
  type: string;
  title: string;
  summary: string;
  /** Which it can be had in. */
  formats?: string[];
}

export interface Job {
  id: string;
  kind: string;
  project: string | null;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  unit: string;
  result: Record<string, unknown> | null;
  problem: { code: string; detail: string } | null;
  /** The name of what it made. */
  file: string | null;
  created: string;
  started: string | null;
  ended: string | null;
}

export interface AttrType {
  name: string;
  type: string;
  unit?: string;
  /** What it may be; empty where that is free. */
  values?: string[];
  least?: number;
  most?: number;
  required?: boolean;
  substantive?: boolean;
  personal?: boolean;
  help?: string;
}

export interface Transition {
  from: string;
  to: string;
  roles: string[];
  guards: string[];
}

export interface Kind {
  name: string;
  prefix: string;
  plural: string;
  title: string;
  help?: string;
  attrs: AttrType[];
  states: { name: string; initial: boolean; approved: boolean; retired: boolean }[];
  transitions: Transition[];
}

export interface LinkType {
  name: string;
  reverse: string;
  help: string;
  /** Which way the chain from source to proof goes. */
  trace: 'none' | 'forward' | 'backward';
  /** Which kinds it joins; of the roles `as` the empty one is none. */
  rules: { from: string[]; to: string[]; as: string[] }[];
}

export interface Metamodel {
  kinds: Kind[];
  links: LinkType[];
  requirements: { fr: number; name: string; title: string }[];
  roles: { name: string; help: string; permissions: string[] }[];
  /** What a state machine may use, and what signatures may say. */
  states: { name: string; approved: boolean; cleared: boolean }[];
  meanings: { name: string; help: string; roles: string[]; kinds: string[]; other_person: boolean }[];
}

export interface FieldChange {
  field: string;
  old: AttrValue;
  new: AttrValue;
}

interface ItemFacts {
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

/** What a changeset would do. */
export interface WhatIf {
  changed: { key: string; kind: string; title: string; change: string; fields: FieldChange[] }[];
  suspects: { from: string; type: string; to: string; as: string; because: string }[];
  places: ComparedPlace[];
  coverage: { stage: string; old: number; new: number }[];
  safety: Reached[];
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

interface RowState {
  status: string;
  stage: string;
  broken: boolean;
}

export interface Compared {
  from: number;
  to: number;
  items: { key: string; title: string; change: string; fields: FieldChange[] }[];
  links: { from: string }[];
  places: ComparedPlace[];
  coverage: { stage: string; old: number; new: number }[];
}

/** Pixels from the upper left corner of the drawing. */
export interface LaidBox {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface LaidZone extends LaidBox {
  key: string;
  title: string;
  parent: string | null;
  /** Title of the band it stands in. */
  band: string;
  /** What its card says, the key first. */
  lines: string[];
}

export interface LaidConduit {
  key: string;
  title: string;
  direction: 'a_to_b' | 'b_to_a' | 'both' | null;
  untrusted: boolean;
  /** Its first two ends, null where it has none. */
  from: string | null;
  to: string | null;
  points: [number, number][];
  /** Ways from the first end to further ones. */
  branches: { to: string; points: [number, number][] }[];
  label: LaidBox & { text: string };
}

/** `GET /api/v1/drawing`. */
export interface LaidOut {
  width: number;
  height: number;
  bands: (LaidBox & { title: string })[];
  zones: LaidZone[];
  conduits: LaidConduit[];
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
  state: string;
  owner: string | null;
  reason: string | null;
  rationale: string | null;
  sources: string[] | null;
  refs: string[];
  places: string[];
  ticket: string | null;
  treatment: string | null;
  next_window: string | null;
  decision: string | null;
  due: { date: string; rule: string | null; overdue: boolean } | null;
}

type Cases = Record<'without_findings' | 'now' | 'if_cleared' | 'if_confirmed', Vector>;
type Named = { key: string; kind: string; title: string };

/** What one finding does to the case. */
export interface FindingImpact extends Named {
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
