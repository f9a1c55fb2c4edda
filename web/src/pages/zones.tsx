// Zones and conduits with their levels, and the items themselves as a grid.
import { projectPath, useRead } from '../api/cache';
import type { PlaceLevels } from '../api/types';
import { t } from '../i18n';
import { useMetamodel } from '../state/metamodel';
import { frNames } from '../state/names';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { Heatmap, HeatLegend } from '../ui/heatmap';
import { ItemGrid } from '../ui/itemgrid';
import { Lazy } from '../ui/lazy';
import { useView, Views } from '../ui/tabs';
import '../i18n/en/drawing';
import '../i18n/en/projects';

const VIEWS = ['grid', 'conduits', 'levels', 'profile'] as const;
const loadProfile = () => import('../ui/profile');

function Levels({ project }: { project: string }) {
  const { data, problem, loading } = useRead<PlaceLevels[]>(projectPath(project, 'sl'));
  const names = frNames(useMetamodel());
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  if (data.length === 0) return <Empty title={t('overview.no-places')} text={t('overview.no-places-text')} />;
  return (
    <Panel title={t('overview.zones')}>
      <Heatmap project={project} places={data} names={names} />
      <HeatLegend />
    </Panel>
  );
}

export default function Zones({ project }: PageProps) {
  const view = useView(VIEWS);
  return (
    <>
      <PageHead title={t('page.zones')}>
        <Views label={t('view.label')} views={VIEWS} current={view} titles={{ grid: t('zones.zones'), conduits: t('zones.conduits'), levels: t('zones.levels'), profile: t('zones.profile') }} />
      </PageHead>
      {view === 'levels' ? (
        <Levels project={project} />
      ) : view === 'profile' ? (
        <Lazy load={loadProfile} with={{ project }} />
      ) : (
        <ItemGrid key={view} project={project} kinds={[view === 'grid' ? 'zone' : 'conduit']} label={t(view === 'grid' ? 'zones.zones' : 'zones.conduits')} what={t('zones.empty')} />
      )}
    </>
  );
}
