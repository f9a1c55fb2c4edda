// How an achieved level stands to its target. Unknown never counts as achieved.
import type { Vector } from '../api/types';

export type Standing = 'achieved' | 'claimed' | 'below' | 'unknown' | 'none';

export interface Cell {
  standing: Standing;
  /** As it is shown: `1 / 2 ▼`. */
  text: string;
}

const shown = (level: number | null): string => (level === null ? '?' : String(level));

export function cellOf(target: number | null, verified: number | null, claimed: number | null): Cell {
  if (target === 0) return { standing: 'none', text: '– / 0' };
  if (target === null || verified === null) return { standing: 'unknown', text: `${shown(verified)} / ${shown(target)}` };
  if (verified >= target) return { standing: 'achieved', text: `${verified} / ${target} ✓` };
  if (claimed !== null && claimed >= target) return { standing: 'claimed', text: `(${claimed}) / ${target}` };
  return { standing: 'below', text: `${verified} / ${target} ▼` };
}

export function cellsOf(target: Vector, verified: Vector, claimed: Vector): Cell[] {
  return target.map((level, i) => cellOf(level, verified[i] ?? null, claimed[i] ?? null));
}
