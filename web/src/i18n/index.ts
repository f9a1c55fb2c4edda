// Every text a person reads comes from a catalogue. Numbers and dates follow the browser's locale.
import type { baselines } from './en/baselines';
import type { content } from './en/content';
import type { drawing } from './en/drawing';
import type { execute } from './en/execute';
import type { feeds } from './en/feeds';
import type { findings } from './en/findings';
import type { impact } from './en/impact';
import type { imports } from './en/imports';
import type { inventory } from './en/inventory';
import type { item } from './en/item';
import type { log } from './en/log';
import type { operation } from './en/operation';
import type { people } from './en/people';
import type { plan } from './en/plan';
import type { programmes } from './en/programmes';
import type { projects } from './en/projects';
import type { reports } from './en/reports';
import type { risk } from './en/risk';
import type { safety } from './en/safety';
import type { suspects } from './en/suspects';
import type { tests } from './en/tests';
import type { trace } from './en/trace';
import type { views } from './en/views';
import type { workflow } from './en/workflow';
import type { zcr } from './en/zcr';
import { frame } from './en/frame';
import { findText } from './message';

type Parts = typeof frame & typeof baselines & typeof content & typeof drawing & typeof execute & typeof feeds & typeof findings & typeof impact & typeof imports & typeof inventory & typeof item & typeof log & typeof operation & typeof people & typeof plan & typeof programmes & typeof projects & typeof reports & typeof risk & typeof safety & typeof suspects & typeof tests & typeof trace & typeof views & typeof workflow & typeof zcr;
/** `frame` is always there; who says a text of another part imports that part. */
export type MessageKey = keyof Parts;
export type Params = Record<string, string | number>;

const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;
const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat(locale);
const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
const sizes = SIZES.map((unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }));
const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The text of a key; `{name}` is replaced, and a plural is chosen by `n`. */
export function t(key: MessageKey, params: Params = {}): string {
  const message = findText(key) ?? key;
  const text = typeof message === 'string' ? message : message[plurals.select(Number(params['n'] ?? 0)) === 'one' ? 'one' : 'other'];

  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
  });
}

export function number(value: number): string {
  return numbers.format(value);
}

/** A length of time in its two largest units, such as 2 d 3 h. */
export function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return days > 0 ? `${number(days)} d ${hours} h` : `${hours} h ${String(minutes).padStart(2, '0')} min`;
}

/** A size, such as 1.2 MB. */
export function bytes(value: number): string {
  const step = value === 0 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(value) / 3));
  return sizes[step]!.format(value / 1000 ** step);
}

/** The day of a time where the reader is; a day that has no time is the same day everywhere. */
export function date(value: string): string {
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : (value.includes('T') ? dates : days).format(time);
}

export function dateTime(value: string): string {
  const time = Date.parse(value);
  if (Number.isNaN(time)) return value;
  return value.includes('T') ? times.format(time) : days.format(time);
}

/** A month such as 2031-03. */
export function month(value: string): string {
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : months.format(time);
}

const UNIT = /_(per_h|per_y|ms|h)$/;
const SHORT = /\b(bom|bpcs|dd|du|frs|hft|pfd|pfh|sd|sil|su)\b/g;

/** A name of the metamodel as people read it: `physical_boundary` → `Physical boundary`, `element_pfh_per_h` → `Element PFH (per hour)`. */
export function words(name: string): string {
  const key = `word.${name}`;
  if (key in frame) return t(key as MessageKey);
  const unit = UNIT.exec(name)?.[1];
  const text = name
    .replace(UNIT, '')
    .replaceAll('_', ' ')
    .replace(SHORT, (short) => t(`short.${short}` as MessageKey));
  return text.charAt(0).toUpperCase() + text.slice(1) + (unit === undefined ? '' : ` (${t(`unit.${unit}` as MessageKey)})`);
}
