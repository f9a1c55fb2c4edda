// Texts that begin with defects, judgeall, suspects.
import { addTexts, type Message } from '../message';

export const suspects = {
  'defects.note': 'What the rules find in the project, by rule',
  'judgeall.button': 'Confirm all {total}',
  'judgeall.done': { one: 'Confirmed {n} link.', other: 'Confirmed {n} links.' },
  'judgeall.preview': { one: '{n} link would be confirmed', other: '{n} links would be confirmed' },
  'judgeall.show': 'Show which',
  'judgeall.title': 'Confirm all suspects that fit {q}',
  'suspects.age': { one: '{n} day', other: '{n} days' },
  'suspects.changed': 'revision {from} to {to}: {fields} ({by}, {time})',
  'suspects.confirm': 'Confirm',
  'suspects.confirmed': 'Confirmed',
  'suspects.decide': 'Does the link still hold?',
  'suspects.defer': 'Defer',
  'suspects.deferred': 'Deferred',
  'suspects.downstream': 'What lies downstream',
  'suspects.fields': 'Fields that differ',
  'suspects.keys': 'Keys: j and k step through the queue, c to confirm, u to update, d to defer.',
  'suspects.later': 'later, until {until}',
  'suspects.look-at': 'To be looked at:',
  'suspects.more': 'More than these {n}',
  'suspects.nobody': 'nobody',
  'suspects.none': 'Nothing is suspect',
  'suspects.none-text': 'When an end of a link changes in substance, the link waits here until somebody confirms it.',
  'suspects.note': 'Links to be judged again, since an end changed',
  'suspects.queue': '{total} to be judged',
  'suspects.reaches': { one: 'The change reaches {n} item', other: 'The change reaches {n} items' },
  'suspects.reason': 'Why',
  'suspects.reason-hint': 'Kept in the log',
  'suspects.until': 'Until',
  'suspects.until-hint': 'To defer: a day such as 2026-12-31',
  'suspects.until-why': 'Deferred until {until} by {by}: {reason}',
  'suspects.update': 'Update {key}',
} as const satisfies Record<string, Message>;

addTexts(suspects);
