// Files in: choose, look at what they would do, then take them as one commit. The job is in the address, so that a reload
// finds it again.
import { useRef, useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { problemFrom, type Problem } from '../api/problem';
import { upload } from '../api/upload';
import { number, t, words } from '../i18n';
import { setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, To } from '../ui/basics';
import { ColumnMap, type Mapping } from '../ui/columnmap';
import { isOver, JobView, useJob } from '../ui/progress';
import '../i18n/en/imports';

interface Outcome {
  format: string | null;
  created: Record<string, number>;
  updated: Record<string, number>;
  unchanged: Record<string, number>;
  missing: Record<string, number>;
  links?: Record<string, number>;
  refused: { where: string; reason: string }[];
  lost: { where: string; what: string }[];
  problems?: { where: string; message: string }[];
  kept?: { where: string; item?: string; member?: string }[];
  dry_run: boolean;
  commit: number | null;
}

const NO_MAPPING: Mapping = { profile: '', usable: true };
const ROWS_SHOWN = 200;
const COUNTED = ['created', 'updated', 'unchanged', 'missing', 'links'] as const;

function Counts({ outcome }: { outcome: Outcome }) {
  return (
    <div class="scroll">
      <table class="counts">
        <thead>
          <tr>
            <th scope="col">{t('import.kind')}</th>
            {COUNTED.map((what) => (
              <th key={what} scope="col" class="num">
                {t(`import.${what}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...new Set(COUNTED.flatMap((what) => Object.keys(outcome[what] ?? {})))].map((kind) => (
            <tr key={kind}>
              <th scope="row">{words(kind)}</th>
              {COUNTED.map((what) => (
                <td key={what} class="num">
                  {number(outcome[what]?.[kind] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rows(props: { title: string; rows: { where: string; text: string; item?: string | undefined }[]; project: string; open?: boolean }) {
  if (props.rows.length === 0) return null;
  return (
    <details class="branch" open={props.open}>
      <summary>
        <span class="branch-title">{props.title}</span> <span class="dim">{number(props.rows.length)}</span>
      </summary>
      <ul class="plain-list branch-body">
        {props.rows.slice(0, ROWS_SHOWN).map((row, i) => (
          <li key={i}>
            <code>{row.where}</code> {row.text} {row.item !== undefined && <KeyLink project={props.project} k={row.item} />}
          </li>
        ))}
        {props.rows.length > ROWS_SHOWN && <li class="dim">{t('import.more', { n: props.rows.length - ROWS_SHOWN })}</li>}
      </ul>
    </details>
  );
}

function OutcomeView(props: { project: string; outcome: Outcome }) {
  const { project, outcome } = props;
  return (
    <>
      <p>
        {outcome.format !== null && <strong>{outcome.format}. </strong>}
        {outcome.refused.length > 0 && outcome.commit === null && !outcome.dry_run
          ? t('import.nothing')
          : outcome.commit === null
            ? t(outcome.dry_run ? 'import.would' : 'import.no-change')
            : t('import.done', { n: outcome.commit })}
      </p>
      <Counts outcome={outcome} />
      <Rows project={project} title={t('import.refused')} rows={outcome.refused.map((row) => ({ where: row.where, text: row.reason }))} open />
      <Rows project={project} title={t('import.problems')} rows={(outcome.problems ?? []).map((row) => ({ where: row.where, text: row.message }))} />
      <Rows project={project} title={t('import.kept')} rows={(outcome.kept ?? []).map((row) => ({ where: row.where, text: row.member ?? '', item: row.item }))} />
      <Rows project={project} title={t('import.lost')} rows={outcome.lost.map((row) => ({ where: row.where, text: row.what }))} />
    </>
  );
}

export default function Import({ project }: PageProps) {
  const [jobId] = useQuery('job');
  const [files, setFiles] = useState<File[]>([]);
  const [mapping, setMapping] = useState<Mapping>(NO_MAPPING);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState<number | null>(null);
  const abort = useRef(new AbortController());
  const job = useJob(jobId === '' ? null : jobId);
  const outcome = job?.state === 'done' ? (job.result as unknown as Outcome | null) : null;
  const running = job !== null && !isOver(job);

  const run = async (dry: boolean, partial: boolean): Promise<void> => {
    abort.current = new AbortController();
    setSending(0);
    setProblem(null);
    try {
      const body = new FormData();
      for (const file of files) body.append('file', file, file.name);
      const flags = { at: null, profile: mapping.profile, dry_run: dry ? 'true' : null, partial: partial ? 'true' : null };
      const answer = await upload<{ job: string }>(projectPath(project, 'imports', flags), { method: 'POST', body, signal: abort.current.signal, onSent: (sent) => setSending(sent.share) });
      if (!dry) invalidate(project);
      setQuery({ job: answer.job }, false);
    } catch (error) {
      if (!abort.current.signal.aborted) setProblem(problemFrom(error));
    }
    setSending(null);
  };
  if (!may(project, 'import'))
    return (
      <>
        <PageHead title={t('page.import')} />
        <Empty title={t('import.not-allowed')} text={t('import.not-allowed-text')} />
      </>
    );
  const idle = files.length === 0 || sending !== null || running || !mapping.usable;
  return (
    <>
      <PageHead title={t('page.import')} note={t('import.note')} />
      <Panel title={t('import.choose')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run(true, false);
          }}
        >
          <div class="field">
            <label for="import-files">{t('import.files')}</label>
            <input
              id="import-files"
              type="file"
              multiple
              aria-describedby="import-hint"
              onChange={(event) => {
                setFiles([...(event.currentTarget.files ?? [])]);
                setMapping(NO_MAPPING);
                setQuery({ job: null });
              }}
            />
            <span id="import-hint" class="dim">
              {t('import.files-hint')}
            </span>
          </div>
          <div class="actions">
            <button type="submit" class={outcome === null ? 'primary' : ''} disabled={idle}>
              {t('import.preview')}
            </button>
            {outcome?.dry_run && outcome.refused.length === 0 && (
              <button type="button" class="primary" disabled={idle} onClick={() => void run(false, false)}>
                {t('import.do')}
              </button>
            )}
            {outcome?.dry_run && outcome.refused.length > 0 && (
              <button type="button" disabled={idle} onClick={() => void run(false, true)}>
                {t('import.do-partial')}
              </button>
            )}
          </div>
        </form>
        {sending !== null && (
          <div class="job" role="status">
            <strong>{t('import.sending')}</strong>
            <progress aria-label={t('import.sending')} max={1} value={sending} />
            <button type="button" onClick={() => abort.current.abort()}>
              {t('cancel')}
            </button>
          </div>
        )}
        {problem !== null && <ProblemView problem={problem} />}
      </Panel>
      {files[0] !== undefined && <ColumnMap key={`${files[0].name} ${files[0].lastModified}`} project={project} file={files[0]} onMapping={setMapping} />}
      {job !== null && (
        <Panel
          title={t(outcome?.dry_run ? 'import.preview-title' : 'import.outcome')}
          aside={outcome?.commit ? <To project={project} path="items">{t('page.items')}</To> : undefined}
        >
          {!isOver(job) || job.state !== 'done' ? <JobView job={job} /> : outcome !== null && <OutcomeView project={project} outcome={outcome} />}
        </Panel>
      )}
    </>
  );
}
