// The foundational requirements by their short names, from the metamodel.
import type { Metamodel } from '../api/types';

export interface FrName {
  fr: number;
  name: string;
  title: string;
}

export function frNames(model: Metamodel | null): FrName[] {
  if (model !== null && model.requirements.length > 0) return model.requirements;
  return [1, 2, 3, 4, 5, 6, 7].map((fr) => ({ fr, name: `FR ${fr}`, title: `FR ${fr}` }));
}
