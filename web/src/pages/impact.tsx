// What a change of an item reaches: filters, each hit with its path, and what changed in the item that the walk begins at.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { Item, Reached, Revision } from '../api/types';
import { t, words } from '../i18n';
import { differences } from '../model/history';
import { kindOf } from '../model/metamodel';
import { itemAddress, navigate, setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, To, Waiting } from '../ui/basics';
import { Grid, GridCount } from '../ui/grid';
import { ItemPath } from '../ui/itempath';
import { Lazy } from '../ui/lazy';
import { MultiSelect, namesOf } from '../ui/multiselect';
import { Redline } from '../ui/redline';
import { Table } from '../ui/table';
import '../i18n/en/drawing';
import '../i18n/en/impact';
import '../i18n/en/item';

const loadPicker = () => import('../ui/itempicker');
const DISCIPLINES = ['security', 'safety', 'functional'];
const PLACES_MOST = '1000';

/** Which requirements depend on the scenario, and which safety functions share something with their countermeasures. */
const SHARED_QUESTION = { kinds: 'requirement,safety_function', discipline: 'security', shared: 'true', dir: null, links: null };

function Choice({ project }: { project: string }) {
  const model = useMetamodel();
  const [dir, setDir] = useQuery('dir', 'down');
  const [kinds, setKinds] = useQuery('kinds');
  const [links, setLinks] = useQuery('links');
  const [zone, setZone] = useQuery('zone');
  const [discipline, setDiscipline] = useQuery('discipline');
  const [shared, setShared] = useQuery('shared');
  const places = useRead<Item[]>(projectPath(project, 'items', { q: 'kind:zone or kind:conduit', fields: 'title', limit: PLACES_MOST })).data ?? [];
  return (
    <div class="toolbar">
      <select aria-label={t('impact.direction')} value={dir} onChange={(event) => setDir(event.currentTarget.value)}>
        <option value="down">{t('impact.down')}</option>
        <option value="up">{t('impact.up')}</option>
        <option value="both">{t('impact.both')}</option>
      </select>
      <MultiSelect label={t('impact.kinds')} names={(model?.kinds ?? []).map((kind) => kind.name)} chosen={namesOf(kinds)} onChosen={(names) => setKinds(names.join(','))} />
      <MultiSelect label={t('impact.links')} names={(model?.links ?? []).map((link) => link.name)} chosen={namesOf(links)} onChosen={(names) => setLinks(names.join(','))} />
      <select aria-label={t('impact.zone')} value={zone} onChange={(event) => setZone(event.currentTarget.value)}>
        <option value="">{t('impact.any-zone')}</option>
        {places.map((place) => (
          <option key={place.key} value={place.key}>
            {place.key} {place.title}
          </option>
        ))}
      </select>
      <select aria-label={t('impact.discipline')} value={discipline} onChange={(event) => setDiscipline(event.currentTarget.value)}>
        <option value="">{t('impact.any-discipline')}</option>
        {DISCIPLINES.map((name) => (
          <option key={name} value={name}>
            {words(name)}
          </option>
        ))}
      </select>
      <label>
        <input type="checkbox" checked={shared !== ''} onChange={() => setShared(shared === '' ? 'true' : '')} /> {t('impact.shared')}
      </label>
      <button type="button" onClick={() => setQuery(SHARED_QUESTION, false)} title={t('impact.question-hint')}>
        {t('impact.question')}
      </button>
    </div>
  );
}

