// What waits among the risks: by rating, owner, age and what is done about them, and how many waited before.
import { useEffect, useState } from 'preact/hooks';
import { get, projectPath, useRead } from '../api/cache';
import type { Item, ProjectSummary, RatedRisk } from '../api/types';
import { number, t } from '../i18n';
import { type Group, groupBy, isOpen, OPEN_STATUSES, type RiskStatus, samples, SETTLED_STATUSES, statusOf } from '../model/risk';
import { projectAddress, type Query, useQuery } from '../router';
import { Bar, Empty, Panel, ProblemView, Waiting } from './basics';
import { Chooser } from './chooser';
import { RiskStatusTag, RiskTable } from './riskparts';
import '../i18n/en/item';
import '../i18n/en/projects';
import '../i18n/en/risk';

const DAY_MS = 86_400_000;
const DAYS = [30, 90, 365] as const;
const AGES = ['0', ...DAYS.map(String)];
const TREND_MOST = 8;
type Owned = Pick<Item, 'key'> & { owner?: string | null };

const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** Since how many days the rating of each risk is as it is: at least 0, 30, 90 or 365. */
function useAges(project: string): ReadonlyMap<string, string> | null {
  const path = (days: number): string => projectPath(project, 'items', { q: `kind:risk changed<${dayBefore(days)}`, fields: 'key', limit: '10000' });
  const reads = DAYS.map((days) => useRead<Owned[]>(path(days)).data);
  if (reads.some((read) => read === null)) return null;
  const ages = new Map<string, string>();
  for (const [i, read] of reads.entries()) for (const { key } of read ?? []) ages.set(key, String(DAYS[i]));
  return ages;
}

interface Breakdown {
  project: string;
  total: number;
  name: 'sl' | 'owner' | 'age' | 'status';
  groups: Group[];
  label: (name: string) => string;
}

function Bars(props: Breakdown) {
  const { query } = useChosen();
  return (
    <>
      {props.groups.map((group) => (
        <Bar
          key={group.name}
          label={props.label(group.name)}
          value={group.risks.length}
          of={props.total}
          text={t('overview.of', { n: group.risks.length, total: props.total })}
          href={projectAddress(props.project, 'risks', { ...query, [props.name]: group.name })}
        />
      ))}
    </>
  );
}

interface Chosen {
  sl: string;
  owner: string;
  age: string;
  status: string;
}

function useChosen(): { chosen: Chosen; query: Query } {
  const [sl] = useQuery('sl');
  const [owner] = useQuery('owner');
  const [age] = useQuery('age');
  const [status] = useQuery('status');
  const chosen = { sl, owner, age, status };
  return { chosen, query: { view: 'open', ...chosen } };
}

/** How many risks were open at commits between the first and the newest. */
function Trend(props: { project: string }) {
  const projects = useRead<ProjectSummary[]>('/api/v1/projects').data;
  const newest = projects?.find((one) => one.key === props.project)?.commits ?? 0;
  const [counts, setCounts] = useState<{ at: number; open: number; all: number }[]>([]);
  useEffect(() => {
    let current = true;
    const ask = async (at: number) => {
      const risks = await get<RatedRisk[]>(projectPath(props.project, 'risk-ratings', { at: String(at) }));
      return { at, open: risks.filter(isOpen).length, all: risks.length };
    };
    void Promise.all(samples(newest, TREND_MOST).map(ask)).then(
      (all) => current && setCounts(all),
      () => undefined, // who cannot read that far back sees no trend
    );
    return () => {
      current = false;
    };
  }, [props.project, newest]);
  const most = Math.max(1, ...counts.map((one) => one.all));
  return (
    <>
      {counts.map((one) => (
        <Bar key={one.at} label={t('item.commit', { n: number(one.at) })} value={one.open} of={most} text={t('overview.of', { n: one.open, total: one.all })} href={projectAddress(props.project, 'risks', { view: 'open', at: String(one.at) })} />
      ))}
    </>
  );
}

