// The objects of the API. Fields may be added by the server; nothing here depends on there being no more.
export type * from './types-drawing';
export type * from './types-findings';
export type * from './types-living';
export type * from './types-safety';
export type * from './types-tests';



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
export interface Whole extends Item {
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
  replaced_by: string | null;
  likelihoods: number;
  impacts: number;
}

/** How a level follows: from a cell, from risk over tolerable risk, or from what the attacker can do. */
export interface RiskMethodSl {
  matrix?: number[][];
  bands?: { below?: string; up_to?: string; sl: number }[];
  factors?: Record<string, { name: string; sl: number }[]>;
}

export interface RiskMethod {
  method: string;
  version: string;
  replaces?: string;
  sl: RiskMethodSl;
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
  /** The last commit that an auditor who is limited sees; null for who sees all. */
  upto: number | null;
  /** The zones that an auditor who is limited sees; null for who sees all. */
  zones: string[] | null;
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
  formats: string[];
  /** It is about one. */
  period: boolean;
}

export interface Job {
  id: string;
  kind: string;
  project: string | null;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  /** Null until it counts. */
  unit: string | null;
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
