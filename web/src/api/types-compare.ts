// What the API says of two issued reports, or two commits, against each other.
import type { Compared } from './types';

export interface ReportSide {
  report: string | null;
  commit: number;
  instant: string;
  scope: string[];
}

interface Share {
  part: number;
  of: number;
}

export interface FindingMoved {
  key: string;
  title: string;
  change: 'new' | 'closed' | 'reopened' | 'state';
  vulnerability: string | null;
  severity: string | null;
  from: string | null;
  to: string | null;
}

export const COMPARED_METRICS = ['open', 'acknowledged', 'compensated', 'patched'] as const;

export interface ReportsCompared extends Pick<Compared, 'places' | 'coverage'> {
  from: ReportSide;
  to: ReportSide;
  findings: FindingMoved[];
  metrics: Record<(typeof COMPARED_METRICS)[number], { from: Share; to: Share }>;
  between: number;
  commits: { commit: number; time: string; message: string | null; operations: number }[];
  differences: number;
}
