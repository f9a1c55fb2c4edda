// One way to the server: JSON in and out, the token against forged requests, problem documents as errors.
import { Problem, problemFrom, problemOf } from './problem';

export const API = '/api/v1';

export interface Answer<T> {
  data: T;
  etag: string | null;
  /** The newest commit that the answer has seen. */
  seq: number | null;
  /** The address of the next page. */
  next: string | null;
  /** How many there are in all, such as `1234` or `10000+`. */
  count: string | null;
  location: string | null;
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  json?: unknown;
  body?: BodyInit;
  type?: string;
  ifMatch?: string;
  etag?: string;
  signal?: AbortSignal;
}

let csrf = '';
let onSignedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}

/** Who is told when the server no longer knows us. */
export function setSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function headersOf(options: RequestOptions): Headers {
  const headers = new Headers({ Accept: 'application/json' });
  if (options.json !== undefined) headers.set('Content-Type', options.type ?? 'application/json');
  else if (options.type !== undefined) headers.set('Content-Type', options.type);
  if (options.ifMatch !== undefined) headers.set('If-Match', options.ifMatch);
  if (options.etag !== undefined) headers.set('If-None-Match', options.etag);
  if ((options.method ?? 'GET') !== 'GET' && csrf !== '') headers.set('X-Zonewright-CSRF', csrf);
  return headers;
}

function nextOf(link: string | null): string | null {
  const found = link === null ? null : /<([^>]+)>\s*;\s*rel="?next"?/.exec(link);
  return found?.[1] ?? null;
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const seq = response.headers.get('Zonewright-Seq');
  const text = response.status === 204 ? '' : await response.text();
  return {
    data: (text === '' ? null : JSON.parse(text)) as T,
    etag: response.headers.get('ETag'),
    seq: seq === null ? null : Number(seq),
    next: nextOf(response.headers.get('Link')),
    count: response.headers.get('Zonewright-Count'),
    location: response.headers.get('Location'),
  };
}

/** Asks the server; null when it says that what we have (`etag`) is still so. Throws a Problem. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T> | null> {
  try {
    const init: RequestInit = { method: options.method ?? 'GET', headers: headersOf(options), credentials: 'same-origin' };
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    if (body !== undefined) init.body = body;
    if (options.signal !== undefined) init.signal = options.signal;
    const response = await fetch(path.startsWith('/') ? path : `${API}/${path}`, init);
    if (response.status === 304) return null;
    if (response.ok) return await read<T>(response);
    throw await problemOf(response);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const problem = problemFrom(error);
    if (problem.status === 401 && problem.code === 'SIGN_IN') onSignedOut();
    throw problem;
  }
}

/** A request that changes something. */
export async function send<T>(path: string, options: RequestOptions): Promise<Answer<T>> {
  const answer = await request<T>(path, options);
  if (answer === null) throw new Problem({ status: 304, code: 'UNEXPECTED', title: '', detail: '304' });
  return answer;
}
