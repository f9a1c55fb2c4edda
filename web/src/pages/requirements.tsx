// Requirements as a grid, and the coverage of what SL-T demands: FR → SR → RE → requirement, each with its formula.
import { projectPath, useRead } from '../api/cache';
import type { CatalogueRow, GapRow } from '../api/types';
import { t } from '../i18n';
import { type Branch, count, type Counts, coverageTree, distinctCauses, outcomeOf } from '../model/coverage';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { type FrName, frNames } from '../state/names';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { ItemGrid } from '../ui/itemgrid';
import { useView, Views } from '../ui/tabs';
import '../i18n/en/imports';
import '../i18n/en/trace';

const VIEWS = ['grid', 'coverage'] as const;
const STANDARD = '62443-3-3';

function Formula({ counts }: { counts: Counts }) {
  return <span class="dim formula">{t('coverage.formula', { met: counts.met, total: counts.demanded, claimed: counts.claimed, gap: counts.gap, unknown: counts.unknown })}</span>;
}

function Share({ counts }: { counts: Counts }) {
  const parts: [string, number][] = [
    ['ok', counts.met],
    ['claimed', counts.claimed],
    ['gap', counts.gap],
    ['unk', counts.unknown],
  ];
  return (
    <span class="share" aria-hidden="true">
      {parts.map(([tone, n]) => n > 0 && <span key={tone} class={tone} style={{ flexGrow: n }} />)}
    </span>
  );
}

function RowTable(props: { project: string; rows: GapRow[] }) {
  return (
    <div class="scroll">
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t('coverage.place')}</th>
            <th scope="col">{t('coverage.requirement')}</th>
            <th scope="col">{t('coverage.status')}</th>
            <th scope="col">{t('coverage.why')}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.place + row.ref}>
              <td>
                <KeyLink project={props.project} k={row.place} />
              </td>
              <td>{row.requirement === null ? t('none') : <KeyLink project={props.project} k={row.requirement} />}</td>
              <td>
                <Tag name={row.status} />
              </td>
              <td>
                {row.waiver !== null && <KeyLink project={props.project} k={row.waiver} />}
                <ul class="causes">
                  {distinctCauses(row).map(({ cause, times }) => (
                    <li key={cause.kind + cause.text}>
                      {cause.text} {cause.item !== null && <KeyLink project={props.project} k={cause.item} />}
                      {times > 1 && ` ${t('coverage.times', { n: times })}`}
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BranchView(props: { project: string; branch: Branch; open: ReadonlySet<string>; onToggle: (id: string, open: boolean) => void }) {
  const { branch } = props;
  const isOpen = props.open.has(branch.id);
  return (
    <details class="branch" open={isOpen} onToggle={(event) => props.onToggle(branch.id, event.currentTarget.open)}>
      <summary>
        <span class="branch-id">{branch.id}</span> <span class="branch-title">{branch.title}</span>
        <Share counts={branch.counts} />
        <Formula counts={branch.counts} />
      </summary>
      {isOpen && (
        <div class="branch-body">
          {branch.rows.length > 0 && <RowTable project={props.project} rows={branch.rows} />}
          {branch.children.map((child) => (
            <BranchView key={child.id} project={props.project} branch={child} open={props.open} onToggle={props.onToggle} />
          ))}
        </div>
      )}
    </details>
  );
}

function Tree(props: { project: string; rows: GapRow[]; catalogue: CatalogueRow[]; names: FrName[] }) {
  const [openText, setOpenText] = useQuery('open');
  const open = new Set(openText === '' ? [] : openText.split(','));
  const onToggle = (id: string, isOpen: boolean): void => {
    if (open.has(id) === isOpen) return;
    if (isOpen) open.add(id);
    else open.delete(id);
    setOpenText([...open].join(','));
  };
  return (
    <div class="tree">
      {coverageTree(props.rows, props.catalogue, props.names).map((branch) => (
        <BranchView key={branch.id} project={props.project} branch={branch} open={open} onToggle={onToggle} />
      ))}
    </div>
  );
}

function Coverage({ project }: { project: string }) {
  const [zone] = useQuery('zone');
  const [fr] = useQuery('fr');
  const [outcome] = useQuery('outcome');
  const gaps = useRead<GapRow[]>(projectPath(project, 'gaps'));
  const catalogue = useRead<{ requirements: CatalogueRow[] }>(`/api/v1/catalogs/${STANDARD}`);
  const names = frNames(useMetamodel());
  const problem = gaps.problem ?? catalogue.problem;

  if (problem !== null) return <ProblemView problem={problem} />;
  if (gaps.data === null || catalogue.data === null) return <Waiting />;
  const places = [...new Set(gaps.data.map((row) => row.place))];
  const shownNames = names.filter((name) => fr === '' || String(name.fr) === fr);
  const frs = new Map(catalogue.data.requirements.map((row) => [row.id, String(row.fr)]));
  const rows = gaps.data
    .filter((row) => row.ref.startsWith(`${STANDARD} `) && (zone === '' || row.place === zone))
    .filter((row) => fr === '' || frs.get(row.ref.slice(STANDARD.length + 1)) === fr)
    .filter((row) => outcome === '' || outcomeOf(row.status) === outcome);
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('coverage.place')} name="zone" value={zone} options={places.map((one) => [one, one])} />
        <Chooser label={t('coverage.fr')} name="fr" value={fr} options={names.map((one) => [String(one.fr), `${one.name} ${one.title}`])} />
        <Chooser label={t('coverage.status')} name="outcome" value={outcome} options={(['met', 'claimed', 'gap', 'unknown', 'removed'] as const).map((one) => [one, t(`outcome.${one}`)])} />
        <Formula counts={count(rows)} />
      </div>
      {rows.length === 0 ? (
        <Empty title={t('coverage.none')} text={t('coverage.none-text')} />
      ) : (
        <Panel title={t('coverage.title')}>
          <Tree project={project} rows={rows} catalogue={catalogue.data.requirements} names={shownNames} />
        </Panel>
      )}
    </>
  );
}

export default function Requirements({ project }: PageProps) {
  const view = useView(VIEWS);
  return (
    <>
      <PageHead title={t('page.requirements')}>
        <Views label={t('view.label')} views={VIEWS} current={view} titles={{ grid: t('view.grid'), coverage: t('view.coverage') }} />
      </PageHead>
      {view === 'grid' ? <ItemGrid project={project} kinds={['requirement']} label={t('page.requirements')} what={t('requirements.empty')} /> : <Coverage project={project} />}
    </>
  );
}
