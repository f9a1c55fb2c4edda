// Texts that begin with job, reports.
import { addTexts, type Message } from '../message';

export const reports = {
  'job.of': '{n} of {total} {unit}',
  'job.some': '{n} {unit}',
  'reports.choose': 'Make a report',
  'reports.download': 'Download',
  'reports.file': 'File',
  'reports.format': 'Format',
  'reports.made': 'Made before',
  'reports.make': 'Make the report',
  'reports.none': 'No reports',
  'reports.note': 'Computed from the project as of now, or as of what is chosen above',
  'reports.open': 'Look at it',
  'reports.this': 'The report',
  'reports.which': 'Which report',
} as const satisfies Record<string, Message>;

addTexts(reports);
