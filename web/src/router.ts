// The address is the state: what a page shows is in its path and query, so that a copied link shows the same.
import { Store, useStore } from './state/store';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

function here(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

export const place = new Store<Place>({ path: '/', query: new URLSearchParams() });

/** The values of a pattern's names in a path, or null: `/p/:project/items/:key`. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.split('/');
  const found: Record<string, string> = {};

  if (want.length !== have.length) return null;
  for (const [i, part] of want.entries()) {
    const segment = have[i] ?? '';
    if (!part.startsWith(':')) {
      if (part !== segment) return null;
    } else if (segment === '') {
      return null;
    } else {
      try {
        found[part.slice(1)] = decodeURIComponent(segment);
      } catch {
        return null;
      }
    }
  }
  return found;
}

export type Query = Record<string, string | readonly string[] | null | undefined>;

/** An address with the query's members that have a value; one that is a list stands there as often as it has values. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) if (one !== null && one !== undefined && one !== '') params.append(name, one);
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** An address in a project; what is read (`at`) stays as it is. */
export function projectAddress(project: string, path: string, query: Query = {}): string {
  return address(`/p/${encodeURIComponent(project)}/${path}`, { at: place.get().query.get('at'), ...query });
}

export function itemAddress(project: string, key: string): string {
  return projectAddress(project, `items/${encodeURIComponent(key)}`);
}

/** Whether to leave what was typed and not sent: in a form with `data-guarded`, since it was sent or emptied last. */
let mayLeave = (): boolean => true;

export function navigate(to: string, replace = false): void {
  if (to === window.location.pathname + window.location.search) return;
  if (to.split('?')[0] !== window.location.pathname && !mayLeave()) return;
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  place.set(here());
}

/** Changes members of the query and nothing else. */
export function setQuery(change: Query, replace = true): void {
  const { path, query } = place.get();
  navigate(address(path, { ...Object.fromEntries(query), ...change }), replace);
}

/** A member of the query with its setter. */
export function useQuery(name: string, fallback = ''): [string, (value: string) => void] {
  const { query } = useStore(place);
  const value = query.get(name) ?? fallback;
  return [value, (next: string) => setQuery({ [name]: next === fallback ? null : next })];
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== window.location.origin) return;
  if (link.dataset['plain'] !== undefined || link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

function guard(question: string): void {
  const formOf = (event: Event): HTMLFormElement | null => (event.target instanceof Element ? event.target.closest<HTMLFormElement>('form[data-guarded]') : null);
  const isTyped = (): boolean => document.querySelector('form[data-typed]') !== null;
  const clear = (event: Event): void => formOf(event)?.removeAttribute('data-typed');

  document.addEventListener('input', (event) => formOf(event)?.setAttribute('data-typed', ''));
  document.addEventListener('submit', clear, true);
  document.addEventListener('reset', clear);
  window.addEventListener('beforeunload', (event) => isTyped() && event.preventDefault());
  mayLeave = () => !isTyped() || window.confirm(question);
}

function onPop(): void {
  const { path, query } = place.get();
  if (window.location.pathname !== path && !mayLeave()) window.history.pushState(null, '', `${path}?${query}`.replace(/\?$/, ''));
  else place.set(here());
}

/** Follows the address; `question` is asked before a page is left on which something was typed and not sent. */
export function startRouter(question: string): void {
  place.set(here());
  window.addEventListener('popstate', onPop);
  document.addEventListener('click', onClick);
  guard(question);
}
