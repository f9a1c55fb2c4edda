// What a component can do by 62443-4-2, native and with compensation, and every row that stops an entry.
import { projectPath, useRead } from '../api/cache';
import type { Capability, Item } from '../api/types';
import { t } from '../i18n';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { type FrName, frNames } from '../state/names';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { Table } from '../ui/table';
import '../i18n/en/projects';
import '../i18n/en/trace';
import '../i18n/en/zcr';

const level = (one: number | null | undefined): string => String(one ?? '?');

function Entries(props: { data: Capability; names: FrName[] }) {
  const { data } = props;
  const columns = [
    { title: t('coverage.fr'), cell: (row: FrName) => `${row.name} ${row.title}` },
    { title: t('capability.capability'), cell: (row: FrName) => <strong>{level(data.capability[row.fr - 1])}</strong> },
    { title: t('capability.compensated'), cell: (row: FrName) => level(data.with_compensation[row.fr - 1]) },
    { title: t('capability.claimed'), cell: (row: FrName) => level(data.claimed[row.fr - 1]) },
    { title: t('capability.rows'), cell: (row: FrName) => t('overview.of', { n: data.rows[row.fr - 1]?.met ?? 0, total: data.rows[row.fr - 1]?.of ?? 0 }) },
  ];
  return <Table label={t('capability.capability')} columns={columns} rows={props.names} rowKey={(row) => row.name} />;
}

function Stops(props: { project: string; data: Capability; names: FrName[] }) {
  type Stop = Capability['reasons'][number];
  const columns = [
    { title: t('profile.row'), cell: (stop: Stop) => props.names[stop.fr - 1]?.name ?? stop.fr },
    { title: t('capability.stops-at'), cell: (stop: Stop) => stop.level },
    { title: t('coverage.requirement'), cell: (stop: Stop) => <>{stop.ref} {stop.requirement !== null && <KeyLink project={props.project} k={stop.requirement} />}</> },
    { title: t('coverage.status'), cell: (stop: Stop) => <Tag name={stop.status} /> },
    {
      title: t('coverage.why'),
      cell: (stop: Stop) => (
        <ul class="causes">
          {stop.causes.map((cause) => (
            <li key={cause.text}>
              {cause.text} {cause.item !== null && <KeyLink project={props.project} k={cause.item} />}
            </li>
          ))}
        </ul>
      ),
    },
  ];
  return <Table label={t('capability.stops')} columns={columns} rows={props.data.reasons} rowKey={(stop) => `${stop.ref} ${stop.level}`} />;
}

export default function CapabilityPage({ project }: PageProps) {
  const [component] = useQuery('component');
  const names = frNames(useMetamodel());
  const components = useRead<Item[]>(projectPath(project, 'components', { fields: 'title', limit: '10000', sort: 'key' }));
  const { data, problem, loading } = useRead<Capability>(component === '' ? null : projectPath(project, 'sl', { component }));
  const types = data === null || data.types.length === 0 ? t('capability.untyped') : t('capability.types', { types: data.types.join(', ') });
  return (
    <>
      <PageHead title={t('page.capability')} note={t('capability.note')} />
      <div class="toolbar">
        <Chooser label={t('capability.choose')} name="component" all={t('none')} value={component} options={(components.data ?? []).map((one) => [one.key, `${one.key} ${one.title}`])} />
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {component === '' && <Empty title={t('capability.none')} text={t('capability.none-text')} />}
      {loading && <Waiting />}
      {data !== null && (
        <>
          <Panel title={t('capability.entries', { component, types })} aside={<KeyLink project={project} k={component} />}>
            <Entries data={data} names={names} />
          </Panel>
          <Panel title={t('capability.stops')}>
            <Stops project={project} data={data} names={names} />
          </Panel>
        </>
      )}
    </>
  );
}
