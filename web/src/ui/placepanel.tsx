// All that can be done to a zone or a conduit of the drawing, without drawing: names, levels, protocols, what it is part of,
// what it joins, where it stands, and which assets are in it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { operate, type Operation, save } from '../api/edit';
import type { AttrType, AttrValue, LinkedItem } from '../api/types';
import { t } from '../i18n';
import { type Conduit, type Drawing, isWithin, type Warning, type Zone } from '../model/drawing';
import { field, patchOf, same } from '../model/merge';
import { attrOf, kindOf } from '../model/metamodel';
import { projectAddress } from '../router';
import { useMetamodel } from '../state/metamodel';
import { KeyLink, Panel } from './basics';
import { levelsText } from './drawingtext';
import { Field } from './field';
import '../i18n/en/drawing';
import '../i18n/en/item';

const ZONE_ATTRS = ['purdue', 'nature', 'physical_boundary', 'drawn_x', 'drawn_y'];
const CONDUIT_ATTRS = ['direction', 'protocols', 'nature', 'enforcement'];
const TITLE: AttrType = { name: 'title', type: 'text' };
const ASSETS_SHOWN = 200;

interface PanelProps {
  project: string;
  drawing: Drawing;
  editable: boolean;
}

/** A list whose choice counts when it is sent: keys go through many entries on their way. */
function Choice(props: { id: string; label: string; value: string; options: [string, string][]; editable: boolean; onChoose: (value: string) => void }) {
  const [draft, setDraft] = useState(props.value);
  useLayoutEffect(() => setDraft(props.value), [props.value]);
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (draft !== props.value) props.onChoose(draft);
  };
  return (
    <form class="field choice-form" onSubmit={onSubmit}>
      <label for={props.id}>{props.label}</label>
      <select id={props.id} value={draft} disabled={!props.editable} onChange={(event) => setDraft(event.currentTarget.value)}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      {props.editable && (
        <button type="submit" disabled={draft === props.value} aria-label={t('drawing.change-of', { what: props.label })}>
          {t('drawing.change')}
        </button>
      )}
    </form>
  );
}

const placeOptions = (places: Iterable<Zone | Conduit>): [string, string][] => [...places].map((place) => [place.key, `${place.key} ${place.title}`]);

/** One link in place of another, with its way back. */
function relink(project: string, from: string, type: string, as: string, old: string | null, to: string | null): void {
  const ops = (remove: string | null, make: string | null): Operation[] => [
    ...(remove === null ? [] : [{ op: 'unlink' as const, from, type, to: remove, as }]),
    ...(make === null ? [] : [{ op: 'link' as const, from, type, to: make, as }]),
  ];
  if (old !== to) void operate(project, ops(old, to), t('edit.saved', { key: from }), ops(to, old));
}

/** What the place says of itself; all changes are saved together. */
function Attributes(props: PanelProps & { item: LinkedItem; names: string[] }) {
  const { item, project } = props;
  const kind = kindOf(useMetamodel(), item.kind);
  const attrs = props.names.map((name) => attrOf(kind, name)).filter((attr) => attr !== null);
  const [draft, setDraft] = useState<ReadonlyMap<string, AttrValue>>(new Map());
  // a field that is left by Enter says what was typed only while the form is being sent
  const latest = useRef(draft);
  const set = (name: string, value: AttrValue): void => {
    latest.current = new Map(latest.current).set(name, value);
    setDraft(latest.current);
  };
  const value = (name: string): AttrValue => (draft.has(name) ? (draft.get(name) ?? null) : field(item, name));
  const onSave = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    const changed = new Map([...latest.current].filter(([name, next]) => !same(next, field(item, name))));
    latest.current = new Map();
    setDraft(latest.current);
    if (changed.size > 0) await save(project, item, patchOf(changed));
  };
  if (!props.editable) return null;
  return (
    <form onSubmit={(event) => void onSave(event)}>
      {[TITLE, ...attrs].map((attr) => {
        const name = attr === TITLE ? 'title' : `attrs.${attr.name}`;
        return <Field key={name} type={attr} value={value(name)} onValue={(next) => set(name, next)} />;
      })}
      <button type="submit" class="primary">
        {t('item.save')}
      </button>
    </form>
  );
}

