// Advisories of the feeds, newest first; one of them with its vulnerabilities, products and what is to be done.
import { API } from '../api/http';
import { useRead } from '../api/cache';
import { date, dateTime, t, words } from '../i18n';
import { useQuery } from '../router';
import { Empty, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { FeedsNote, type FeedsKnown } from '../ui/feedsknown';
import { Table } from '../ui/table';
import '../i18n/en/feeds';

interface Advisory {
  id: string;
  title: string | null;
  publisher: string | null;
  released: string | null;
  cves: string[];
  products: number;
}
interface Product {
  status: string;
  name: string | null;
  version: string | null;
  severity: string | null;
  remediation: string | null;
}
interface Vulnerability {
  id: string;
  title: string | null;
  kev: boolean;
  kev_due: string | null;
  epss: string | null;
  cwes: { id: string; name: string | null }[];
  products: Product[];
}

/** Whose signature it came with, and whether that still counts. */
interface Signature {
  state: 'unchecked' | 'none' | 'unknown' | 'trusted' | 'withdrawn';
  key: string | null;
  since: string | null;
  because: string | null;
}

const PAGE = 100;

function signatureText({ state, key, since, because }: Signature): string {
  if (state === 'trusted') return since === null ? t('advisories.signed', { key: key ?? '' }) : t('advisories.signed-since', { key: key ?? '', since: date(since) });
  if (state === 'withdrawn') return t('advisories.signed-withdrawn', { key: key ?? '', because: because ?? '' });
  if (state === 'unknown') return t('advisories.signed-unknown', { key: key ?? '', because: because ?? '' });
  return state === 'none' ? t('advisories.signed-none') : t('advisories.signed-unchecked', { because: because ?? '' });
}

function Detail(props: { id: string }) {
  const { data, problem, loading } = useRead<Advisory & { signature: Signature; vulnerabilities: Vulnerability[] }>(`${API}/advisories/${encodeURIComponent(props.id)}`);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  return (
    <>
      <Panel title={data.title ?? data.id}>
        <p>
          {data.publisher ?? '–'} · {data.released === null ? '–' : dateTime(data.released)}
        </p>
        <p class="hash">
          {data.signature.state !== 'none' && <Tag name={data.signature.state} />} {signatureText(data.signature)}
        </p>
      </Panel>
      {data.vulnerabilities.map((one) => (
        <Panel key={one.id} title={one.title === null || one.title === one.id ? one.id : `${one.id} ${one.title}`}>
          <p>
            {one.kev && <strong>{t('advisories.exploited', { due: one.kev_due ?? '–' })} </strong>}
            {t('advisories.epss', { epss: one.epss ?? '–' })} · {one.cwes.map((cwe) => `${cwe.id} ${cwe.name ?? ''}`).join(', ') || t('advisories.no-cwe')}
          </p>
          <Table
            label={t('advisories.products-of', { id: one.id })}
            rows={one.products}
            rowKey={(row) => `${row.status} ${row.name} ${row.version}`}
            columns={[
              { title: t('advisories.status'), cell: (row) => words(row.status) },
              { title: t('advisories.product'), cell: (row) => row.name ?? '' },
              { title: t('advisories.version'), cell: (row) => row.version ?? '' },
              { title: t('advisories.severity'), cell: (row) => row.severity ?? '–' },
              { title: t('advisories.remediation'), cell: (row) => row.remediation ?? '' },
            ]}
          />
        </Panel>
      ))}
    </>
  );
}

export default function Advisories({ project }: PageProps) {
  const [chosen] = useQuery('id');
  const [q, setQ] = useQuery('q');
  const [after, setAfter] = useQuery('after', '0');
  const { data, problem, loading } = useRead<{ feeds: FeedsKnown; advisories: Advisory[] }>(chosen !== '' ? null : `${API}/advisories?limit=${PAGE}&after=${after}${q === '' ? '' : `&q=${encodeURIComponent(q)}`}`);
  const rows = data?.advisories ?? [];
  if (chosen !== '')
    return (
      <>
        <PageHead title={chosen}>
          <To project={project} path="advisories" query={{ q, after }}>
            {t('advisories.all')}
          </To>
        </PageHead>
        <Detail id={chosen} />
      </>
    );
  return (
    <>
      <PageHead title={t('page.advisories')} note={t('advisories.note')}>
        <label>
          {t('advisories.search')} <input type="search" value={q} onChange={(event) => setQ(event.currentTarget.value)} />
        </label>
      </PageHead>
      {data !== null && <FeedsNote project={project} feeds={data.feeds} />}
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data !== null && rows.length === 0 && <Empty title={t('advisories.none')} text={t('advisories.none-text')} />}
      {rows.length > 0 && (
        <Panel title={t('page.advisories')}>
          <Table
            label={t('page.advisories')}
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              {
                title: t('advisories.number'),
                cell: (row) => (
                  <To project={project} path="advisories" query={{ q, after, id: row.id }}>
                    {row.id}
                  </To>
                ),
              },
              { title: t('advisories.title'), cell: (row) => row.title ?? '' },
              { title: t('advisories.publisher'), cell: (row) => row.publisher ?? '' },
              { title: t('advisories.released'), cell: (row) => <span class="nowrap">{row.released === null ? '–' : date(row.released)}</span> },
              { title: t('advisories.cves'), cell: (row) => row.cves.length },
              { title: t('advisories.products'), cell: (row) => row.products },
            ]}
          />
          <div class="actions">
            {Number(after) > 0 && (
              <button type="button" onClick={() => setAfter('0')}>
                {t('advisories.newest')}
              </button>
            )}
            {rows.length === PAGE && (
              <button type="button" onClick={() => setAfter(String(Number(after) + PAGE))}>
                {t('advisories.older')}
              </button>
            )}
          </div>
        </Panel>
      )}
    </>
  );
}
