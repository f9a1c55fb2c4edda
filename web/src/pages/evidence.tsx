// Evidence by the month in which it ends, and whether it can still be relied on.
import { projectPath, useRead } from '../api/cache';
import type { EvidenceRow, EvidenceStatus } from '../api/types';
import { date, month as monthText, t, words } from '../i18n';
import { byMonth } from '../model/evidence';
import { useQuery } from '../router';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { Table } from '../ui/table';
import '../i18n/en/tests';
import '../i18n/en/trace';

const STATES = ['expired', 'other_version', 'suspect', 'not_approved', 'expiring', 'current'];

function Rows(props: { project: string; label: string; rows: EvidenceRow[] }) {
  const { project } = props;
  const columns = [
    { title: t('evidence.proof'), cell: (row: EvidenceRow) => <><KeyLink project={project} k={row.key} /> {row.title}</> },
    { title: t('coverage.status'), cell: (row: EvidenceRow) => <Tag name={row.state} /> },
    { title: t('evidence.until'), cell: (row: EvidenceRow) => <span class="nowrap">{row.ends === null ? t('none') : date(row.ends)}</span> },
    { title: t('evidence.of'), cell: (row: EvidenceRow) => [row.nature === null ? null : words(row.nature), row.date === null ? null : date(row.date), row.version, row.revision].filter((one) => one !== null).join(', ') },
    { title: t('evidence.proves'), cell: (row: EvidenceRow) => row.proves.map((key) => <span key={key}><KeyLink project={project} k={key} /> </span>) },
  ];
  return <Table label={props.label} columns={columns} rows={props.rows} rowKey={(row) => row.key} />;
}

export default function Evidence({ project }: PageProps) {
  const [state] = useQuery('state');
  const { data, problem } = useRead<EvidenceStatus>(projectPath(project, 'evidence-status'));
  const months = byMonth((data?.evidence ?? []).filter((row) => state === '' || row.state === state));
  return (
    <>
      <PageHead title={t('page.evidence')} note={t('evidence.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && (
        <div class="toolbar">
          <Chooser label={t('coverage.status')} name="state" value={state} options={STATES.map((one) => [one, words(one)])} />
          <span>{t('evidence.totals', data.totals)}</span>
        </div>
      )}
      {data !== null && months.length === 0 && <Empty title={t('evidence.none')} text={t('evidence.none-text')} />}
      {months.map(({ month, rows }) => (
        <Panel key={month} title={month === '' ? t('evidence.endless') : t('evidence.month', { month: monthText(month) })}>
          <Rows project={project} label={month === '' ? t('evidence.endless') : monthText(month)} rows={rows} />
        </Panel>
      ))}
    </>
  );
}
