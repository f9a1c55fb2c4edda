// The metamodel of the project that is shown.
import { projectPath, useRead } from '../api/cache';
import type { Metamodel } from '../api/types';

export function useMetamodel(project: string | null): Metamodel | null {
  return useRead<Metamodel>(project === null ? null : projectPath(project, 'metamodel', { at: null })).data;
}
