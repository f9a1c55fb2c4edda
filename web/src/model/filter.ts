// Completion of the filter language: what may stand at the end of what was typed. The server reads filters; this only
// proposes, from the metamodel.
import type { Metamodel } from '../api/types';
import { stateNames } from './metamodel';

export interface Completion {
  /** The whole filter with the proposal in place. */
  value: string;
  label: string;
  hint: string;
}

const TERMS: readonly [string, string][] = [
  ['kind:', 'zone, requirement, …'],
  ['state:', 'draft, approved, …'],
  ['status:', 'open, verified, …'],
  ['zone:', 'ZN-1'],
  ['fr:', '1 to 7'],
  ['sl>=', '0 to 4'],
  ['text:', '"access control"'],
  ['title:', ''],
  ['owner:', ''],
  ['tag:', ''],
  ['changed>', '2026-01-01'],
  ['suspect', ''],
];
const STATUSES = ['open', 'failed', 'suspect', 'claimed', 'verified', 'unknown', 'removed'];
const COMPLETIONS_MAX = 12;

/** Where the last term begins: blanks inside quotes do not end one. */
function lastTerm(text: string): number {
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && quoted) i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === ' ' || c === '(' || (c === '-' && i === start))) start = i + 1;
  }
  return start;
}

function kindsIn(text: string, model: Metamodel): Metamodel['kinds'] {
  const named = [...text.matchAll(/kind[:=]([a-z_]+)/g)].map((match) => match[1]);
  const kinds = model.kinds.filter((kind) => named.includes(kind.name));
  return kinds.length > 0 ? kinds : model.kinds;
}

function valuesOf(name: string, text: string, model: Metamodel): string[] {
  const kinds = kindsIn(text, model);
  if (name === 'kind') return model.kinds.map((kind) => kind.name);
  if (name === 'state') return [...new Set(kinds.flatMap((kind) => stateNames(kind)))];
  if (name === 'status') return STATUSES;
  if (name === 'fr') return model.requirements.map((row) => String(row.fr));
  if (name === 'sl') return ['0', '1', '2', '3', '4'];
  const attr = kinds.flatMap((kind) => kind.attrs).find((one) => one.name === name);
  if (attr?.type === 'bool') return ['true', 'false'];
  return attr?.values ?? [];
}

const quoted = (value: string): string => (/[\s()"]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value);

export function completeFilter(text: string, model: Metamodel | null): Completion[] {
  const start = lastTerm(text);
  const head = text.slice(0, start);
  const term = text.slice(start).toLowerCase();
  const match = /^([a-z_]+)(>=|<=|[:=<>])(.*)$/.exec(term);

  if (model === null) return [];
  if (match !== null) {
    const [, name = '', sign = '', begun = ''] = match;
    return valuesOf(name, text, model)
      .filter((value) => value.toLowerCase().startsWith(begun))
      .slice(0, COMPLETIONS_MAX)
      .map((value) => ({ value: `${head}${name}${sign}${quoted(value)} `, label: value, hint: name }));
  }
  const attrs = kindsIn(text, model).flatMap((kind) => kind.attrs.map((attr): [string, string] => [`${attr.name}:`, attr.help ?? '']));
  const seen = new Set<string>();
  return [...TERMS, ...attrs]
    .filter(([name]) => name.startsWith(term) && name !== term && !seen.has(name) && seen.add(name))
    .slice(0, COMPLETIONS_MAX)
    .map(([name, hint]) => ({ value: `${head}${name}${name === 'suspect' ? ' ' : ''}`, label: name, hint }));
}

/** A filter with a term that holds for one value. */
export function withTerm(filter: string, term: string): string {
  return filter.split(/\s+/).includes(term) ? filter : `${filter} ${term}`.trim();
}
