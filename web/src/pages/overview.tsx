// Where the project stands: levels of every place, how far the chain reaches, what is wrong, and what to do next.
import { projectPath, useRead } from '../api/cache';
import type { Defect, GapRow, PlaceLevels } from '../api/types';
import { t, words } from '../i18n';
import { chain, count, nextSteps } from '../model/coverage';
import { membership } from '../state/session';
import { useMetamodel } from '../state/metamodel';
import { frNames } from '../state/names';
import { projectAddress } from '../router';
import { Bar, Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, To, Waiting } from '../ui/basics';
import { FirstSteps } from '../ui/firststeps';
import { Heatmap, HeatLegend } from '../ui/heatmap';
import { OpenFindings } from '../ui/openfindings';
import '../i18n/en/projects';
import '../i18n/en/trace';
import '../i18n/en/zcr';

const STEPS_SHOWN = 6;
const DEFECTS_SHOWN = 6;

function Levels(props: { project: string; places: PlaceLevels[] | null }) {
  const names = frNames(useMetamodel());
  if (props.places === null) return <Waiting />;
  if (props.places.length === 0)
    return (
      <Empty title={t('overview.no-places')} text={t('overview.no-places-text')}>
        <To project={props.project} path="zones" class="button primary">
          {t('page.zones')}
        </To>
      </Empty>
    );
  return (
    <>
      <Heatmap project={props.project} places={props.places} names={names} />
      <HeatLegend />
    </>
  );
}

function Chain(props: { project: string; rows: GapRow[] | null }) {
  if (props.rows === null) return <Waiting />;
  const counts = count(props.rows);
  return (
    <>
      {chain(props.rows).map((stage) => (
        <Bar
          key={stage.name}
          label={t(`stage.${stage.name}`)}
          value={stage.reached}
          of={stage.of}
          text={t('overview.of', { n: stage.reached, total: stage.of })}
          href={projectAddress(props.project, 'requirements', { view: 'coverage' })}
        />
      ))}
      <p class="dim">{t('coverage.formula', { met: counts.met, total: counts.demanded, claimed: counts.claimed, gap: counts.gap, unknown: counts.unknown })}</p>
    </>
  );
}

function Next(props: { project: string; rows: GapRow[] | null }) {
  if (props.rows === null) return <Waiting />;
  const steps = nextSteps(props.rows, STEPS_SHOWN);
  if (steps.length === 0) return <Empty title={t('overview.nothing')} text={t('overview.nothing-text')} />;
  return (
    <ol class="plain-list">
      {steps.map((step) => (
        <li key={`${step.kind} ${step.item} ${step.text}`}>
          <strong>{words(step.kind)}</strong>
          <span>
            {' '}
            {step.item !== null && <KeyLink project={props.project} k={step.item} />}
          </span>
          <p class="dim">
            {step.text}. {t('overview.waits', { n: step.rows, places: step.places.join(', ') })}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Defects(props: { project: string; defects: Defect[] | null }) {
  if (props.defects === null) return <Waiting />;
  if (props.defects.length === 0) return <Empty title={t('overview.no-defects')} text={t('overview.no-defects-text')} />;
  return (
    <ul class="plain-list">
      {props.defects.slice(0, DEFECTS_SHOWN).map((defect) => (
        <li key={defect.rule + defect.items.join()}>
          <strong>{words(defect.rule)}</strong> <span>{defect.items[0] !== undefined && <KeyLink project={props.project} k={defect.items[0]} />}</span>
          <p class="dim">{defect.message}</p>
        </li>
      ))}
    </ul>
  );
}

export default function Overview({ project }: PageProps) {
  const levels = useRead<PlaceLevels[]>(projectPath(project, 'sl'));
  const gaps = useRead<GapRow[]>(projectPath(project, 'gaps'));
  const lint = useRead<Defect[]>(projectPath(project, 'lint'));
  const problem = levels.problem ?? gaps.problem ?? lint.problem;
  return (
    <>
      <PageHead title={t('page.overview')} note={t('overview.note')} />
      {membership(project)?.sample && <FirstSteps project={project} />}
      {problem !== null && <ProblemView problem={problem} />}
      <div class="overview">
        <Panel
          class="main-panel"
          title={t('overview.zones')}
          aside={
            <a href={`/reports/gap?project=${encodeURIComponent(project)}`} data-plain target="_blank" rel="noreferrer">
              {t('overview.report')}
            </a>
          }
        >
          <Levels project={project} places={levels.data} />
        </Panel>
        <div class="side">
          <Panel title={t('overview.next')} aside={<To project={project} path="requirements" query={{ view: 'coverage' }}>{t('overview.gaps')}</To>}>
            <Next project={project} rows={gaps.data} />
          </Panel>
          <Panel
            title={t('overview.chain', { n: gaps.data === null ? 0 : count(gaps.data).demanded })}
            aside={<To project={project} path="requirements" query={{ view: 'coverage' }}>{t('overview.gaps')}</To>}
          >
            <Chain project={project} rows={gaps.data} />
          </Panel>
          <OpenFindings project={project} />
          <Panel
            title={t('overview.defects', { n: lint.data?.length ?? 0 })}
            aside={<To project={project} path="defects">{t('overview.all')}</To>}
          >
            <Defects project={project} defects={lint.data} />
          </Panel>
        </div>
      </div>
    </>
  );
}
