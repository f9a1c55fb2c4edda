// Values of attributes as text and back. What a person types is checked here only for its form; the server decides.
import type { AttrType, AttrValue } from '../api/types';
import { date, words } from '../i18n';

const LISTS = new Set(['list', 'refs', 'keys', 'enums', 'ints']);
const NAMED = new Set(['answers', 'levels', 'versions', 'texts']);

export const isList = (type: string): boolean => LISTS.has(type);
export const isNamed = (type: string): boolean => NAMED.has(type);

function plain(value: AttrValue): string {
  if (value === null) return '?';
  return typeof value === 'boolean' ? words(value ? 'yes' : 'no') : String(value);
}

/** A value for reading. */
export function showValue(value: AttrValue | undefined, type: string): string {
  if (value === undefined || value === null) return '';
  if (type === 'date') return date(String(value));
  if (type === 'enum') return words(String(value));
  if (Array.isArray(value)) return type === 'enums' ? value.map((one) => words(String(one))).join(', ') : value.map(plain).join(type === 'vector' ? ' ' : ', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, one]) => `${words(name)} ${plain(one)}`)
      .join(', ');
  return plain(value);
}

/** A value for editing as one text; lists one entry a line. */
export function editValue(value: AttrValue | undefined, type: string): string {
  if (value === undefined || value === null) return '';
  if (type === 'vector' && Array.isArray(value)) return value.map((one) => (one === null ? '?' : String(one))).join(' ');
  if (Array.isArray(value)) return value.map(String).join('\n');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, one]) => `${name}: ${String(one)}`)
      .join('\n');
  return String(value);
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const asNumber = (text: string): AttrValue => (/^-?\d+$/.test(text) ? Number(text) : text);

function namedValue(text: string, type: string): AttrValue {
  const named: { [name: string]: AttrValue } = {};
  for (const line of lines(text)) {
    const at = line.indexOf(':');
    const name = (at < 0 ? line : line.slice(0, at)).trim();
    const value = at < 0 ? '' : line.slice(at + 1).trim();
    named[name] = type === 'answers' ? value === 'true' || value === 'yes' : type === 'levels' ? asNumber(value) : value;
  }
  return named;
}

/** What a text stands for; null for none, which removes the attribute. A form that does not fit goes as text, to be refused. */
export function parseValue(text: string, type: AttrType): AttrValue {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (type.type === 'int') return asNumber(trimmed);
  if (type.type === 'bool') return trimmed === 'true';
  if (type.type === 'vector') return trimmed.split(/[\s,]+/).map((one) => (one === '?' ? null : asNumber(one)));
  if (type.type === 'ints') return trimmed.split(/[\s,]+/).map(asNumber);
  if (isList(type.type)) return lines(text);
  if (isNamed(type.type)) return namedValue(text, type.type);
  return trimmed;
}
