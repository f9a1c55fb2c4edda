// What went wrong with a request: a problem document (RFC 9457) of the server, or that no answer came.

export interface ProblemDocument {
  status: number;
  code: string;
  title: string;
  detail: string;
  pointer?: string;
  where?: string;
  near?: string[];
  request?: string;
  [member: string]: unknown;
}

export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail);
    this.name = 'Problem';
    this.document = document;
  }

  get status(): number {
    return this.document.status;
  }

  get code(): string {
    return this.document.code;
  }
}

const text = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);

export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // no document came along
  }
  return new Problem({
    ...body,
    status: response.status,
    code: text(body['code'], 'UNKNOWN'),
    title: text(body['title'], response.statusText),
    detail: text(body['detail'], `${response.status} ${response.statusText}`),
  });
}

export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: 0, code: 'NETWORK', title: '', detail });
}
