// Safety: functions with their budgets, what countermeasures do to them, conflicts, and hazards with the layers one attacker reaches.
import { projectPath, useRead } from '../api/cache';
import type { Attacks, HazardAttack, Interaction, Interactions, ReachedFunction, SafetyFunction } from '../api/types';
import { t, words } from '../i18n';
import { useQuery } from '../router';
import { Empty, KeyLink, Keys, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { Bowtie, layerState } from '../ui/bowtie';
import { Budget } from '../ui/budget';
import { Chooser } from '../ui/chooser';
import { ItemPath } from '../ui/itempath';
import { Table } from '../ui/table';
import { useView, Views } from '../ui/tabs';
import '../i18n/en/baselines';
import '../i18n/en/safety';

const VIEWS = ['functions', 'interactions', 'hazards'] as const;
/** A page shows no more rows than somebody looks at. */
const ROWS_MOST = 500;

function Cut({ n }: { n: number }) {
  return n > ROWS_MOST ? <p class="dim">{t('baselines.first', { n: ROWS_MOST })}</p> : null;
}

function Conflicts(props: { project: string; answer: Interactions }) {
  const { project } = props;
  const { conflicts } = props.answer;
  return (
    <Panel title={t('safety.conflicts', { n: conflicts.length })}>
      {conflicts.length === 0 ? (
        <p>{t('safety.no-conflicts')}</p>
      ) : (
        <Table
          label={t('safety.conflicts', { n: conflicts.length })}
          rows={conflicts}
          rowKey={(row) => `${row.kind} ${row.function} ${row.measure}`}
          columns={[
            { title: t('safety.conflict'), cell: (row) => <Tag name={row.kind} /> },
            { title: t('safety.function'), cell: (row) => <KeyLink project={project} k={row.function} /> },
            { title: t('safety.measure'), cell: (row) => (row.measure === null ? '–' : <KeyLink project={project} k={row.measure} />) },
            { title: t('safety.why'), cell: (row) => row.text },
          ]}
        />
      )}
    </Panel>
  );
}

function Missing(props: { project: string; row: SafetyFunction }) {
  const notes = props.row.notes.filter((note) => note.kind === 'missing' || note.kind === 'refused');
  if (notes.length === 0) return null;
  return (
    <details>
      <summary>{t('safety.missing', { n: notes.length })}</summary>
      <ul class="causes">
        {notes.map((note) => (
          <li key={`${note.rule} ${note.item} ${note.text}`}>
            <KeyLink project={props.project} k={note.item} /> {note.text}
          </li>
        ))}
      </ul>
    </details>
  );
}

function FunctionCard(props: { project: string; row: SafetyFunction }) {
  const { project, row } = props;
  const { response, probability } = row;
  return (
    <Panel title={`${row.function} ${row.title}`} aside={<Tag name={row.verdict} />}>
      {response !== null && (
        <>
          <h3>
            {t('safety.response')} <Tag name={response.verdict} />
          </h3>
          <Budget response={response} />
        </>
      )}
      {probability !== null && (
        <>
          <h3>
            {t('safety.probability')} <Tag name={probability.verdict} />
          </h3>
          <p class="sum">{probability.text}</p>
        </>
      )}
      {row.places.length > 0 && (
        <p class="dim">
          {t('safety.levels')}:{' '}
          {row.places.map(({ place, target }) => (
            <span key={place}>
              <KeyLink project={project} k={place} /> <code>{target.map((level) => level ?? '?').join(' ')}</code>{' '}
            </span>
          ))}
        </p>
      )}
      {row.open > 0 && (
        <p>
          <To project={project} path="safety" query={{ view: 'interactions', of: row.function }}>
            {t('safety.open', { n: row.open })}
          </To>
        </p>
      )}
      <Missing project={project} row={row} />
    </Panel>
  );
}

function Functions(props: { project: string; answer: Interactions }) {
  const { functions } = props.answer;
  if (functions.length === 0) return <Empty title={t('safety.none')} text={t('safety.none-text')} />;
  return (
    <>
      <Conflicts project={props.project} answer={props.answer} />
      <Cut n={functions.length} />
      {functions.slice(0, ROWS_MOST).map((row) => (
        <FunctionCard key={row.function} project={props.project} row={row} />
      ))}
    </>
  );
}

/** Countermeasures against functions; each cell says its state. */
function Matrix(props: { project: string; pairs: Interaction[] }) {
  const functions = [...new Set(props.pairs.map((pair) => pair.function))];
  const measures = [...new Set(props.pairs.map((pair) => pair.measure))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const at = new Map(props.pairs.map((pair) => [`${pair.measure} ${pair.function}`, pair]));
  return (
    <>
      <Cut n={measures.length} />
      <Table
        label={t('safety.between')}
        rows={measures.slice(0, ROWS_MOST)}
        rowKey={(measure) => measure}
        columns={[
          { title: t('safety.measure'), cell: (measure) => <KeyLink project={props.project} k={measure} /> },
          ...functions.map((one) => ({
            title: one,
            cell: (measure: string) => {
              const pair = at.get(`${measure} ${one}`);
              return pair === undefined ? '' : <Tag name={pair.state} />;
            },
          })),
        ]}
      />
    </>
  );
}

const figures = (pair: Interaction): string =>
  [pair.added_latency_ms === null ? null : `${pair.added_latency_ms} ms`, pair.added_pfd === null ? null : `PFD ${pair.added_pfd}`, pair.failure_effect]
    .filter((one) => one !== null)
    .join('; ');

function PairPanels(props: { project: string; pairs: Interaction[]; everywhere: string[] }) {
  const { project, pairs, everywhere } = props;
  return (
    <>
      <Panel title={t('safety.between')}>
        <Matrix project={project} pairs={pairs} />
        {everywhere.length > 0 && (
          <p class="dim">
            {t('safety.everywhere')}: <Keys project={project} keys={everywhere} />
          </p>
        )}
      </Panel>
      <Panel title={t('safety.matrix')}>
        <Cut n={pairs.length} />
        <Table
          label={t('safety.matrix')}
          rows={pairs.slice(0, ROWS_MOST)}
          rowKey={(pair) => `${pair.measure} ${pair.function}`}
          columns={[
            { title: t('safety.function'), cell: (pair) => <KeyLink project={project} k={pair.function} /> },
            { title: t('safety.measure'), cell: (pair) => <><KeyLink project={project} k={pair.measure} /> {pair.title}</> },
            { title: t('safety.state'), cell: (pair) => <Tag name={pair.state} /> },
            { title: t('safety.verdict'), cell: (pair) => [...pair.aspects.map(words), figures(pair)].filter((one) => one !== '').join('; ') },
            { title: t('safety.by'), cell: (pair) => <ItemPath project={project} path={pair.path} /> },
            { title: t('safety.changed'), cell: (pair) => pair.causes.join('; ') },
          ]}
        />
      </Panel>
    </>
  );
}

const TO_ASSESS = ['unassessed', 'open', 'reopened'];

function Pairs(props: { project: string; answer: Interactions }) {
  const { project } = props;
  const [of] = useQuery('of');
  const [state] = useQuery('state');
  const pairs = props.answer.interactions.filter((pair) => (of === '' || pair.function === of) && (state === '' || TO_ASSESS.includes(pair.state)));
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('safety.state')} name="state" value={state} options={[['assess', t('safety.assess')]]} />
      </div>
      {pairs.length === 0 ? <Empty title={t('safety.no-pairs')} text={t('safety.no-pairs-text')} /> : <PairPanels project={project} pairs={pairs} everywhere={props.answer.everywhere} />}
    </>
  );
}

