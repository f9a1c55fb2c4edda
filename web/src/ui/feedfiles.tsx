// Files of feeds into the feed database, for plants that no server is asked from: one after the other, each taken whole or not at all.
import { useRef, useState } from 'preact/hooks';
import { invalidate } from '../api/cache';
import { API } from '../api/http';
import { problemFrom, type Problem } from '../api/problem';
import { upload } from '../api/upload';
import { t } from '../i18n';
import { Panel, ProblemView } from './basics';
import '../i18n/en/feeds';

interface Counts {
  added: number;
  updated: number;
  unchanged: number;
}

interface Imported {
  sources: Record<string, Counts>;
  refused: { file?: string; where?: string; reason: string }[];
  problems: { file?: string; where?: string; message: string }[];
  imported: boolean;
}

interface Outcome {
  name: string;
  answer: Imported | null;
  problem: Problem | null;
}

const ROWS_SHOWN = 20;

function Lines(props: { title: string; rows: { where?: string; text: string }[] }) {
  if (props.rows.length === 0) return null;
  return (
    <>
      <p class="dim">{props.title}</p>
      <ul class="causes">
        {props.rows.slice(0, ROWS_SHOWN).map((row, i) => (
          <li key={i}>
            {row.where !== undefined && row.where !== '' && <code>{row.where}</code>} {row.text}
          </li>
        ))}
        {props.rows.length > ROWS_SHOWN && <li class="dim">{t('feeds.more', { n: props.rows.length - ROWS_SHOWN })}</li>}
      </ul>
    </>
  );
}

function OutcomeRow({ name, answer, problem }: Outcome) {
  const rows = Object.entries(answer?.sources ?? {});
  return (
    <li>
      <strong>{name}</strong> {answer !== null && !answer.imported && t('feeds.nothing-taken')}
      {answer?.imported && rows.map(([source, counts]) => t('feeds.taken', { source, ...counts })).join('; ')}
      {problem !== null && <ProblemView problem={problem} />}
      <Lines title={t('feeds.refused')} rows={(answer?.refused ?? []).map((row) => ({ where: row.where ?? '', text: row.reason }))} />
      <Lines title={t('feeds.problems')} rows={(answer?.problems ?? []).map((row) => ({ where: row.where ?? '', text: row.message }))} />
    </li>
  );
}

export function FeedFiles() {
  const [files, setFiles] = useState<File[]>([]);
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [sending, setSending] = useState<{ name: string; share: number } | null>(null);
  const abort = useRef(new AbortController());

  const run = async (): Promise<void> => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setOutcomes([]);
    for (const file of files) {
      setSending({ name: file.name, share: 0 });
      const outcome: Outcome = { name: file.name, answer: null, problem: null };
      try {
        const path = `${API}/feeds/imported?name=${encodeURIComponent(file.name)}`;
        outcome.answer = await upload<Imported>(path, { method: 'POST', body: file, signal, onSent: ({ share }) => setSending({ name: file.name, share }) });
      } catch (error) {
        if (signal.aborted) break;
        outcome.problem = problemFrom(error);
      }
      setOutcomes((all) => [...all, outcome]);
    }
    setSending(null);
    invalidate();
  };
  return (
    <Panel title={t('feeds.files')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <div class="field">
          <label for="feed-files">{t('feeds.choose')}</label>
          <input id="feed-files" type="file" multiple aria-describedby="feed-files-hint" onChange={(event) => setFiles([...(event.currentTarget.files ?? [])])} />
          <span id="feed-files-hint" class="dim">
            {t('feeds.files-hint')}
          </span>
        </div>
        <div class="actions">
          <button type="submit" class="primary" disabled={files.length === 0 || sending !== null}>
            {t('feeds.import')}
          </button>
        </div>
      </form>
      {sending !== null && (
        <div class="job" role="status">
          <strong>{t('feeds.sending', { name: sending.name })}</strong>
          <progress aria-label={t('feeds.sending', { name: sending.name })} max={1} value={sending.share} />
          <button type="button" onClick={() => abort.current.abort()}>
            {t('cancel')}
          </button>
        </div>
      )}
      <div role="status">
        {outcomes.length > 0 && (
          <ul class="plain-list" aria-label={t('feeds.outcome')}>
            {outcomes.map((one) => (
              <OutcomeRow key={one.name} {...one} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
