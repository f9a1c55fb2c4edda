// A job as it runs: in what it counts, with its end, and a way to stop it.
import { useEffect } from 'preact/hooks';
import { problemFrom } from '../api/problem';
import { request, send } from '../api/http';
import { jobs, keepJob } from '../api/live';
import type { Job } from '../api/types';
import { t, words } from '../i18n';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import '../i18n/en/reports';

const ASK_MS = 1500;

export const isOver = (job: Job): boolean => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';

/** The job as the server last told of it; asked for where no event comes. */
export function useJob(id: string | null): Job | null {
  const job = useStore(jobs).get(id ?? '') ?? null;

  useEffect(() => {
    if (id === null || (job !== null && isOver(job))) return undefined;
    const ask = async (): Promise<void> => {
      try {
        const answer = await request<Job>(`jobs/${encodeURIComponent(id)}`);
        if (answer !== null) keepJob(answer.data);
      } catch (error) {
        toast(problemFrom(error).message, { tone: 'bad' });
      }
    };
    if (job === null) void ask();
    const timer = setInterval(() => void ask(), ASK_MS);
    return () => clearInterval(timer);
  }, [id, job === null, job !== null && isOver(job)]);
  return job;
}

/** How far it is in what it counts; nothing where it came to an end before it counted. */
function progressText(job: Job): string {
  if (job.unit === null) return '';
  return job.total === null ? t('job.some', { n: job.done, unit: job.unit }) : t('job.of', { n: job.done, total: job.total, unit: job.unit });
}

export function JobView(props: { job: Job }) {
  const { job } = props;
  const text = progressText(job);
  return (
    <div class="job">
      <strong>
        {words(job.kind)}: {words(job.state)}
      </strong>
      <progress aria-label={text || words(job.kind)} max={job.total ?? undefined} value={job.total === null && !isOver(job) ? undefined : job.done} />
      <span class="dim">{text}</span>
      {!isOver(job) && (
        <button type="button" onClick={() => void send(`jobs/${encodeURIComponent(job.id)}`, { method: 'DELETE' }).catch((error: unknown) => toast(problemFrom(error).message, { tone: 'bad' }))}>
          {t('cancel')}
        </button>
      )}
      {job.problem !== null && (
        <p class="problem" role="alert">
          {job.problem.detail}
        </p>
      )}
    </div>
  );
}