/** Assets of a place (`null`: of none), and a way to another. */
export function Assets(props: PanelProps & { place: string | null; assets: LinkedItem[] }) {
  const { assets, drawing, project, place } = props;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [to, setTo] = useState('');
  const chosen = assets.filter((asset) => picked.has(asset.key));
  const toggle = (key: string): void => {
    const next = new Set(picked);
    if (!next.delete(key)) next.add(key);
    setPicked(next);
  };
  const moves = (from: string | null, into: string | null): Operation[] =>
    chosen.flatMap((asset) => [
      ...(from === null ? [] : [{ op: 'unlink' as const, from: asset.key, type: 'part_of', to: from }]),
      ...(into === null ? [] : [{ op: 'link' as const, from: asset.key, type: 'part_of', to: into }]),
    ]);
  const move = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await operate(project, moves(place, to), t('drawing.moved', { n: chosen.length, to }), moves(to, place))) setPicked(new Set());
  };
  const others = [...drawing.zones.values(), ...drawing.conduits.values()].filter((one) => one.key !== place);
  return (
    <form onSubmit={(event) => void move(event)}>
      <h3>{t('drawing.assets', { n: assets.length })}</h3>
      <ul class="asset-list">
        {assets.slice(0, ASSETS_SHOWN).map((asset) => (
          <li key={asset.key}>
            {props.editable && <input type="checkbox" checked={picked.has(asset.key)} aria-label={t('grid.select', { key: asset.key })} onChange={() => toggle(asset.key)} />}
            <KeyLink project={project} k={asset.key} /> {asset.title}
          </li>
        ))}
      </ul>
      {assets.length > ASSETS_SHOWN && <a href={projectAddress(project, 'assets', { q: place === null ? '' : `zone:${place}` })}>{t('item.links-all', { n: assets.length })}</a>}
      {props.editable && assets.length > 0 && (
        <>
          <div class="field">
            <label for={`move-to-${place ?? ''}`}>{t('drawing.move-to')}</label>
            <select id={`move-to-${place ?? ''}`} value={to} onChange={(event) => setTo(event.currentTarget.value)}>
              {[['', t('none')] as [string, string], ...placeOptions(others)].map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </div>
          <button type="submit" disabled={chosen.length === 0 || to === ''}>
            {t('drawing.move', { n: chosen.length })}
          </button>
        </>
      )}
    </form>
  );
}

export function ZonePanel(props: PanelProps & { zone: Zone; warnings: Warning[] }) {
  const { zone, drawing, project } = props;
  const parents = [...drawing.zones.values()].filter((one) => !isWithin(drawing.zones, one.key, zone.key));
  const into = zone.parent ?? zone.system;
  return (
    <Panel title={`${zone.key} ${zone.title}`} aside={<KeyLink project={project} k={zone.key} />}>
      <p>
        <a href={projectAddress(project, 'risks', { view: 'targets', place: zone.key })}>{levelsText(zone.target)}</a>
      </p>
      <Attributes {...props} item={zone.item} names={ZONE_ATTRS} />
      <Choice
        id="part-of"
        label={t('drawing.part-of')}
        editable={props.editable}
        value={zone.parent ?? ''}
        options={[['', zone.system ?? drawing.system ?? t('none')], ...placeOptions(parents)]}
        onChoose={(value) => relink(project, zone.key, 'part_of', '', into, value === '' ? drawing.system : value)}
      />
      <PlaceWarnings warnings={props.warnings} place={zone.key} />
      <Assets key={zone.key} {...props} place={zone.key} assets={zone.assets} />
    </Panel>
  );
}

export function ConduitPanel(props: PanelProps & { conduit: Conduit; warnings: Warning[] }) {
  const { conduit, drawing, project } = props;
  const end = (as: 'a' | 'b') => {
    const [now = null] = conduit[as];
    const label = t(as === 'a' ? 'drawing.end-a' : 'drawing.end-b');
    if (conduit[as].length > 1) return <p>{t('drawing.ends', { end: label, keys: conduit[as].join(', ') })}</p>;
    const zones = [...drawing.zones.values()].filter((zone) => !conduit[as === 'a' ? 'b' : 'a'].includes(zone.key));
    return <Choice id={`joins-${as}`} label={label} editable={props.editable} value={now ?? ''} options={[['', t('none')], ...placeOptions(zones)]} onChoose={(value) => relink(project, conduit.key, 'connects', as, now, value === '' ? null : value)} />;
  };
  return (
    <Panel title={`${conduit.key} ${conduit.title}`} aside={<KeyLink project={project} k={conduit.key} />}>
      <p>
        <a href={projectAddress(project, 'risks', { view: 'targets', place: conduit.key })}>{levelsText(conduit.target)}</a>
      </p>
      <Attributes {...props} item={conduit.item} names={CONDUIT_ATTRS} />
      {end('a')}
      {end('b')}
      <PlaceWarnings warnings={props.warnings} place={conduit.key} />
      <Assets key={conduit.key} {...props} place={conduit.key} assets={conduit.assets} />
    </Panel>
  );
}

function PlaceWarnings(props: { warnings: Warning[]; place: string }) {
  const here = props.warnings.filter((warning) => warning.places.includes(props.place));
  if (here.length === 0) return null;
  return (
    <ul class="causes spaced">
      {here.map((warning) => (
        <li key={warning.n}>
          <span class="zone-warnings">▲{warning.n}</span> {warning.defect.message}
        </li>
      ))}
    </ul>
  );
}