export default function OpenRisks({ project }: { project: string }) {
  const read = useRead<RatedRisk[]>(projectPath(project, 'risk-ratings'));
  const owned = useRead<Owned[]>(projectPath(project, 'items', { q: 'kind:risk', fields: 'key,owner', limit: '10000' }));
  const ages = useAges(project);
  const { chosen } = useChosen();
  const problem = read.problem ?? owned.problem;

  if (problem !== null) return <ProblemView problem={problem} />;
  if (read.data === null || owned.data === null || ages === null) return <Waiting />;
  const owners = new Map(owned.data.map((item) => [item.key, item.owner]));
  const ownerOf = (risk: RatedRisk): string => owners.get(risk.key) ?? t('none');
  const ageOf = (risk: RatedRisk): string => ages.get(risk.key) ?? '0';
  const slOf = (risk: RatedRisk): string => (risk.sl === null ? '?' : String(risk.sl));
  const open = read.data.filter(isOpen);
  const listed = read.data.filter(
    (risk) =>
      (chosen.status === '' ? isOpen(risk) : statusOf(risk) === chosen.status) &&
      (chosen.sl === '' || slOf(risk) === chosen.sl) &&
      (chosen.owner === '' || ownerOf(risk) === chosen.owner) &&
      (chosen.age === '' || ageOf(risk) === chosen.age),
  );
  const shared = { project, total: open.length };
  const statuses = [...OPEN_STATUSES, ...SETTLED_STATUSES];
  return (
    <>
      <p>{t('risk.open-formula', { n: open.length, total: read.data.length })}</p>
      <div class="quarters">
        <Panel title={t('risk.by-rating')}>
          <Bars {...shared} name="sl" groups={groupBy(open, slOf, ['?', '4', '3', '2', '1', '0'])} label={(name) => (name === '?' ? t('unknown') : t('risk.sl-n', { n: name }))} />
        </Panel>
        <Panel title={t('risk.by-status')}>
          <Bars {...shared} total={read.data.length} name="status" groups={groupBy(read.data, statusOf, statuses)} label={(name) => t(`risk.${name as RiskStatus}`)} />
        </Panel>
        <Panel title={t('risk.by-owner')}>
          <Bars {...shared} name="owner" groups={groupBy(open, ownerOf)} label={(name) => name} />
        </Panel>
        <Panel title={t('risk.by-age')}>
          <Bars {...shared} name="age" groups={groupBy(open, ageOf, AGES)} label={(name) => t(name === '0' ? 'risk.age-new' : 'risk.age-days', { n: Number(name) })} />
        </Panel>
        <Panel title={t('risk.trend')}>
          <Trend project={project} />
        </Panel>
      </div>
      <div class="toolbar">
        <Chooser label={t('risk.status')} name="status" all={t('risk.all-open')} value={chosen.status} options={statuses.map((one) => [one, t(`risk.${one}`)])} />
        <Chooser label={t('risk.sl')} name="sl" value={chosen.sl} options={['1', '2', '3', '4', '?'].map((one) => [one, one])} />
        <Chooser label={t('risk.owner')} name="owner" value={chosen.owner} options={[...new Set(read.data.map(ownerOf))].sort().map((one) => [one, one])} />
        <Chooser label={t('risk.age')} name="age" value={chosen.age} options={AGES.map((one) => [one, t(one === '0' ? 'risk.age-new' : 'risk.age-days', { n: Number(one) })])} />
      </div>
      {listed.length === 0 ? (
        <Empty title={t('risk.none-open')} text={t('risk.none-open-text')} />
      ) : (
        <Panel title={t('risk.listed', { n: listed.length })} aside={chosen.status === '' ? null : <RiskStatusTag status={chosen.status as RiskStatus} />}>
          <RiskTable project={project} label={t('page.risks')} risks={listed} owners={owners} />
        </Panel>
      )}
    </>
  );
}
