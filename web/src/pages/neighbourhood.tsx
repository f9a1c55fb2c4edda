// What lies around an item, as a drawing and as tables, and why it belongs together with another one.
import { projectPath, useRead } from '../api/cache';
import type { Link, Neighbour, Neighbourhood } from '../api/types';
import { t, words } from '../i18n';
import { setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Connection } from '../ui/connection';
import { Lazy } from '../ui/lazy';
import { MultiSelect, namesOf } from '../ui/multiselect';
import { Table } from '../ui/table';
import '../i18n/en/impact';
import '../i18n/en/item';

const loadPicker = () => import('../ui/itempicker');
const loadGraph = () => import('../ui/linkgraph');
const DEPTHS = ['1', '2', '3', '4'];
const VIEWS = ['graph', 'table'] as const;

function Choice({ project }: { project: string }) {
  const model = useMetamodel();
  const [depth, setDepth] = useQuery('depth', '1');
  const [links, setLinks] = useQuery('links');
  const [view, setView] = useQuery('view', 'graph');
  const [other] = useQuery('to');
  return (
    <div class="toolbar">
      <Lazy load={loadPicker} with={{ project, kinds: [], label: t('near.why'), chosen: other, onChoose: (to: string) => setQuery({ to }, false) }} />
      <select aria-label={t('near.depth')} value={depth} onChange={(event) => setDepth(event.currentTarget.value)}>
        {DEPTHS.map((n) => (
          <option key={n} value={n}>
            {t('near.deep', { n: Number(n) })}
          </option>
        ))}
      </select>
      <MultiSelect label={t('impact.links')} names={(model?.links ?? []).map((link) => link.name)} chosen={namesOf(links)} onChosen={(names) => setLinks(names.join(','))} />
      <div class="views" role="group" aria-label={t('view.label')}>
        {VIEWS.map((one) => (
          <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
            {t(`near.${one}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

function LinkTable(props: { project: string; links: Link[] }) {
  return (
    <Table
      label={t('item.links')}
      rows={props.links}
      rowKey={(link) => `${link.from} ${link.type} ${link.to} ${link.as}`}
      columns={[
        { title: t('near.from'), cell: (link) => <KeyLink project={props.project} k={link.from} /> },
        { title: t('near.link'), cell: (link) => `${words(link.type)}${link.as === '' ? '' : ` (${words(link.as)})`}` },
        { title: t('near.to'), cell: (link) => <KeyLink project={props.project} k={link.to} /> },
        { title: t('item.state'), cell: (link) => (link.suspect ? <Tag name="suspect" /> : '') },
      ]}
    />
  );
}

function Tables(props: { project: string; found: Neighbourhood }) {
  const { project, found } = props;
  return (
    <>
      <Panel title={t('near.items', { n: found.items.length })}>
        <Table
          label={t('near.items', { n: found.items.length })}
          rows={found.items}
          rowKey={(item) => item.key}
          columns={[
            { title: t('item.key'), cell: (item) => <KeyLink project={project} k={item.key} /> },
            { title: t('item.kind'), cell: (item) => words(item.kind) },
            { title: t('item.title'), cell: (item) => item.title },
            { title: t('impact.distance'), cell: (item) => String(item.distance) },
          ]}
        />
      </Panel>
      <Panel title={t('item.links')}>
        <LinkTable project={project} links={found.links} />
      </Panel>
    </>
  );
}

/** The item that is looked at in the drawing, with its links there. */
function Chosen(props: { project: string; start: string; item: Neighbour; links: Link[] }) {
  const { project, item } = props;
  return (
    <Panel title={`${item.key} ${item.title}`}>
      <p>
        <KeyLink project={project} k={item.key} /> {words(item.kind)} <Tag name={item.state} />
      </p>
      {item.key !== props.start && (
        <div class="actions">
          <button type="button" onClick={() => setQuery({ key: item.key, sel: null, to: null }, false)}>
            {t('near.go-on')}
          </button>
          <button type="button" onClick={() => setQuery({ to: item.key }, false)}>
            {t('near.why-this', { key: props.start })}
          </button>
        </div>
      )}
      <LinkTable project={project} links={props.links.filter((link) => link.from === item.key || link.to === item.key)} />
    </Panel>
  );
}

function Found(props: { project: string; start: string; found: Neighbourhood }) {
  const { project, start, found } = props;
  const [view] = useQuery('view', 'graph');
  const [chosen] = useQuery('sel');
  const item = found.items.find((one) => one.key === chosen) ?? found.items[0]!;
  return (
    <>
      {found.more && <p class="dim">{t('near.more', { n: found.items.length })}</p>}
      {view === 'table' ? (
        <Tables project={project} found={found} />
      ) : (
        <div class="drawing">
          <div class="canvas">
            <Lazy load={loadGraph} with={{ items: found.items, links: found.links, chosen: item.key, onChoose: (sel: string) => setQuery({ sel }) }} />
          </div>
          <Chosen project={project} start={start} item={item} links={found.links} />
        </div>
      )}
    </>
  );
}

export default function NeighbourhoodPage({ project }: PageProps) {
  const [key] = useQuery('key');
  const [to] = useQuery('to');
  const [depth] = useQuery('depth', '1');
  const [links] = useQuery('links');
  const path = key === '' ? null : projectPath(project, `items/${encodeURIComponent(key)}/neighbourhood`, { depth, links: namesOf(links) });
  const { data, problem, loading } = useRead<Neighbourhood>(path);
  return (
    <>
      <PageHead title={t('page.neighbourhood')} note={t('near.note')} />
      <div class="toolbar">
        <Lazy load={loadPicker} with={{ project, kinds: [], label: t('near.choose'), chosen: key, onChoose: (chosen: string) => setQuery({ key: chosen, sel: null, to: null }, false) }} />
      </div>
      {key === '' ? <Empty title={t('near.none')} text={t('near.none-text')} /> : <Choice project={project} />}
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {key !== '' && to !== '' && (
        <Panel title={t('why.title', { from: key, to })}>
          <Connection project={project} from={key} to={to} />
        </Panel>
      )}
      {data !== null && <Found key={`${key} ${depth} ${links}`} project={project} start={key} found={data} />}
    </>
  );
}
