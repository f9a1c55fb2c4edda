// Every page, once: its address, its name, what loads it, and where the navigation lists it. The server delivers the app at
// the first segment of each address (the build reads this table).
import type { ComponentType } from 'preact';
import type { MessageKey } from './i18n';
import type { PageProps } from './ui/basics';

export type NavGroup = 'top' | 'engineer' | 'prove' | 'manage';

export interface PageRow {
  path: string;
  title: MessageKey;
  load: () => Promise<{ default: ComponentType<PageProps> }>;
  nav?: NavGroup;
  /** Kinds that a page of items lists. */
  kinds?: readonly string[];
  /** Listed only for who has this permission. */
  permission?: string;
  /** Of auditors who see a part of the project: `none` is who it is listed for, or `commit`, those who see all zones up to a commit. */
  auditors?: 'none' | 'commit';
}

const items = (): ReturnType<PageRow['load']> => import('./pages/items');

export const PAGES: readonly PageRow[] = [
  { path: '/', title: 'page.projects', load: () => import('./pages/projects') },
  { path: '/projects', title: 'page.projects', load: () => import('./pages/projects') },
  { path: '/account', title: 'page.account', load: () => import('./pages/account') },
  { path: '/findings', title: 'page.findings', load: () => import('./pages/queue') },
  { path: '/work', title: 'page.work', load: () => import('./pages/work') },
  { path: '/people', title: 'page.people', load: () => import('./pages/people') },
  { path: '/audit', title: 'page.audit', load: () => import('./pages/audit') },
  { path: '/p/:project', title: 'page.overview', load: () => import('./pages/overview') },
  { path: '/p/:project/', title: 'page.overview', load: () => import('./pages/overview'), nav: 'top' },
  { path: '/p/:project/work', title: 'page.work', load: () => import('./pages/work'), nav: 'top' },
  { path: '/p/:project/zones', title: 'page.zones', load: () => import('./pages/zones'), nav: 'engineer' },
  { path: '/p/:project/drawing', title: 'page.drawing', load: () => import('./pages/drawing'), nav: 'engineer' },
  { path: '/p/:project/threats', title: 'page.threats', load: items, nav: 'engineer', kinds: ['threat'] },
  { path: '/p/:project/hazards', title: 'page.hazards', load: items, nav: 'engineer', kinds: ['hazard'] },
  { path: '/p/:project/risks', title: 'page.risks', load: () => import('./pages/risks'), nav: 'engineer' },
  { path: '/p/:project/safety', title: 'page.safety', load: () => import('./pages/safety'), nav: 'engineer', auditors: 'commit' },
  { path: '/p/:project/requirements', title: 'page.requirements', load: () => import('./pages/requirements'), nav: 'engineer' },
  { path: '/p/:project/trace', title: 'page.trace', load: () => import('./pages/trace'), nav: 'engineer' },
  { path: '/p/:project/matrix', title: 'page.matrix', load: () => import('./pages/matrix'), nav: 'engineer' },
  { path: '/p/:project/neighbourhood', title: 'page.neighbourhood', load: () => import('./pages/neighbourhood'), nav: 'engineer' },
  { path: '/p/:project/impact', title: 'page.impact', load: () => import('./pages/impact'), nav: 'engineer' },
  { path: '/p/:project/what-if', title: 'page.what-if', load: () => import('./pages/what-if'), nav: 'engineer' },
  { path: '/p/:project/components', title: 'page.components', load: items, nav: 'engineer', kinds: ['component'] },
  { path: '/p/:project/assets', title: 'page.assets', load: items, nav: 'engineer', kinds: ['asset'] },
  { path: '/p/:project/inventory', title: 'page.inventory', load: () => import('./pages/inventory'), nav: 'engineer', auditors: 'commit' },
  { path: '/p/:project/import', title: 'page.import', load: () => import('./pages/import'), nav: 'manage', permission: 'import' },
  { path: '/p/:project/zcr', title: 'page.zcr', load: () => import('./pages/zcr'), nav: 'engineer' },
  { path: '/p/:project/defects', title: 'page.defects', load: () => import('./pages/defects'), nav: 'prove' },
  { path: '/p/:project/capability', title: 'page.capability', load: () => import('./pages/capability'), nav: 'prove' },
  { path: '/p/:project/findings', title: 'page.findings', load: () => import('./pages/findings'), nav: 'prove' },
  { path: '/p/:project/suspects', title: 'page.suspects', load: () => import('./pages/suspects'), nav: 'prove', auditors: 'none' },
  { path: '/p/:project/baselines', title: 'page.baselines', load: () => import('./pages/baselines'), nav: 'prove' },
  { path: '/p/:project/reviews', title: 'page.reviews', load: () => import('./pages/reviews'), nav: 'prove', auditors: 'none' },
  { path: '/p/:project/changes', title: 'page.changes', load: () => import('./pages/changes'), nav: 'manage', auditors: 'commit' },
  { path: '/p/:project/incidents', title: 'page.incidents', load: () => import('./pages/incidents'), nav: 'manage', auditors: 'commit' },
  { path: '/p/:project/branches', title: 'page.branches', load: () => import('./pages/branches'), nav: 'manage', auditors: 'none' },
  { path: '/p/:project/vendors', title: 'page.vendors', load: () => import('./pages/vendors'), nav: 'prove', auditors: 'none' },
  { path: '/p/:project/advisories', title: 'page.advisories', load: () => import('./pages/advisories'), nav: 'prove' },
  { path: '/p/:project/feeds', title: 'page.feeds', load: () => import('./pages/feeds'), nav: 'manage' },
  { path: '/p/:project/plan', title: 'page.plan', load: () => import('./pages/plan'), nav: 'prove', auditors: 'commit' },
  { path: '/p/:project/assessments', title: 'page.assessments', load: () => import('./pages/assessments'), nav: 'prove', auditors: 'commit' },
  { path: '/p/:project/psirt', title: 'page.psirt', load: () => import('./pages/psirt'), nav: 'prove', auditors: 'commit' },
  { path: '/p/:project/log', title: 'page.log', load: () => import('./pages/log'), nav: 'prove', auditors: 'commit' },
  { path: '/p/:project/evidence', title: 'page.evidence', load: () => import('./pages/evidence'), nav: 'prove' },
  { path: '/p/:project/design', title: 'page.design', load: () => import('./pages/design'), nav: 'engineer' },
  { path: '/p/:project/execute', title: 'page.execute', load: () => import('./pages/execute'), nav: 'prove' },
  { path: '/p/:project/tests', title: 'page.tests', load: () => import('./pages/tests'), nav: 'prove' },
  { path: '/p/:project/reports', title: 'page.reports', load: () => import('./pages/reports'), nav: 'prove' },
  { path: '/p/:project/report-compare', title: 'page.report-compare', load: () => import('./pages/report-compare') },
  { path: '/p/:project/access', title: 'page.access', load: () => import('./pages/access'), nav: 'manage', permission: 'admin' },
  { path: '/p/:project/workflows', title: 'page.workflows', load: () => import('./pages/workflows'), nav: 'manage' },
  { path: '/p/:project/attributes', title: 'page.attributes', load: () => import('./pages/attributes'), nav: 'manage' },
  { path: '/p/:project/audit', title: 'page.audit', load: () => import('./pages/audit'), nav: 'manage', permission: 'audit', auditors: 'none' },
  { path: '/p/:project/items', title: 'page.items', load: items, nav: 'manage', kinds: [] },
  { path: '/p/:project/items/:key', title: 'page.item', load: () => import('./pages/item') },
];
