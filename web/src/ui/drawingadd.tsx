// A new zone, or a new conduit between two zones: what it needs to be drawn, the rest is said in its panel.
import { useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { operate } from '../api/edit';
import { send } from '../api/http';
import { problemFrom } from '../api/problem';
import type { Attrs, FullItem } from '../api/types';
import { t, words } from '../i18n';
import type { Drawing } from '../model/drawing';
import { attrOf, kindOf } from '../model/metamodel';
import { setQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { toast } from '../state/toasts';
import { Dialog } from './dialog';
import { Form, Input, Select } from './form';
import '../i18n/en/drawing';
import '../i18n/en/item';

interface NewLink {
  type: string;
  to: string;
  as?: string;
}

async function add(project: string, kind: string, title: string, attrs: Attrs, links: NewLink[]): Promise<void> {
  const answer = await send<FullItem>(projectPath(project, 'items', { at: null }), { method: 'POST', json: { kind, title, attrs, links } });
  const { key } = answer.data;
  invalidate(project);
  setQuery({ sel: key });
  toast(t('drawing.added', { key }), { action: { label: t('edit.undo'), run: () => void operate(project, [{ op: 'retire', key }], t('edit.undone'), []) } });
}

const optionsOf = (values: readonly string[], none: string): [string, string][] => [['', none], ...values.map((value): [string, string] => [value, words(value)])];

/** Adds, or says why not in a toast; the form keeps what was typed only when it was refused. */
async function addOr(run: () => Promise<void>, onDone: () => void): Promise<void> {
  try {
    await run();
    onDone();
  } catch (error) {
    toast(problemFrom(error).message, { tone: 'bad' });
    throw error;
  }
}

export function AddZone(props: { project: string; drawing: Drawing; onClose: () => void }) {
  const { project, drawing } = props;
  const kind = kindOf(useMetamodel(), 'zone');
  const parents: [string, string][] = [
    ['', drawing.system ?? t('none')],
    ...[...drawing.zones.values()].map((zone): [string, string] => [zone.key, `${zone.key} ${zone.title}`]),
  ];
  const onSend = (value: (name: string) => string): Promise<void> => {
    const parent = value('parent') || drawing.system;
    const attrs: Attrs = value('purdue') === '' ? {} : { purdue: value('purdue') };
    return addOr(() => add(project, 'zone', value('title'), attrs, parent === null ? [] : [{ type: 'part_of', to: parent }]), props.onClose);
  };
  return (
    <Dialog title={t('drawing.add-zone')} onClose={props.onClose}>
      <Form action={t('add.button')} onSend={onSend}>
        <Input name="title" label={t('item.title')} />
        <Select name="purdue" label={words('purdue')} options={optionsOf(attrOf(kind, 'purdue')?.values ?? [], t('none'))} />
        <Select name="parent" label={t('drawing.part-of')} options={parents} />
      </Form>
    </Dialog>
  );
}

export function AddConduit(props: { project: string; drawing: Drawing; from: string; to: string; onClose: () => void }) {
  const { project, drawing } = props;
  const [ends, setEnds] = useState({ a: props.from, b: props.to });
  const kind = kindOf(useMetamodel(), 'conduit');
  const zones = [...drawing.zones.values()];
  const onSend = (value: (name: string) => string): Promise<void> => {
    const protocols = value('protocols')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const attrs: Attrs = { direction: value('direction'), ...(protocols.length === 0 ? {} : { protocols }) };
    const links = [
      { type: 'connects', to: ends.a, as: 'a' },
      { type: 'connects', to: ends.b, as: 'b' },
    ];
    return addOr(() => add(project, 'conduit', value('title'), attrs, links), props.onClose);
  };
  const end = (name: 'a' | 'b', other: string) => (
    <div class="field">
      <label for={`end-${name}`}>{t(name === 'a' ? 'drawing.end-a' : 'drawing.end-b')}</label>
      <select id={`end-${name}`} required value={ends[name]} onChange={(event) => setEnds({ ...ends, [name]: event.currentTarget.value })}>
        <option value="">{t('none')}</option>
        {zones
          .filter((zone) => zone.key !== other)
          .map((zone) => (
            <option key={zone.key} value={zone.key}>
              {zone.key} {zone.title}
            </option>
          ))}
      </select>
    </div>
  );
  return (
    <Dialog title={t('drawing.add-conduit')} onClose={props.onClose}>
      <Form action={t('add.button')} onSend={onSend}>
        <Input name="title" label={t('item.title')} />
        {end('a', ends.b)}
        {end('b', ends.a)}
        <Select name="direction" label={words('direction')} options={(attrOf(kind, 'direction')?.values ?? ['both']).map((one) => [one, t(`drawing.${one}` as 'drawing.both')]).reverse() as [string, string][]} />
        <Input name="protocols" label={words('protocols')} required={false} hint={t('drawing.protocols-hint')} />
      </Form>
    </Dialog>
  );
}
