// Texts that begin with plan.
import { addTexts, type Message } from '../message';

export const plan = {
  'plan.action': 'Action',
  'plan.alternatives': 'It would also do',
  'plan.any': 'all',
  'plan.choose': 'Choose step {n}',
  'plan.closes': { one: 'closes {n} need', other: 'closes {n} needs' },
  'plan.closes-what': 'What it closes',
  'plan.entry.none': 'nothing is demanded',
  'plan.entry.reached': 'reached then',
  'plan.entry.short': 'not reached',
  'plan.entry.unknown': 'unknown',
  'plan.export': 'Plan as JSON',
  'plan.gain': '{place} FR {fr}: SL-A {from} → {to}, rows met: {rows}',
  'plan.gains': 'What it gains, after the steps before it',
  'plan.how': 'How the plan is made',
  'plan.how-text':
    'Of all sets of actions that meet every need which some action meets, this is the cheapest, computed exactly; among equally cheap ones it is the one that leaves the plant most as it is. Requirements are stated first, since claims answer them; then comes what meets most needs for its cost. The same project has the same plan. Costs are {costs}.',
  'plan.key': 'SL-A verified with findings, now → after all steps / SL-T',
  'plan.make': { one: 'Make changes of {n} step', other: 'Make changes of {n} steps' },
  'plan.more': { one: 'Show {n} more', other: 'Show {n} more' },
  'plan.need': 'Need',
  'plan.no-gain': 'Alone it raises no level; later steps rest on it.',
  'plan.no-steps': 'No step fits',
  'plan.no-steps-text': 'No step of the plan is of the kind that is chosen.',
  'plan.none': 'Nothing is to be done',
  'plan.none-text': 'Every row that an SL-T demands is met, or there is no SL-T yet: targets are derived from risks.',
  'plan.note': 'The cheapest actions that bring zones and conduits to SL-T, and what each gains and touches',
  'plan.on': 'On',
  'plan.place': 'Zone or conduit',
  'plan.places': 'What zones and conduits gain',
  'plan.row': 'Rows',
  'plan.safety': 'Safety functions it touches',
  'plan.safety-only': 'Only what touches a safety function',
  'plan.steps': { one: '{n} step, cost {cost}, for {needs} needs', other: '{n} steps, cost {cost}, for {needs} needs' },
  'plan.touches': 'What it touches',
  'plan.unmet': { one: '{n} need that no action meets', other: '{n} needs that no action meets' },
  'plan.unmet-text': 'They stay open after the plan: what is missing here is data, which no action of the plan brings.',
} as const satisfies Record<string, Message>;

addTexts(plan);
