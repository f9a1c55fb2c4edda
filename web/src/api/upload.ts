// Files to the server, with how much of them is there; fetch does not tell.
import { headersOf } from './http';
import { problemOf } from './problem';

export interface Sent {
  /** 0 to 1. */
  share: number;
}

/** Sends a file as it is, or a form with files. Throws a Problem, or an AbortError when `signal` ended it. */
export function upload<T>(path: string, options: { method: 'PUT' | 'POST'; body: File | FormData; onSent: (sent: Sent) => void; signal: AbortSignal }): Promise<T> {
  const { body, signal } = options;
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const type = body instanceof File ? { type: body.type || 'application/octet-stream' } : {};
    request.open(options.method, path);
    headersOf({ method: options.method, ...type }).forEach((value, name) => request.setRequestHeader(name, value));
    request.upload.addEventListener('progress', (event) => options.onSent({ share: event.total === 0 ? 1 : event.loaded / event.total }));
    request.addEventListener('error', () => fail(new TypeError(request.statusText)));
    request.addEventListener('abort', () => fail(new DOMException('', 'AbortError')));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) done(JSON.parse(request.responseText) as T);
      else void problemOf(new Response(request.responseText, { status: request.status, statusText: request.statusText })).then(fail);
    });
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}