/** The fields of the start that differ between the two revisions. */
function Cause(props: { project: string; because: Reached['because'] }) {
  const { project, because } = props;
  const model = useMetamodel();
  const item = useRead<Item>(projectPath(project, `items/${encodeURIComponent(because.key)}`)).data;
  const history = useRead<Revision[]>(projectPath(project, `items/${encodeURIComponent(because.key)}/history`)).data ?? [];
  const revision = (n: number): Revision | undefined => history.find((one) => one.rev === n);
  const now = revision(because.rev_now);
  const rows = now === undefined ? [] : differences(revision(because.rev_old), now, kindOf(model, item?.kind ?? ''));
  return (
    <Panel title={because.rev_old === 0 ? t('impact.cause-none', { key: because.key }) : t('impact.cause', { key: because.key, old: because.rev_old, now: because.rev_now })}>
      <p>{because.changed.length === 0 ? t('impact.no-cause') : t('impact.changed', { fields: because.changed.map(words).join(', ') })}</p>
      {rows.length > 0 && because.rev_old > 0 && (
        <Table
          label={t('change.field')}
          rows={rows}
          rowKey={(row) => row.name}
          columns={[
            { title: t('change.field'), cell: (row) => row.name },
            { title: t('change.marked'), cell: (row) => <Redline before={row.before} after={row.after} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Hit(props: { project: string; hit: Reached }) {
  const { project, hit } = props;
  return (
    <Panel title={`${hit.key} ${hit.title}`}>
      <p>
        {t('impact.path')} <ItemPath project={project} path={hit.path} />
      </p>
      {hit.shared !== undefined && (
        <p>
          {t('impact.shares')} <ItemPath project={project} path={hit.shared} />
        </p>
      )}
    </Panel>
  );
}

function Hits(props: { project: string; rows: Reached[] }) {
  const { project, rows } = props;
  const [active, setActive] = useState('');
  const hit = rows.find((row) => row.key === active) ?? rows[0]!;
  return (
    <>
      <GridCount rows={rows.length} total={null} selected={0} />
      <div class="two-panes wide-left">
        <Grid
          label={t('page.impact')}
          columns={[
            { id: 'key', title: t('item.key'), width: 90, cell: (row) => <KeyLink project={project} k={row.key} /> },
            { id: 'kind', title: t('item.kind'), width: 150, cell: (row) => words(row.kind) },
            { id: 'title', title: t('item.title'), width: 300, cell: (row) => row.title },
            { id: 'distance', title: t('impact.distance'), width: 70, cell: (row) => row.distance },
            { id: 'path', title: t('impact.path'), width: 260, cell: (row) => row.path.join(' › ') },
          ]}
          rows={rows}
          rowKey={(row) => row.key}
          total={rows.length}
          sort=""
          onSort={() => undefined}
          onOpen={(row) => navigate(itemAddress(project, row.key))}
          onActive={setActive}
        />
        <div>
          <Hit project={project} hit={hit} />
          <Cause project={project} because={hit.because} />
        </div>
      </div>
    </>
  );
}

export default function Impact({ project }: PageProps) {
  const [key] = useQuery('key');
  const [dir] = useQuery('dir', 'down');
  const [kinds] = useQuery('kinds');
  const [links] = useQuery('links');
  const [zone] = useQuery('zone');
  const [discipline] = useQuery('discipline');
  const [shared] = useQuery('shared');
  const query = { kinds: namesOf(kinds), links: namesOf(links), zone, discipline, shared, up: dir === 'down' ? '' : 'true', down: dir === 'up' ? '' : 'true' };
  const { data, problem, loading } = useRead<Reached[]>(key === '' ? null : projectPath(project, `items/${encodeURIComponent(key)}/impact`, query));
  return (
    <>
      <PageHead title={t('page.impact')} note={t('impact.note')}>
        <To project={project} path="what-if" query={key === '' ? {} : { changes: JSON.stringify([{ what: 'retire', key }]) }} class="button">
          {t('page.what-if')}
        </To>
      </PageHead>
      <div class="toolbar">
        <Lazy load={loadPicker} with={{ project, kinds: [], label: t('impact.choose'), chosen: key, onChoose: (chosen: string) => setQuery({ key: chosen }, false) }} />
      </div>
      {key === '' ? <Empty title={t('impact.none')} text={t('impact.none-text')} /> : <Choice project={project} />}
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('impact.nothing', { key })} text={t('impact.nothing-text')} />}
      {data !== null && data.length > 0 && <Hits key={key} project={project} rows={data} />}
    </>
  );
}
