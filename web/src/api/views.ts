// Saved views: a page of a project with its query, under a name.
import { address, projectAddress } from '../router';

export interface SavedView {
  name: string;
  address: string;
  person: string;
  shared: boolean;
}

/** What says which row is chosen and what is read of the past is no part of a view. */
const NOT_KEPT = ['at', 'sel', 'finding'];

/** What would be kept of a place. */
export function viewOf(path: string, query: URLSearchParams): string {
  const kept = [...query].filter(([name]) => !NOT_KEPT.includes(name));
  return address(path.split('/').at(-1) ?? '', Object.fromEntries(kept));
}

export const pageOfView = (kept: string): string => kept.split('?')[0] ?? '';
const queryOfView = (kept: string): URLSearchParams => new URLSearchParams(kept.slice(pageOfView(kept).length));

/** Whether two show the same: who keeps one at the command line writes it in another way than a browser. */
export function isSameView(one: string, other: string): boolean {
  const [query, against] = [queryOfView(one), queryOfView(other)];
  query.sort();
  against.sort();
  return pageOfView(one) === pageOfView(other) && query.toString() === against.toString();
}

/** Where it is shown in a project. */
export function viewAddress(project: string, view: SavedView): string {
  return projectAddress(project, pageOfView(view.address), Object.fromEntries(queryOfView(view.address)));
}
