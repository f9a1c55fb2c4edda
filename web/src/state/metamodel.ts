// The metamodel: what kinds, attributes and links there are.
import { useRead } from '../api/cache';
import type { Metamodel } from '../api/types';

export function useMetamodel(): Metamodel | null {
  return useRead<Metamodel>('/api/v1/metamodel').data;
}
