// Texts that begin with coverage, requirements, trace.
import { addTexts, type Message } from '../message';

export const trace = {
  'coverage.formula': '{met} of {total} met: {claimed} claimed, {gap} gaps, {unknown} unknown',
  'coverage.fr': 'Foundational requirement',
  'coverage.none': 'No demanded row',
  'coverage.none-text': 'SL-T demands no row here, or the choice above leaves none.',
  'coverage.place': 'Zone or conduit',
  'coverage.requirement': 'Requirement',
  'coverage.status': 'Status',
  'coverage.times': '({n} times)',
  'coverage.title': 'What SL-T demands, FR to requirement',
  'coverage.why': 'Why',
  'requirements.empty': 'Requirements say what must be met. Import them, or apply a catalogue to a zone.',
  'trace.choose': 'Item to trace',
  'trace.down': { one: '{n} step after', other: '{n} steps after' },
  'trace.missing-after': 'Missing after:',
  'trace.missing-before': 'Missing before:',
  'trace.none': 'Choose an item',
  'trace.none-text': 'Its chain is shown in columns, from threat and hazard over risk, target, requirement and claim to the proof.',
  'trace.note': 'From the source to the proof',
  'trace.source': 'Traced',
  'trace.up': { one: '{n} step before', other: '{n} steps before' },
} as const satisfies Record<string, Message>;

addTexts(trace);
