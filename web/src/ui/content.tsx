// What a document or configuration holds: another capture or revision, those before, what differs line by line, and what it implements.
import { useState } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { problemFrom, type Problem } from '../api/problem';
import type { ContentDiff, ContentList, ContentPut, ContentRevision, FullItem } from '../api/types';
import { upload } from '../api/upload';
import { dateTime, t } from '../i18n';
import { toast } from '../state/toasts';
import { KeyLink, Panel, ProblemView, Tag, Waiting } from './basics';
import { Table } from './table';
import '../i18n/en/content';

function Difference({ project, k, from, to }: { project: string; k: string; from: number; to: number }) {
  const { data, problem } = useRead<ContentDiff>(projectPath(project, `items/${encodeURIComponent(k)}/content/diff`, { from: String(from), to: String(to) }));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return (
    <>
      <p role="status">{t(data.same ? 'content.same' : data.text ? 'content.counts' : 'content.no-text', { gone: data.gone, fresh: data.new })}</p>
      {data.lines.length > 0 && (
        <pre class="redline" tabIndex={0} aria-label={t('content.difference', { from, to })}>
          {data.lines.map((line) => {
            const text = `${line.text}\n`;
            if (line.change === 'gone') return <del key={`${line.before}-`}>- {text}</del>;
            if (line.change === 'new') return <ins key={`+${line.after}`}>+ {text}</ins>;
            return <span key={`${line.before}=${line.after}`}>{`  ${text}`}</span>;
          })}
        </pre>
      )}
      {data.cut && <p class="dim">{t('content.cut')}</p>}
    </>
  );
}

function Put({ project, item }: { project: string; item: FullItem }) {
  const [file, setFile] = useState<File | null>(null);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const member = item.kind === 'document' ? 'revision' : 'version';

  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (file === null) return;
    setProblem(null);
    const path = projectPath(project, `items/${encodeURIComponent(item.key)}/content`, { at: null, name: file.name, ...(said.trim() === '' ? {} : { [member]: said.trim() }) });
    try {
      const answer = await upload<ContentPut>(path, { method: 'PUT', body: file, onSent: () => undefined, signal: new AbortController().signal });
      toast(t(answer.first ? 'content.first' : answer.same ? 'content.same' : 'content.differs'), answer.first || answer.same ? {} : { tone: 'bad' });
      invalidate(project);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <div class="row-form">
        <div class="field">
          <label for="content-file">{t('content.file')}</label>
          <input id="content-file" type="file" required onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
        </div>
        <div class="field">
          <label for="content-said">{t(`content.${member}`)}</label>
          <input id="content-said" type="text" autocomplete="off" value={said} onInput={(event) => setSaid(event.currentTarget.value)} />
        </div>
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      <div class="actions">
        <button type="submit">{t(item.kind === 'document' ? 'content.check-in' : 'content.capture')}</button>
      </div>
    </form>
  );
}

export default function Content({ project, item, editable }: { project: string; item: FullItem; editable: boolean }) {
  const { data, problem } = useRead<ContentList>(projectPath(project, `items/${encodeURIComponent(item.key)}/content`));
  const [shown, setShown] = useState<[number, number] | null>(null);
  const rows = data?.revisions ?? [];
  const before = (row: ContentRevision): ContentRevision | undefined => rows[rows.indexOf(row) - 1];
  return (
    <Panel title={t('content.panel')}>
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && rows.length === 0 && <p class="dim">{t('content.none')}</p>}
      {rows.length > 0 && (
        <Table
          label={t('content.revisions')}
          rows={[...rows].reverse()}
          rowKey={(row) => String(row.rev)}
          columns={[
            { title: t('content.what'), cell: (row) => <a download={row.name} href={projectPath(project, `attachments/${row.sha256}`)} title={row.sha256}>{row.revision ?? row.version ?? row.name}</a> },
            { title: t('content.when'), cell: (row) => `${dateTime(row.captured ?? row.time)}${row.by === null ? '' : `, ${row.by}`}` },
            {
              title: t('content.changes'),
              cell: (row) => {
                const older = before(row);
                return older === undefined ? t('content.first') : <button type="button" onClick={() => setShown([older.rev, row.rev])}>{t('content.show', { n: row.rev })}</button>;
              },
            },
          ]}
        />
      )}
      {shown !== null && <Difference key={shown.join()} project={project} k={item.key} from={shown[0]} to={shown[1]} />}
      {data !== null && data.implements.length > 0 && (
        <>
          <h3>{t('content.implements')}</h3>
          <ul class="plain-list">
            {data.implements.map((one) => (
              <li key={one.key + one.via}>
                <KeyLink project={project} k={one.key} /> {one.title} (<KeyLink project={project} k={one.via} />) {one.suspect && <Tag name="suspect" />}
              </li>
            ))}
          </ul>
        </>
      )}
      {editable && <Put project={project} item={item} />}
    </Panel>
  );
}
