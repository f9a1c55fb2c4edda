// Texts that begin with inventory, settle.
import { addTexts, type Message } from '../message';

export const inventory = {
  'inventory.accept': 'Accept',
  'inventory.accepted': 'Accepted: {reason}',
  'inventory.create': 'Put in place',
  'inventory.elsewhere': 'In another zone or network than drawn',
  'inventory.move': 'Move',
  'inventory.none': 'Nothing differs',
  'inventory.none-text': 'What inventories saw and what the case has are the same.',
  'inventory.not_drawn': 'Seen and not drawn',
  'inventory.not_seen': 'Drawn and not seen',
  'inventory.note': 'What inventories saw against what the case says',
  'inventory.port': 'Open ports that nothing permits',
  'inventory.retire': 'Retire',
  'inventory.show-accepted': 'Show accepted ones',
  'inventory.unknown': 'Unknown',
  'inventory.unknown-text': 'No inventory was imported, so what is built is not known. Import one on the page Import.',
  'inventory.update': 'Note the version',
  'inventory.version': 'Another version than known',
  'settle.created': '{n} new: {kind}',
  'settle.do': 'Do it',
  'settle.links': { one: '{n} link: {type}', other: '{n} links: {type}' },
  'settle.nothing': 'Nothing: all of it is there.',
  'settle.preview': 'This would change:',
  'settle.reason': 'Why it is accepted',
  'settle.updated': '{n} changed: {kind}',
} as const satisfies Record<string, Message>;

addTexts(inventory);
