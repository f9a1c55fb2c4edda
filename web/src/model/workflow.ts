// The state machine of a kind, changed step by step. What makes sense as a whole is checked by the server.

export interface WorkflowLink {
  type: string;
  end?: 'from' | 'to';
  least?: number;
  /** Of tests: all there are passed last. */
  passed?: boolean;
}

export interface WorkflowSignature {
  meaning: string;
  least?: number;
}

export interface WorkflowRule {
  from: string;
  to: string;
  roles: string[];
  other_person: boolean;
  dual: 'never' | 'safety' | 'disciplines' | 'always';
  fields: string[];
  links: WorkflowLink[];
  signatures: WorkflowSignature[];
}

export interface WorkflowState {
  state: string;
  label?: string;
  locked: boolean;
}

export interface Workflow {
  initial: string;
  states: WorkflowState[];
  transitions: WorkflowRule[];
}

/** As the server gives it. */
export interface KindWorkflow extends Workflow {
  kind: string;
  /** The project has put it in the place of the default. */
  own: boolean;
}

const joins = (rule: WorkflowRule, from: string, to: string): boolean => rule.from === from && rule.to === to;

export function ruleOf(machine: Workflow, from: string, to: string): WorkflowRule | null {
  return machine.transitions.find((rule) => joins(rule, from, to)) ?? null;
}

/** Its states along their transitions, from the first one on; those that nothing leads to come last. */
export function statesInOrder(machine: Workflow): string[] {
  const order = [machine.initial];
  for (const from of order) for (const rule of machine.transitions) if (rule.from === from && !order.includes(rule.to)) order.push(rule.to);
  return [...order, ...machine.states.map((one) => one.state).filter((state) => !order.includes(state))];
}

/** The columns of a board: those states, and what items are in though the machine no longer has it. */
export function boardStates(machine: Workflow, used: readonly string[]): string[] {
  return [...new Set([...statesInOrder(machine).filter((state) => state !== 'retired'), ...used])];
}

export function addState<M extends Workflow>(machine: M, state: string): M {
  return { ...machine, states: [...machine.states, { state, locked: false }] };
}

/** Its transitions go with it; where it was the first one, another is. */
export function dropState<M extends Workflow>(machine: M, state: string): M {
  const states = machine.states.filter((one) => one.state !== state);
  return {
    ...machine,
    states,
    initial: machine.initial === state ? (states[0]?.state ?? '') : machine.initial,
    transitions: machine.transitions.filter((rule) => rule.from !== state && rule.to !== state),
  };
}

export function setState<M extends Workflow>(machine: M, state: string, change: Partial<WorkflowState>): M {
  const states = machine.states.map((one) => {
    const { label, ...rest } = { ...one, ...(one.state === state ? change : {}) };
    return label === undefined || label === '' ? rest : { ...rest, label };
  });
  return { ...machine, states };
}

/** A new transition asks for the role given and nothing else. */
export function addRule<M extends Workflow>(machine: M, from: string, to: string, role: string): M {
  if (ruleOf(machine, from, to) !== null) return machine;
  const rule: WorkflowRule = { from, to, roles: [role], other_person: false, dual: 'never', fields: [], links: [], signatures: [] };
  return { ...machine, transitions: [...machine.transitions, rule] };
}

export function dropRule<M extends Workflow>(machine: M, from: string, to: string): M {
  return { ...machine, transitions: machine.transitions.filter((rule) => !joins(rule, from, to)) };
}

export function setRule<M extends Workflow>(machine: M, from: string, to: string, change: Partial<WorkflowRule>): M {
  return { ...machine, transitions: machine.transitions.map((rule) => (joins(rule, from, to) ? { ...rule, ...change } : rule)) };
}

/** What the server takes. */
export function bodyOf(machine: Workflow): Workflow {
  return { initial: machine.initial, states: machine.states, transitions: machine.transitions };
}
