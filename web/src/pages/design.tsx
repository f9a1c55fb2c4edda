// Documents and configurations as controlled items: how far each is, what it holds and implements, and what changed in it last.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { ContentRow } from '../api/types';
import { date, t, words } from '../i18n';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { AddItem } from '../ui/additem';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { Table } from '../ui/table';
import '../i18n/en/content';
import '../i18n/en/trace';

const KINDS = ['document', 'configuration'];

function Holds({ project, row }: { project: string; row: ContentRow }) {
  if (row.sha256 === null) return <span class="dim">{t('none')}</span>;
  return (
    <a download={row.name ?? row.key} href={projectPath(project, `attachments/${row.sha256}`)} title={row.sha256}>
      {row.name}
    </a>
  );
}

export default function Design({ project }: PageProps) {
  const [kind] = useQuery('kind');
  const [state] = useQuery('state');
  const { data, problem } = useRead<ContentRow[]>(projectPath(project, 'content-status'));
  const rows = (data ?? []).filter((row) => (kind === '' || row.kind === kind) && (state === '' || row.state === state));
  const [adding, setAdding] = useState(false);
  const kinds = useMetamodel()?.kinds.filter((one) => KINDS.includes(one.name)) ?? [];
  const states = [...new Set((data ?? []).map((row) => row.state))].sort();
  return (
    <>
      <PageHead title={t('page.design')} note={t('design.note')}>
        {may(project, 'write') && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            {t('add.button')}
          </button>
        )}
      </PageHead>
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && data.length > 0 && (
        <div class="toolbar">
          <Chooser label={t('design.kind')} name="kind" value={kind} options={KINDS.map((one) => [one, words(one)])} />
          <Chooser label={t('coverage.status')} name="state" value={state} options={states.map((one) => [one, words(one)])} />
          <span>{t('design.totals', { n: data.length, released: data.filter((row) => row.released).length, suspect: data.filter((row) => row.suspect).length })}</span>
        </div>
      )}
      {data !== null && rows.length === 0 && <Empty title={t('design.none')} text={t(data.length === 0 ? 'design.none-text' : 'list.no-match')} />}
      {rows.length > 0 && (
        <Panel title={t('design.list')}>
          <Table
            label={t('page.design')}
            rows={rows}
            rowKey={(row) => row.key}
            columns={[
              { title: t('design.item'), cell: (row) => <><KeyLink project={project} k={row.key} /> {row.title}</> },
              { title: t('coverage.status'), cell: (row) => <><Tag name={row.state} /> {row.approvals > 0 && <span class="dim">{t('design.approvals', { n: row.approvals })}</span>}</> },
              { title: t('design.revision'), cell: (row) => row.revision ?? row.version ?? t('none') },
              { title: t('content.what'), cell: (row) => <Holds project={project} row={row} /> },
              { title: t('content.when'), cell: (row) => (row.captured === null ? '' : date(row.captured)) },
              { title: t('content.implements'), cell: (row) => <>{row.implements.map((key) => <span key={key}><KeyLink project={project} k={key} /> </span>)}{row.suspect && <Tag name="suspect" />}</> },
            ]}
          />
        </Panel>
      )}
      {adding && kinds.length > 0 && <AddItem project={project} kinds={kinds} onClose={() => setAdding(false)} />}
    </>
  );
}
