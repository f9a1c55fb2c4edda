// The zones and conduits of the project, drawn and as tables; both do the same, and say the same.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { save } from '../api/edit';
import type { Defect, LaidOut, LinkedItem, PlaceLevels } from '../api/types';
import { t } from '../i18n';
import { type Drawing, drawingOf, type Warning, warningNumbers, warningsOf } from '../model/drawing';
import { type Layout, layoutOf } from '../model/drawing-layout';
import { setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { useStore } from '../state/store';
import { lastAction } from '../state/toasts';
import { KeyLink, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { AddConduit, AddZone } from '../ui/drawingadd';
import { Lazy } from '../ui/lazy';
import { Assets, ConduitPanel, ZonePanel } from '../ui/placepanel';
import PlaceTable from '../ui/placetable';
import { useView, Views } from '../ui/tabs';
import '../i18n/en/drawing';

const VIEWS = ['drawing', 'table'] as const;
const loadCanvas = () => import('../ui/canvas');

type Adding = { what: 'zone' } | { what: 'conduit'; from: string; to: string } | null;

function Warnings(props: { project: string; warnings: Warning[] }) {
  if (props.warnings.length === 0) return null;
  return (
    <Panel title={t('drawing.warnings-n', { n: props.warnings.length })}>
      <ol class="plain-list">
        {props.warnings.map((warning) => (
          <li key={warning.n}>
            <span class="zone-warnings">▲{warning.n}</span> {warning.defect.number && <strong>{warning.defect.number} </strong>}
            {warning.defect.message}{' '}
            {warning.places.map((place) => (
              <button key={place} type="button" class="quiet" onClick={() => setQuery({ sel: place })}>
                {t('drawing.show', { key: place })}
              </button>
            ))}
            {warning.defect.answer && (
              <span class="dim">
                {t('drawing.answered')} <KeyLink project={props.project} k={warning.defect.answer.waiver} />: {warning.defect.answer.reason}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input:not([type="checkbox"]), textarea, dialog') !== null;

/** Takes back the last change made here; Ctrl Z does the same. */
function Undo() {
  const action = useStore(lastAction);
  const undo = (): void => {
    const now = lastAction.get();
    lastAction.set(null);
    now?.run();
  };
  useEffect(() => {
    lastAction.set(null); // another page's changes are undone there
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== 'z' || isTyping(event.target)) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <button type="button" disabled={action === null} onClick={undo} aria-keyshortcuts="Control+Z">
      {t('edit.undo')}
    </button>
  );
}

function Toolbar(props: { editable: boolean; onAdd: (adding: Adding) => void; project: string; chosen: string }) {
  return (
    <div class="toolbar">
      {props.editable && (
        <>
          <button type="button" onClick={() => props.onAdd({ what: 'zone' })}>
            {t('drawing.add-zone')}
          </button>
          <button type="button" onClick={() => props.onAdd({ what: 'conduit', from: props.chosen, to: '' })}>
            {t('drawing.add-conduit')}
          </button>
          <Undo />
        </>
      )}
      <a class="button" href={projectPath(props.project, 'drawing.svg')} download={`${props.project}-zones.svg`}>
        {t('drawing.svg')}
      </a>
      <button type="button" onClick={() => window.print()}>
        {t('drawing.print')}
      </button>
    </div>
  );
}

function Editor(props: { project: string; drawing: Drawing; layout: Layout; warnings: Warning[]; view: (typeof VIEWS)[number] }) {
  const { project, drawing, layout, warnings } = props;
  const [chosen] = useQuery('sel');
  const [at] = useQuery('at');
  const [adding, setAdding] = useState<Adding>(null);
  const numbers = useMemo(() => warningNumbers(warnings), [warnings]);
  const editable = may(project, 'write') && at === '';
  // an asset stands for its zone
  const zone = drawing.zones.get(chosen) ?? [...drawing.zones.values()].find((one) => one.assets.some((asset) => asset.key === chosen));
  const conduit = drawing.conduits.get(chosen);
  const shared = { project, drawing, editable, warnings };
  const onMoved = (key: string, x: number, y: number): void => {
    const item = drawing.zones.get(key)?.item;
    if (item !== undefined) void save(project, item, { attrs: { drawn_x: x, drawn_y: y } });
  };
  return (
    <>
      <Toolbar editable={editable} chosen={zone?.key ?? ''} project={project} onAdd={setAdding} />
      <p class="dim drawing-hint">{t(editable ? 'drawing.choose-text' : 'drawing.read-only')}</p>
      <div class={zone === undefined && conduit === undefined ? 'drawing' : 'drawing chosen'}>
        <div class="side drawing-main">
          {props.view === 'drawing' ? (
            <div class="canvas">
              <Lazy load={loadCanvas} with={{ drawing, layout, numbers, chosen, editable, onMoved, onConnect: (from: string, to: string) => setAdding({ what: 'conduit', from, to }) }} />
            </div>
          ) : (
            <PlaceTable drawing={drawing} numbers={numbers} chosen={chosen} />
          )}
          <Warnings project={project} warnings={warnings} />
          {drawing.loose.length > 0 && (
            <Panel title={t('drawing.loose')}>
              <Assets {...shared} place={null} assets={drawing.loose} />
            </Panel>
          )}
        </div>
        {zone !== undefined && (
          <div class="side">
            <ZonePanel key={zone.key} {...shared} zone={zone} />
          </div>
        )}
        {conduit !== undefined && (
          <div class="side">
            <ConduitPanel key={conduit.key} {...shared} conduit={conduit} />
          </div>
        )}
      </div>
      <img class="paper" src={projectPath(project, 'drawing.svg')} alt="" />
      {adding?.what === 'zone' && <AddZone project={project} drawing={drawing} onClose={() => setAdding(null)} />}
      {adding?.what === 'conduit' && <AddConduit project={project} drawing={drawing} from={adding.from} to={adding.to} onClose={() => setAdding(null)} />}
    </>
  );
}

export default function DrawingPage({ project }: PageProps) {
  const view = useView(VIEWS);
  const items = useRead<LinkedItem[]>(
    projectPath(project, 'items', { q: 'kind:system or kind:zone or kind:conduit or kind:asset or kind:flow or kind:access_point', fields: 'kind,rev,state,title,attrs,links', limit: '10000' }),
  );
  const levels = useRead<PlaceLevels[]>(projectPath(project, 'sl', { reasons: 'false' }));
  const lint = useRead<Defect[]>(projectPath(project, 'lint', { answered: 'true' }));
  const laid = useRead<LaidOut>(projectPath(project, 'drawing'));
  const problem = items.problem ?? levels.problem ?? lint.problem ?? laid.problem;
  // Nothing is drawn before all is known: a level or a warning still on its way would be read as none.
  const drawing = useMemo(() => (items.data === null || levels.data === null ? null : drawingOf(items.data, levels.data)), [items.data, levels.data]);
  const warnings = useMemo(() => (drawing === null || items.data === null || lint.data === null ? null : warningsOf(drawing, items.data, lint.data)), [drawing, items.data, lint.data]);
  const layout = useMemo(() => (drawing === null || laid.data === null ? null : layoutOf(drawing, laid.data)), [drawing, laid.data]);
  return (
    <>
      <PageHead title={t('page.drawing')} note={t('drawing.note')}>
        <Views label={t('view.label')} views={VIEWS} current={view} titles={{ drawing: t('drawing.view'), table: t('drawing.table') }} />
      </PageHead>
      {problem !== null && <ProblemView problem={problem} />}
      {drawing === null || layout === null || warnings === null ? problem === null && <Waiting /> : <Editor project={project} drawing={drawing} layout={layout} warnings={warnings} view={view} />}
    </>
  );
}
