// Baselines, and what differs between two commits or one and now: levels, rows, coverage, items with redlines, links.
import { invalidate, projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import type { Baseline, Compared, ComparedPlace } from '../api/types';
import { t, words } from '../i18n';
import { setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { ItemChanges } from '../ui/fieldchanges';
import { Form, Input } from '../ui/form';
import { CoverageChanges } from '../ui/statediff';
import { Table } from '../ui/table';
import '../i18n/en/baselines';

const ITEMS_MOST = 100;
const level = (value: number | null): string => (value === null ? '?' : String(value));

function List(props: { project: string; rows: Baseline[] }) {
  return (
    <Table
      label={t('page.baselines')}
      rows={props.rows}
      rowKey={(one) => one.key}
      columns={[
        { title: t('baselines.key'), cell: (one) => <KeyLink project={props.project} k={one.key} /> },
        { title: t('baselines.title'), cell: (one) => one.title },
        { title: t('baselines.commit'), cell: (one) => String(one.seq) },
        { title: t('baselines.signatures'), cell: (one) => (one.signatures === 0 ? t('none') : t('baselines.stand', { n: one.standing, of: one.signatures })) },
        { title: t('baselines.since'), cell: (one) => (one.changed_since === 0 ? t('baselines.current') : t('baselines.moved-on', { n: one.changed_since })) },
        {
          title: t('baselines.compare'),
          cell: (one) => (
            <To project={props.project} path="baselines" query={{ from: one.key }}>
              {t('baselines.with-now', { key: one.key })}
            </To>
          ),
        },
      ]}
    />
  );
}

function Place(props: { place: ComparedPlace }) {
  const { place } = props;
  return (
    <li>
      <strong>
        {place.place} {place.title}
      </strong>{' '}
      {place.change !== null && <Tag name={place.change} />}
      <ul>
        {place.levels.map((one) => (
          <li key={`${one.vector}${one.fr}`}>
            {words(one.vector)} FR {one.fr}: {level(one.old)} → {level(one.new)}
          </li>
        ))}
      </ul>
      <p class="dim">{t('baselines.rows', { n: place.rows.length })}</p>
    </li>
  );
}

function Differences(props: { project: string; from: string; to: string }) {
  const { data, problem, loading } = useRead<Compared>(projectPath(props.project, 'diff', { from: props.from, to: props.to, analyses: 'true' }));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  return (
    <>
      <Panel title={t('baselines.levels', { from: data.from, to: data.to })}>
        <ul class="plain-list">{data.places.map((place) => <Place key={place.place} place={place} />)}</ul>
      </Panel>
      <CoverageChanges coverage={data.coverage} />
      <Panel title={t('baselines.items', { n: data.items.length, links: data.links.length })}>
        {data.items.length > ITEMS_MOST && <p class="dim">{t('baselines.first', { n: ITEMS_MOST })}</p>}
        <ItemChanges items={data.items.slice(0, ITEMS_MOST)} />
      </Panel>
    </>
  );
}

function Make({ project }: { project: string }) {
  const make = async (value: (name: string) => string): Promise<void> => {
    const commit = value('commit').trim();
    const json = { title: value('title'), ...(commit === '' ? {} : { commit }) };
    const { data } = await send<{ key: string; seq: number }>(projectPath(project, 'baselines', { at: null }), { method: 'POST', json });
    invalidate(project);
    toast(t('baselines.made', { key: data.key, n: data.seq }));
  };
  return (
    <Panel title={t('baselines.make')}>
      <Form action={t('baselines.make')} class="row-form" onSend={make}>
        <Input name="title" label={t('baselines.title')} />
        <Input name="commit" label={t('baselines.commit')} required={false} hint={t('baselines.commit-hint')} />
      </Form>
    </Panel>
  );
}

export default function Baselines({ project }: PageProps) {
  const [from] = useQuery('from');
  const [to] = useQuery('to');
  const { data, problem, loading } = useRead<Baseline[]>(projectPath(project, 'baseline-signatures'));
  return (
    <>
      <PageHead title={t('page.baselines')} note={t('baselines.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('baselines.none')} text={t('baselines.none-text')} />}
      {data !== null && data.length > 0 && (
        <Panel title={t('baselines.all')}>
          <List project={project} rows={data} />
        </Panel>
      )}
      {may(project, 'change') && <Make project={project} />}
      <Panel title={t('baselines.two')}>
        <form
          key={`${from} ${to}`}
          class="row-form three"
          onSubmit={(event) => {
            event.preventDefault();
            const given = new FormData(event.currentTarget);
            setQuery({ from: String(given.get('from')), to: String(given.get('to')) }, false);
          }}
        >
          <Input name="from" label={t('baselines.from')} value={from} />
          <Input name="to" label={t('baselines.to')} value={to} required={false} hint={t('baselines.to-hint')} />
          <div class="actions">
            <button type="submit" class="primary">
              {t('baselines.compare')}
            </button>
          </div>
        </form>
      </Panel>
      {from !== '' && <Differences project={project} from={from} to={to} />}
    </>
  );
}
