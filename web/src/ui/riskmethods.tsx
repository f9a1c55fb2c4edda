// The methods that rate risks: every version with its scales, criteria and cells, which one rates what names none, and a new version.
import { useId } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import { send } from '../api/http';
import { Problem } from '../api/problem';
import type { RiskMethod, RiskMethodRow, RiskMethodSl } from '../api/types';
import { t, words } from '../i18n';
import { setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { Panel, ProblemView, Waiting } from './basics';
import { Form, Input } from './form';
import { Table } from './table';
import '../i18n/en/risk';

const named = (name: string): string => `risk-methods/${encodeURIComponent(name)}`;

function Methods(props: { rows: RiskMethodRow[]; chosen: string }) {
  return (
    <Table
      label={t('method.list')}
      rows={props.rows}
      rowKey={(row) => row.name}
      columns={[
        {
          title: t('risk.method'),
          cell: (row) => (
            <button type="button" class="quiet" aria-pressed={row.name === props.chosen} onClick={() => setQuery({ method: row.name }, false)}>
              {row.name}
            </button>
          ),
        },
        { title: t('method.title'), cell: (row) => row.title },
        { title: t('method.by'), cell: (row) => words(row.by) },
        { title: t('method.size'), cell: (row) => `${row.likelihoods} × ${row.impacts}` },
        { title: t('method.state'), cell: (row) => [row.default && t('method.default'), row.replaced_by !== null && t('risk.newer', { name: row.replaced_by })].filter(Boolean).join(', ') },
      ]}
    />
  );
}

/** Likelihood by impact: the risk of each cell, and its SL where a cell has one. */
function Cells({ method }: { method: RiskMethod }) {
  return (
    <Table
      label={t('method.cells')}
      rows={method.likelihood.map((one, i) => ({ ...one, no: i + 1 }))}
      rowKey={(row) => row.name}
      columns={[
        { title: t('method.likelihood'), cell: (row) => <strong>{`${row.no} ${row.name}`}</strong> },
        ...method.impact.map((impact, column) => ({
          title: `${column + 1} ${impact}`,
          cell: (row: { no: number }) => {
            const level = method.sl.matrix?.[row.no - 1]?.[column];
            return <span class="nowrap">{[method.rating[row.no - 1]?.[column], level !== undefined && t('risk.sl-n', { n: level })].filter((part) => part !== false).join(', ')}</span>;
          },
        })),
        { title: t('method.criterion'), cell: (row) => row.criterion },
      ]}
    />
  );
}

function Criteria({ method }: { method: RiskMethod }) {
  return (
    <Table
      label={t('method.criteria')}
      rows={Object.entries(method.categories)}
      rowKey={([name]) => name}
      columns={[
        { title: t('risk.category'), cell: ([name]) => <strong>{words(name)}</strong> },
        { title: t('risk.tolerable'), cell: ([, one]) => one.tolerable },
        ...method.impact.map((impact, i) => ({ title: `${i + 1} ${impact}`, cell: ([, one]: [string, RiskMethod['categories'][string]]) => one.criteria[i] })),
      ]}
    />
  );
}

/** How the level follows where it does not stand in a cell. */
function stepsOf(sl: RiskMethodSl): [string, number][] {
  const bands = (sl.bands ?? []).map((band): [string, number] => [band.below !== undefined ? t('method.below', { n: band.below }) : band.up_to !== undefined ? t('method.up-to', { n: band.up_to }) : t('method.rest'), band.sl]);
  const factors = Object.entries(sl.factors ?? {}).flatMap(([factor, classes]) => classes.map((one): [string, number] => [`${words(factor)}: ${one.name}`, one.sl]));
  return [...bands, ...factors];
}

function Steps({ method }: { method: RiskMethod }) {
  const steps = stepsOf(method.sl);
  if (steps.length === 0) return null;
  return (
    <>
      <h3>{t('method.steps')}</h3>
      <Table
        label={t('method.steps')}
        rows={steps}
        rowKey={([text]) => text}
        columns={[
          { title: t('method.when'), cell: ([text]) => text },
          { title: t('risk.sl'), cell: ([, level]) => level },
        ]}
      />
    </>
  );
}

function methodOf(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new Problem({ status: 400, code: 'INPUT', title: t('method.no-json'), detail: (error as Error).message });
  }
}

/** A version is never edited: what is written here is another one, which takes the place of the one shown. */
function NewVersion(props: { project: string; method: RiskMethod }) {
  const id = useId();
  const { method, version, replaces: _, ...rest } = props.method;
  const onSend = async (value: (name: string) => string): Promise<void> => {
    const next = { ...methodOf(value('text')), method, version: value('version'), replaces: version };
    await send(projectPath(props.project, 'risk-methods', { at: null }), { method: 'POST', json: { method: next } });
    invalidate(props.project);
    setQuery({ method: `${method}@${value('version')}` }, false);
  };
  return (
    <details>
      <summary>{t('method.new')}</summary>
      <p>{t('method.new-text')}</p>
      <Form action={t('method.add')} onSend={onSend}>
        <Input name="version" label={t('method.version')} pattern="[A-Za-z0-9._\-]+" />
        <div class="field">
          <label for={id}>{t('method.text')}</label>
          <textarea id={id} name="text" rows={16} spellcheck={false} defaultValue={JSON.stringify(rest, null, 1)} />
        </div>
      </Form>
    </details>
  );
}

function Shown(props: { project: string; name: string; usual: boolean; newest: boolean }) {
  const { project, name } = props;
  const { data, problem } = useRead<{ value: RiskMethod }>(projectPath(project, named(name)));
  const own = may(project, 'admin');
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return (
    <Panel
      title={t('method.of', { name, title: data.value.title })}
      aside={
        own && !props.usual ? (
          <button type="button" onClick={() => void change(project, `${named(name)}/use`, { method: 'POST' })}>
            {t('method.use')}
          </button>
        ) : null
      }
    >
      <p>{data.value.practice}</p>
      <h3>{t('method.cells')}</h3>
      {data.value.sl.bands === undefined && <p>{t('method.tolerated')}</p>}
      <Cells method={data.value} />
      <Steps method={data.value} />
      <h3>{t('method.criteria')}</h3>
      <Criteria method={data.value} />
      {own && props.newest && <NewVersion key={name} project={project} method={data.value} />}
    </Panel>
  );
}

export default function RiskMethods({ project }: { project: string }) {
  const { data, problem } = useRead<RiskMethodRow[]>(projectPath(project, 'risk-methods'));
  const usual = data?.find((one) => one.default)?.name ?? '';
  const [chosen] = useQuery('method', usual);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return (
    <>
      <Panel title={t('method.list')}>
        <p class="dim">{t('method.note')}</p>
        <Methods rows={data} chosen={chosen} />
      </Panel>
      {chosen !== '' && <Shown key={chosen} project={project} name={chosen} usual={chosen === usual} newest={data.find((one) => one.name === chosen)?.replaced_by === null} />}
    </>
  );
}
