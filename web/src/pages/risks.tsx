// Risks: the scenarios as a grid, the matrix before and after, SL-T as it follows from them, what waits, and the methods that rate.
import { t } from '../i18n';
import { PageHead, type PageProps } from '../ui/basics';
import { ItemGrid } from '../ui/itemgrid';
import { Lazy } from '../ui/lazy';
import { useView, Views } from '../ui/tabs';
import '../i18n/en/risk';

const VIEWS = ['grid', 'matrix', 'targets', 'open', 'methods'] as const;
const PARTS = {
  matrix: () => import('../ui/riskmatrix'),
  targets: () => import('../ui/targets'),
  open: () => import('../ui/openrisks'),
  methods: () => import('../ui/riskmethods'),
};

export default function Risks({ project }: PageProps) {
  const view = useView(VIEWS);
  return (
    <>
      <PageHead title={t('page.risks')}>
        <Views label={t('view.label')} views={VIEWS} current={view} titles={{ grid: t('risk.scenarios'), matrix: t('risk.matrix'), targets: t('risk.targets'), open: t('risk.open'), methods: t('method.list') }} />
      </PageHead>
      {view === 'grid' ? <ItemGrid project={project} kinds={['risk']} label={t('page.risks')} what={t('list.empty-text')} /> : <Lazy key={view} load={PARTS[view]} with={{ project }} />}
    </>
  );
}
