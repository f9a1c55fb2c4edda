// Commits and jobs as the server tells of them. The browser connects again by itself; what was missed meanwhile is read
// again, since everything is stale after a break.
import { Store } from '../state/store';
import { invalidate } from './cache';
import { API } from './http';
import type { Job } from './types';

interface CommitEvent {
  project: string;
  seq: number;
  author: string;
  keys: string[];
}

export const jobs = new Store<ReadonlyMap<string, Job>>(new Map());
export const lastCommit = new Store<CommitEvent | null>(null);

export function keepJob(job: Job): void {
  jobs.update((all) => new Map(all).set(job.id, job));
}

function parse<T>(event: Event): T | null {
  try {
    return JSON.parse((event as MessageEvent<string>).data) as T;
  } catch {
    return null;
  }
}

/** Follows a project until the result is called. */
export function follow(project: string): () => void {
  const source = new EventSource(`${API}/events?project=${encodeURIComponent(project)}`);
  let broken = false;

  source.addEventListener('open', () => {
    if (broken) invalidate(project);
    broken = false;
  });
  source.addEventListener('error', () => {
    broken = true;
  });
  source.addEventListener('commit', (event) => {
    const commit = parse<CommitEvent>(event);
    if (commit === null) return;
    invalidate(commit.project);
    lastCommit.set(commit);
  });
  source.addEventListener('job', (event) => {
    const job = parse<Job>(event);
    if (job !== null) keepJob(job);
  });
  return () => source.close();
}
