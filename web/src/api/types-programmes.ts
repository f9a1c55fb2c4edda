// What the API says of programmes of 62443-2-1, 2-4 and 4-1, of audits, and of a product team's reports.

export interface ProgrammeCounts {
  no_requirement: number;
  not_assessed: number;
  gaps: number;
  met: number;
  not_applicable: number;
  claimed: number | null;
  verified: number | null;
  held_by: { ref: string; requirement: string | null }[];
}

export interface ProgrammeGroup extends ProgrammeCounts {
  group: string | null;
}

export interface ListedProgramme extends ProgrammeCounts {
  standard: string;
  organisation: string | null;
}

export interface Carrier {
  key: string;
  title: string;
  state: string;
}

export interface ProgrammeRecord {
  ref: string;
  title: string;
  group: string;
  requirement: string | null;
  organisation: string | null;
  subjects: string[];
  state: string;
  target: number | null;
  claim: string | null;
  claimed: number | null;
  supported: number | null;
  verified: number | null;
  assessor: string | null;
  assessed: string | null;
  valid_until: string | null;
  procedures: Carrier[];
  records: Carrier[];
  gaps: { gap: string; item: string | null }[];
  mapped: { ref: string; requirement: string | null; state: string; verified: number | null }[];
}

export interface Programme {
  standard: string;
  organisation: string | null;
  subject: string | null;
  organisations: string[];
  groups: ProgrammeGroup[];
  total: ProgrammeGroup;
  records: ProgrammeRecord[];
}

export interface Trigger {
  reason: string;
  because: string;
  title: string;
  ends: string | null;
  items: string[];
}

export interface AuditStanding {
  key: string;
  title: string;
  state: string;
  criteria: string | null;
  auditor: string | null;
  date: string | null;
  population: string | null;
  conclusion: string | null;
  population_size: number | null;
  seed: number | null;
  sample: { key: string; title: string | null; records: string[] }[];
  records: { key: string; title: string; nature: string }[];
  nonconformities: { key: string; title: string; state: string }[];
  looked_at: number;
  open: number;
  complete: boolean;
}

export interface ReportedWeakness {
  key: string;
  title: string;
  state: string;
  reported: string;
  vulnerability: string | null;
  severity: string | null;
  reporter: string | null;
  affected: string | null;
  fixed_in: string | null;
  next: string | null;
  clocks: { step: string; due: string; done: boolean; overdue: boolean }[];
  products: string[];
  advisories: string[];
  updates: { change: string; title: string; sum_1: string; sum_2: string; sum_3: string; sum_4: string; sum_5: string }[];
}
