// Texts that begin with content, design: what documents and configurations hold.
import { addTexts, type Message } from '../message';

export const content = {
  'content.capture': 'Capture',
  'content.changes': 'Changes',
  'content.check-in': 'Check in',
  'content.counts': 'Lines gone: {gone}, new: {fresh}.',
  'content.cut': 'There is more: download both.',
  'content.difference': 'Revision {from} against {to}',
  'content.differs': 'It differs: what rests on it is suspect.',
  'content.file': 'File',
  'content.first': 'The first content',
  'content.implements': 'Implements',
  'content.no-text': 'It differs, and is no text that is compared by lines.',
  'content.none': 'Nothing was captured or checked in yet.',
  'content.panel': 'What it holds',
  'content.revision': 'Revision of the document',
  'content.revisions': 'Contents, the newest first',
  'content.same': 'The same in all that counts.',
  'content.show': 'What changed in {n}',
  'content.version': 'Software version',
  'content.what': 'Content',
  'content.when': 'When',
  'design.approvals': { one: '{n} approval', other: '{n} approvals' },
  'design.item': 'Document or configuration',
  'design.kind': 'Kind',
  'design.list': 'Documents and configurations',
  'design.none': 'No documents or configurations',
  'design.none-text': 'Add a document or a configuration, then check its content in.',
  'design.note': 'What is designed, in which revision it is released, and which requirements it implements',
  'design.revision': 'Revision or version',
  'design.totals': '{n} in all, {released} released, {suspect} with a suspect link',
} as const satisfies Record<string, Message>;

addTexts(content);
