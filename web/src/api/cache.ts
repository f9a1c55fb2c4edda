// What was read, by address. A component shows at once what is there and asks whether it still holds; a commit on the
// server makes all of its project stale.
import { useEffect, useState } from 'preact/hooks';
import { address, place, type Query } from '../router';
import { Store, useStore } from '../state/store';
import { type Answer, API, request } from './http';
import { Problem, problemFrom } from './problem';

interface Entry {
  answer: Answer<unknown> | null;
  problem: Problem | null;
  stale: boolean;
  loading: Promise<void> | null;
  /** Counts changes that were made here, so that an older answer does not undo them. */
  version: number;
}

export interface Read<T> {
  data: T | null;
  problem: Problem | null;
  loading: boolean;
  answer: Answer<T> | null;
}

const ENTRIES_MAX = 200;
const entries = new Map<string, Store<Entry>>();
const EMPTY: Entry = { answer: null, problem: null, stale: true, loading: null, version: 0 };
const nothing = new Store<Entry>(EMPTY);

function entryOf(path: string): Store<Entry> {
  let entry = entries.get(path);
  if (entry !== undefined) entries.delete(path);
  else entry = new Store<Entry>(EMPTY);
  entries.set(path, entry); // the most recent last
  if (entries.size > ENTRIES_MAX) {
    const oldest = entries.keys().next().value;
    if (oldest !== undefined) entries.delete(oldest);
  }
  return entry;
}

async function fetchInto(path: string, entry: Store<Entry>): Promise<void> {
  const before = entry.get();
  try {
    const options = before.answer?.etag ? { etag: before.answer.etag } : {};
    const answer = await request<unknown>(path, options);
    entry.update((now) =>
      now.version === before.version
        ? { ...now, answer: answer ?? now.answer, problem: null, loading: null }
        : { ...now, stale: true, loading: null },
    );
  } catch (error) {
    const problem = problemFrom(error);
    // what was shown once stays while the network is away
    entry.update((now) => ({ ...now, answer: problem.status === 0 ? now.answer : null, problem, loading: null }));
  }
}

/** Brings an address up to date unless it is. */
export function load(path: string): Promise<void> {
  const entry = entryOf(path);
  const { stale, loading } = entry.get();
  if (loading !== null) return loading;
  if (!stale) return Promise.resolve();
  const started = fetchInto(path, entry);
  // what becomes stale from now on stays so: the answer on its way may not know of it
  entry.update((now) => ({ ...now, loading: started, stale: false }));
  return started;
}

/** Reads an address once, from what is kept if it holds. Throws a Problem. */
export async function get<T>(path: string): Promise<T> {
  await load(path);
  const { answer, problem } = entryOf(path).get();
  if (problem !== null) throw problem;
  return (answer as Answer<T>).data;
}

/** An address of the API in a project, as of what the page's address says. */
export function projectPath(project: string, path: string, query: Query = {}): string {
  return address(`${API}/${path}`, { project, at: place.get().query.get('at'), ...query });
}

/** Follows an address of the API; null follows nothing. */
export function useRead<T>(path: string | null): Read<T> {
  const entry = path === null ? nothing : entryOf(path);
  const now = useStore(entry);

  useEffect(() => {
    if (path !== null && now.stale && now.loading === null) void load(path);
  }, [path, now]);
  return {
    data: (now.answer?.data ?? null) as T | null,
    problem: now.problem,
    loading: path !== null && now.answer === null && now.problem === null,
    answer: now.answer as Answer<T> | null,
  };
}

export interface Pages<T> {
  rows: T[];
  /** As the server says it, such as `10000+`. */
  total: string | null;
  problem: Problem | null;
  /** Nothing has come yet. */
  loading: boolean;
  /** There is more; `more` asks for it. */
  more: (() => void) | null;
}

/** Follows a list that comes in pages; null follows nothing. */
export function usePages<T>(first: string | null): Pages<T> {
  const [wanted, setWanted] = useState({ first, pages: 1 });
  const [, wake] = useState({});
  const pages = wanted.first === first ? wanted.pages : 1;
  const paths: string[] = [];
  let next: string | null = first;

  while (next !== null && paths.length < pages) {
    paths.push(next);
    next = entryOf(next).get().answer?.next ?? null;
  }
  const key = paths.join('\n');
  const all = paths.map((path) => entryOf(path).get());
  useEffect(() => {
    const stops = paths.map((path) => entryOf(path).subscribe(() => wake({})));
    if (paths.some((path, i) => entryOf(path).get() !== all[i])) wake({}); // as in useStore
    return () => stops.forEach((stop) => stop());
  }, [key]);
  useEffect(() => {
    for (const path of paths) {
      const { stale, loading } = entryOf(path).get();
      if (stale && loading === null) void load(path);
    }
  });
  const waits = all.some((entry) => entry.answer === null && entry.problem === null);
  return {
    rows: all.flatMap((entry) => (entry.answer?.data ?? []) as T[]),
    total: all[0]?.answer?.count ?? null,
    problem: all.find((entry) => entry.problem !== null)?.problem ?? null,
    loading: first !== null && all[0]?.answer === null && all[0].problem === null,
    more: next === null || waits ? null : () => setWanted({ first, pages: pages + 1 }),
  };
}

const PROJECTS = `${API}/projects`;

/** Everything that was read of a project may have changed, and the list of projects with it; without one, everything. */
export function invalidate(project?: string): void {
  for (const [path, entry] of entries)
    if (project === undefined || path === PROJECTS || new URLSearchParams(path.split('?')[1]).get('project') === project)
      entry.update((now) => ({ ...now, stale: true, problem: null }));
}

export function forget(): void {
  entries.clear();
}

/** Changes what is kept before the server has agreed; the result undoes it. */
export function patchKept(project: string, change: (data: unknown, path: string) => unknown): () => void {
  const undone: (() => void)[] = [];
  for (const [path, entry] of entries) {
    const { answer } = entry.get();
    if (answer === null || new URLSearchParams(path.split('?')[1]).get('project') !== project) continue;
    const data = change(answer.data, path);
    if (data === answer.data) continue;
    entry.update((now) => ({ ...now, answer: { ...answer, data, etag: null }, version: now.version + 1 }));
    undone.push(() => entry.update((now) => ({ ...now, answer, version: now.version + 1 })));
  }
  return () => {
    for (const undo of undone) undo();
  };
}
