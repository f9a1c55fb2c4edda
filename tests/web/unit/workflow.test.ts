// Changing a state machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addRule, addState, boardStates, bodyOf, dropRule, dropState, type KindWorkflow, ruleOf, setRule, setState, statesInOrder } from '../../../web/src/model/workflow';

const empty: KindWorkflow = { kind: 'claim', own: false, initial: 'draft', states: [{ state: 'draft', locked: false }, { state: 'retired', locked: false }], transitions: [] };
const machine = addRule(addRule(addState(empty, 'verified'), 'draft', 'verified', 'approver'), 'verified', 'retired', 'author');

test('a transition is there once, and asks for nothing but its role', () => {
  assert.equal(addRule(machine, 'draft', 'verified', 'tester'), machine);
  assert.deepEqual(ruleOf(machine, 'draft', 'verified'), { from: 'draft', to: 'verified', roles: ['approver'], other_person: false, dual: 'never', fields: [], links: [], signatures: [] });
  assert.equal(ruleOf(dropRule(machine, 'draft', 'verified'), 'draft', 'verified'), null);
});

test('a state goes with its transitions, and another is the first one', () => {
  assert.deepEqual(dropState(machine, 'verified').transitions, []);
  assert.equal(dropState(machine, 'draft').initial, 'retired');
  assert.equal(dropState(machine, 'retired').initial, 'draft');
});

test('only what is named is changed', () => {
  const changed = setRule(machine, 'draft', 'verified', { other_person: true, signatures: [{ meaning: 'reviewed', least: 2 }] });
  assert.deepEqual(ruleOf(changed, 'verified', 'retired'), ruleOf(machine, 'verified', 'retired'));
  assert.equal(ruleOf(changed, 'draft', 'verified')?.other_person, true);
  assert.deepEqual(setState(machine, 'draft', { locked: true, label: 'Entwurf' }).states[0], { state: 'draft', locked: true, label: 'Entwurf' });
  assert.deepEqual(setState(setState(machine, 'draft', { label: 'Entwurf' }), 'draft', { label: '' }).states[0], { state: 'draft', locked: false });
});

test('the server gets what it takes and no more', () => {
  assert.deepEqual(Object.keys(bodyOf(machine)), ['initial', 'states', 'transitions']);
});

test('states stand in the order in which one comes through them', () => {
  const wide = addRule(addState(addState(machine, 'on_hold'), 'planned'), 'draft', 'planned', 'author');
  assert.deepEqual(statesInOrder(wide), ['draft', 'verified', 'planned', 'retired', 'on_hold']);
});

test('a board has a column for every state that an item is in', () => {
  assert.deepEqual(boardStates(machine, ['verified', 'draft', 'closed', 'closed']), ['draft', 'verified', 'closed']);
});
