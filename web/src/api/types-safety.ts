// Safety and security: functions with what countermeasures add, interactions, and what attacks reach.
import type { Vector } from './types';

export interface SafetyNote {
  kind: string;
  rule: string;
  item: string;
  text: string;
}

export interface SafetyResponse {
  verdict: string;
  own_ms: number | null;
  added_ms: number | null;
  total_ms: number | null;
  budget_ms: number | null;
  text: string;
}

export interface SafetyProbability {
  verdict: string;
  sil: number | null;
  sil_target: number | null;
  text: string;
}

export interface SafetyFunction {
  function: string;
  title: string;
  kind: string;
  verdict: string;
  interactions: number;
  open: number;
  response: SafetyResponse | null;
  probability: SafetyProbability | null;
  places: { place: string; target: Vector }[];
  notes: SafetyNote[];
}

export interface Interaction {
  measure: string;
  title: string;
  function: string;
  state: string;
  path: string[];
  aspects: string[];
  added_latency_ms: number | null;
  added_pfd: number | null;
  failure_effect: string | null;
  causes: string[];
}

export interface SafetyConflict {
  kind: string;
  function: string;
  measure: string | null;
  text: string;
}

export interface Interactions {
  functions: SafetyFunction[];
  interactions: Interaction[];
  conflicts: SafetyConflict[];
  everywhere: string[];
}

export interface ReachedFunction {
  function: string;
  title: string;
  kind: string;
  sil_target: number | null;
  reached: string;
  element: string | null;
  as: string;
  place: string | null;
  path: string[];
}

export interface HazardAttack {
  hazard: string;
  title: string;
  consequence: string | null;
  severity: number | null;
  threat: string;
  threat_title: string;
  verdict: string;
  text: string;
  credits: number;
  standing: number;
  rated: boolean;
  layers: ReachedFunction[];
  groups: number[];
  shares: { layers: string[]; item: string | null; network: string | null }[];
}

export interface Attacks {
  hazards: HazardAttack[];
}
