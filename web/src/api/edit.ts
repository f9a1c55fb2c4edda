// Changes of items: shown at once, undone when refused, and a choice when someone else was faster.
import type { Query } from '../router';
import { toast } from '../state/toasts';
import { Store } from '../state/store';
import { t } from '../i18n';
import { applyPatch, type Choice, conflicts, inverse, type Patch, patchFields, resolve } from '../model/merge';
import { invalidate, patchKept, projectPath } from './cache';
import { type RequestOptions, send } from './http';
import { Problem, problemFrom } from './problem';
import type { AttrValue, FullItem, Item } from './types';

export interface Conflict {
  key: string;
  choices: Choice[];
  settle: (values: ReadonlyMap<string, AttrValue> | null) => void;
}

/** The conflict that waits for a person. */
export const conflict = new Store<Conflict | null>(null);

const ATTEMPTS_MAX = 4;

function patchData(data: unknown, change: (item: Item) => Item, key: string): unknown {
  if (Array.isArray(data)) {
    const at = data.findIndex((one: Partial<Item>) => one?.key === key && one.kind !== undefined && one.attrs !== undefined);
    return at < 0 ? data : data.with(at, change(data[at] as Item));
  }
  const one = data as Partial<Item> | null;
  return one?.key === key && one.attrs !== undefined ? change(one as Item) : data;
}

function ask(key: string, choices: Choice[]): Promise<ReadonlyMap<string, AttrValue> | null> {
  return new Promise((done) =>
    conflict.set({
      key,
      choices,
      settle: (values) => {
        conflict.set(null);
        done(values);
      },
    }),
  );
}

function theirsOf(problem: Problem): { theirs: FullItem; base: FullItem | null } | null {
  const { theirs, base } = problem.document as { theirs?: FullItem; base?: FullItem };
  return problem.status === 412 && theirs?.attrs !== undefined ? { theirs, base: base?.attrs === undefined ? null : base } : null;
}

function offerUndo(project: string, saved: FullItem, back: Patch): void {
  toast(t('edit.saved', { key: saved.key }), { action: { label: t('edit.undo'), run: () => void save(project, saved, back, { undo: false }) } });
}

/** Saves a patch of an item read at its revision; null when it was given up. Tells what went wrong by itself. */
export async function save(project: string, item: FullItem | Item, patch: Patch, options = { undo: true }): Promise<FullItem | null> {
  let base: FullItem | Item = item;
  let rest = patch;
  const back = inverse(item, patch);
  const undo = patchKept(project, (data) => patchData(data, (one) => applyPatch(one, patch), item.key));

  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        const path = projectPath(project, `items/${encodeURIComponent(item.key)}`);
        const answer = await send<FullItem>(path, { method: 'PATCH', json: rest, type: 'application/merge-patch+json', ifMatch: `"${base.rev}"` });
        invalidate(project);
        if (options.undo) offerUndo(project, answer.data, back);
        return answer.data;
      } catch (error) {
        const other = error instanceof Problem ? theirsOf(error) : null;
        if (other === null) throw error;
        const choices = conflicts(other.base ?? base, other.theirs, rest);
        const settled = choices.length === 0 ? new Map<string, AttrValue>() : await ask(item.key, choices);
        if (settled === null) break;
        rest = resolve(other.theirs, rest, settled);
        base = other.theirs;
        if (patchFields(rest).length === 0) break; // all was left to the other
      }
    }
  } catch (error) {
    undo();
    toast(t('edit.refused', { key: item.key, detail: problemFrom(error).message }), { tone: 'bad' });
    return null;
  }
  undo();
  invalidate(project);
  return null;
}

/** A native operation, as docs/native-format.md has it. */
export type Operation = { op: 'link' | 'unlink'; from: string; type: string; to: string; as?: string } | { op: 'retire'; key: string };

/** Runs operations as one commit and offers `back`, which undoes them; true when they were done. */
export async function operate(project: string, operations: Operation[], said: string, back: Operation[]): Promise<boolean> {
  const body = operations.map((one) => `${JSON.stringify(one)}\n`).join('');
  const done = await change(project, 'changes', { method: 'POST', body, type: 'application/x-ndjson' });
  if (done) toast(said, back.length === 0 ? {} : { action: { label: t('edit.undo'), run: () => void operate(project, back, t('edit.undone'), []) } });
  return done;
}

/** Runs a change outside of any project, and tells when it is refused; true when it was done. */
export async function act(path: string, options: RequestOptions): Promise<boolean> {
  try {
    await send(path, options);
    invalidate();
    return true;
  } catch (error) {
    toast(problemFrom(error).message, { tone: 'bad' });
    return false;
  }
}

/** Runs a change of a project and tells when it is refused; true when it was done. */
export async function change(project: string, path: string, options: RequestOptions, query: Query = {}): Promise<boolean> {
  try {
    await send(projectPath(project, path, { ...query, at: null }), options);
    invalidate(project);
    return true;
  } catch (error) {
    toast(problemFrom(error).message, { tone: 'bad' });
    return false;
  }
}
