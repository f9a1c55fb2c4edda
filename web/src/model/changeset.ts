// A proposed changeset as the page of what-if composes it: native operations (docs/native-format.md) that stand in the address.

export type Proposal =
  | { what: 'retire'; key: string }
  | { what: 'version'; key: string; attr: string; version: string }
  | { what: 'finding'; key: string; title: string; vulnerability: string }
  | { what: 'measure'; key: string; title: string; function: string; latency: string }
  | { what: 'unlink'; from: string; type: string; to: string; as: string };

export type NativeOperation = Record<string, unknown> & { op: string };

/** Keys that no item has, for findings that are not there: a project counts up from 1. */
const FIRST_KEY = 900_000_000;

function operationsOf(one: Proposal, number: number): NativeOperation[] {
  switch (one.what) {
    case 'retire':
      return [{ op: 'retire', key: one.key }];
    case 'version':
      return [{ op: 'item', key: one.key, attrs: { [one.attr]: one.version } }];
    case 'finding': {
      const key = `FD-${FIRST_KEY + number}`;
      const attrs = one.vulnerability === '' ? {} : { vulnerability: one.vulnerability };
      return [
        { op: 'item', key, kind: 'finding', title: one.title, attrs },
        { op: 'link', from: key, type: 'concerns', to: one.key },
      ];
    }
    case 'measure': {
      const key = `CM-${FIRST_KEY + number}`;
      const attrs = { aspects: ['response_time'], added_latency_ms: one.latency };
      return [
        { op: 'item', key, kind: 'countermeasure', title: one.title },
        { op: 'link', from: key, type: 'deployed_on', to: one.key },
        ...(one.function === '' ? [] : [{ op: 'link', from: key, type: 'affects', to: one.function, attrs }]),
      ];
    }
    case 'unlink':
      return [{ op: 'unlink', from: one.from, type: one.type, to: one.to, as: one.as }];
  }
}

/** One operation a line, as the command line and the API take them. */
export function changesetText(proposals: readonly Proposal[]): string {
  return proposals
    .flatMap(operationsOf)
    .map((operation) => `${JSON.stringify(operation)}\n`)
    .join('');
}

const MEMBERS: Record<Proposal['what'], readonly string[]> = {
  retire: ['key'],
  version: ['key', 'attr', 'version'],
  finding: ['key', 'title', 'vulnerability'],
  measure: ['key', 'title', 'function', 'latency'],
  unlink: ['from', 'type', 'to', 'as'],
};

function isProposal(value: unknown): value is Proposal {
  if (typeof value !== 'object' || value === null) return false;
  const members = MEMBERS[(value as Proposal).what] as readonly string[] | undefined;
  return members !== undefined && members.every((name) => typeof (value as Record<string, unknown>)[name] === 'string');
}

/** What an address says; one that somebody broke says nothing. */
export function proposalsOf(text: string): Proposal[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isProposal) : [];
  } catch {
    return [];
  }
}