function Layer(props: { project: string; layer: ReachedFunction }) {
  const { project, layer } = props;
  return (
    <li>
      <KeyLink project={project} k={layer.function} /> {layer.title}: {layerState(layer)} {layer.path.length > 0 && <ItemPath project={project} path={layer.path} />}
    </li>
  );
}

/** What one scenario comes to, in words, and the way to each layer. */
function Scenario(props: { project: string; row: HazardAttack }) {
  const { project, row } = props;
  return (
    <section>
      <p>
        <Tag name={row.verdict} /> {row.text}
      </p>
      {!row.rated && <p class="dim">{t('safety.not-rated')}</p>}
      <details>
        <summary>
          {row.threat}: {t('safety.credits', { credits: row.credits, standing: row.standing })}
        </summary>
        <ul class="causes">
          {row.layers.map((layer) => (
            <Layer key={layer.function} project={project} layer={layer} />
          ))}
          {row.shares.map((share) => (
            <li key={share.layers.join(' ')}>{t('safety.share', { layers: share.layers.join(', '), what: share.item ?? share.network ?? '' })}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function HazardCard(props: { project: string; rows: readonly HazardAttack[] }) {
  const { project, rows } = props;
  const hazard = rows[0]!;
  return (
    <Panel title={`${hazard.hazard} ${hazard.title}`}>
      <Bowtie project={project} rows={rows} />
      {rows.map((row) => (
        <Scenario key={row.threat} project={project} row={row} />
      ))}
    </Panel>
  );
}

/** By hazard, in the order they come. */
function byHazard(rows: readonly HazardAttack[]): HazardAttack[][] {
  const hazards = new Map<string, HazardAttack[]>();
  for (const row of rows) hazards.set(row.hazard, [...(hazards.get(row.hazard) ?? []), row]);
  return [...hazards.values()];
}

function Hazards({ project }: { project: string }) {
  const { data, problem } = useRead<Attacks>(projectPath(project, 'safety/attack'));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  if (data.hazards.length === 0) return <Empty title={t('safety.no-hazards')} text={t('safety.no-hazards-text')} />;
  return (
    <>
      <Cut n={data.hazards.length} />
      {byHazard(data.hazards.slice(0, ROWS_MOST)).map((rows) => (
        <HazardCard key={rows[0]!.hazard} project={project} rows={rows} />
      ))}
    </>
  );
}

function Between(props: { project: string; view: 'functions' | 'interactions' }) {
  const { data, problem } = useRead<Interactions>(projectPath(props.project, 'safety/interactions'));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return props.view === 'functions' ? <Functions project={props.project} answer={data} /> : <Pairs project={props.project} answer={data} />;
}

export default function Safety({ project }: PageProps) {
  const view = useView(VIEWS);
  return (
    <>
      <PageHead title={t('page.safety')} note={t('safety.note')}>
        <To project={project} path="what-if" class="button">
          {t('safety.try')}
        </To>
        <Views label={t('safety.show')} views={VIEWS} current={view} titles={{ functions: t('safety.functions'), interactions: t('safety.matrix'), hazards: t('page.hazards') }} />
      </PageHead>
      {view === 'hazards' ? <Hazards project={project} /> : <Between project={project} view={view} />}
    </>
  );
}
