// Vendors of what is installed: what the feeds say of each by year, severity and product family, and what is open here.
import { projectPath, useRead } from '../api/cache';
import { t } from '../i18n';
import { useQuery } from '../router';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { FeedsNote, type FeedsKnown } from '../ui/feedsknown';
import { Table, type TableColumn } from '../ui/table';
import '../i18n/en/feeds';

/** Null: nothing was found, and not all is known. */
interface Counts {
  cves: number | null;
  critical: number | null;
  high: number | null;
  medium: number | null;
  low: number | null;
  unknown: number | null;
  kev: number | null;
}
interface Vendor extends Counts {
  vendor: string;
  name: string;
  components: number;
  open: number;
  fixed: number;
  days_to_fix: number | null;
}
interface Shown extends Vendor {
  feeds: FeedsKnown;
  snapshot: string | null;
  years: (Counts & { year: string })[];
  families: { family: string; cves: number; kev: number | null }[];
  exploited: string[];
  without_cpe: string[];
  findings: string[];
  near: { vendor: string; records: number }[];
}

const count = (n: number | null) => (n === null ? <Tag name="unknown" /> : n);

const counts = <Row extends Counts>(): TableColumn<Row>[] => [
  { title: t('vendors.cves'), cell: (row) => count(row.cves) },
  { title: t('vendors.critical'), cell: (row) => count(row.critical) },
  { title: t('vendors.high'), cell: (row) => count(row.high) },
  { title: t('vendors.medium'), cell: (row) => count(row.medium) },
  { title: t('vendors.low'), cell: (row) => count(row.low) },
  { title: t('vendors.unrated'), cell: (row) => count(row.unknown) },
  { title: t('vendors.kev'), cell: (row) => count(row.kev) },
];

function Detail(props: { project: string; vendor: string }) {
  const { data, problem, loading } = useRead<Shown>(projectPath(props.project, `vendors/${encodeURIComponent(props.vendor)}`));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  return (
    <>
      <FeedsNote project={props.project} feeds={data.feeds} />
      <Panel title={data.name}>
        <p>
          {t('vendors.as-of', { snapshot: data.snapshot ?? t('vendors.no-snapshot') })} {data.days_to_fix !== null && t('vendors.fixed', { n: data.fixed, days: data.days_to_fix })}
        </p>
        {data.years.length === 0 ? <p class="dim">{t('vendors.nothing-told')}</p> : <Table label={t('vendors.years')} rows={data.years} rowKey={(row) => row.year} columns={[{ title: t('vendors.year'), cell: (row) => row.year }, ...counts()]} />}
      </Panel>
      {data.families.length > 0 && (
        <Panel title={t('vendors.families')}>
          <Table
            label={t('vendors.families')}
            rows={data.families}
            rowKey={(row) => row.family}
            columns={[
              { title: t('vendors.family'), cell: (row) => row.family },
              { title: t('vendors.cves'), cell: (row) => row.cves },
              { title: t('vendors.kev'), cell: (row) => count(row.kev) },
            ]}
          />
        </Panel>
      )}
      <Panel title={t('vendors.here')}>
        {data.findings.length === 0 && <p class="dim">{t('vendors.none-open')}</p>}
        <p class="keys-of">{data.findings.map((key) => [<KeyLink key={key} project={props.project} k={key} />, ' '])}</p>
        {data.exploited.length > 0 && <p>{t('vendors.exploited', { list: data.exploited.join(', ') })}</p>}
        {data.without_cpe.length > 0 && <p>{t('vendors.without-cpe', { list: data.without_cpe.join(', ') })}</p>}
        {data.near.length > 0 && <p>{t('vendors.near', { list: data.near.map((one) => `${one.vendor} (${one.records})`).join(', ') })}</p>}
      </Panel>
    </>
  );
}

export default function Vendors({ project }: PageProps) {
  const [chosen] = useQuery('vendor');
  const { data, problem, loading } = useRead<{ feeds: FeedsKnown; vendors: Vendor[] }>(chosen !== '' ? null : projectPath(project, 'vendors'));
  if (chosen !== '')
    return (
      <>
        <PageHead title={t('vendors.of', { vendor: chosen })}>
          <To project={project} path="vendors">
            {t('vendors.all')}
          </To>
        </PageHead>
        <Detail project={project} vendor={chosen} />
      </>
    );
  return (
    <>
      <PageHead title={t('page.vendors')} note={t('vendors.note')} />
      {data !== null && <FeedsNote project={project} feeds={data.feeds} />}
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.vendors.length === 0 && <Empty title={t('vendors.none')} text={t('vendors.none-text')} />}
      {data !== null && data.vendors.length > 0 && (
        <Panel title={t('page.vendors')}>
          <Table
            label={t('page.vendors')}
            rows={data.vendors}
            rowKey={(row) => row.vendor}
            columns={[
              {
                title: t('vendors.vendor'),
                cell: (row) => (
                  <To project={project} path="vendors" query={{ vendor: row.vendor }}>
                    {row.name}
                  </To>
                ),
              },
              { title: t('vendors.components'), cell: (row) => row.components },
              { title: t('vendors.open'), cell: (row) => row.open },
              ...counts<Vendor>(),
            ]}
          />
        </Panel>
      )}
    </>
  );
}
