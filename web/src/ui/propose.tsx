// One step of a proposed change: what is done, to which item, and what it says.
import { useId, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { FullItem } from '../api/types';
import { t, words } from '../i18n';
import type { Proposal } from '../model/changeset';
import { Lazy } from './lazy';
import '../i18n/en/risk';

const loadPicker = () => import('./itempicker');

type What = 'scenario' | 'countermeasure' | 'measure' | 'version' | 'finding' | 'unlink';
const WHATS: Record<What, { label: () => string; kinds: string[] }> = {
  scenario: { label: () => t('propose.scenario'), kinds: ['threat', 'hazard', 'risk'] },
  countermeasure: { label: () => t('propose.countermeasure'), kinds: ['countermeasure'] },
  measure: { label: () => t('propose.measure'), kinds: ['asset', 'conduit', 'zone', 'component'] },
  version: { label: () => t('propose.version'), kinds: ['component', 'asset'] },
  finding: { label: () => t('propose.finding'), kinds: ['asset', 'component'] },
  unlink: { label: () => t('propose.unlink'), kinds: [] },
};

function Text(props: { label: string; value: string; onValue: (value: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input id={id} value={props.value} onInput={(event) => props.onValue(event.currentTarget.value)} />
    </div>
  );
}

/** The links of the item, one of which ends. */
function LinkChoice(props: { item: FullItem; onPropose: (one: Proposal) => void }) {
  const { links } = props.item;
  const [at, setAt] = useState(0);
  const link = links[at];
  if (link === undefined) return <p>{t('propose.no-links')}</p>;
  return (
    <>
      <select aria-label={t('propose.link')} value={String(at)} onChange={(event) => setAt(Number(event.currentTarget.value))}>
        {links.map((one, i) => (
          <option key={`${one.from}${one.type}${one.to}${one.as}`} value={String(i)}>
            {one.from} {words(one.type)} {one.to}
          </option>
        ))}
      </select>
      <button type="button" class="primary" onClick={() => props.onPropose({ what: 'unlink', from: link.from, type: link.type, to: link.to, as: link.as })}>
        {t('propose.add')}
      </button>
    </>
  );
}

/** A countermeasure that is not there yet, on the item, and what it adds to a function. */
function NewMeasure(props: { item: FullItem; onPropose: (one: Proposal) => void }) {
  const [title, setTitle] = useState('');
  const [affected, setAffected] = useState('');
  const [latency, setLatency] = useState('');
  return (
    <>
      <Text label={t('propose.measure-title')} value={title} onValue={setTitle} />
      <Text label={t('propose.function')} value={affected} onValue={setAffected} />
      {affected !== '' && <Text label={t('propose.latency')} value={latency} onValue={setLatency} />}
      <button
        type="button"
        class="primary"
        disabled={title === '' || (affected !== '' && latency === '')}
        onClick={() => props.onPropose({ what: 'measure', key: props.item.key, title, function: affected, latency })}
      >
        {t('propose.add')}
      </button>
    </>
  );
}

function Details(props: { what: What; item: FullItem; onPropose: (one: Proposal) => void }) {
  const { what, item } = props;
  const [text, setText] = useState('');
  const [vulnerability, setVulnerability] = useState('');
  const proposal = (): Proposal => {
    if (what === 'version') return { what: 'version', key: item.key, attr: item.kind === 'asset' ? 'installed_version' : 'version', version: text };
    if (what === 'finding') return { what: 'finding', key: item.key, title: text, vulnerability };
    return { what: 'retire', key: item.key };
  };
  const needsText = what === 'version' || what === 'finding';
  if (what === 'unlink') return <LinkChoice key={item.key} item={item} onPropose={props.onPropose} />;
  if (what === 'measure') return <NewMeasure key={item.key} item={item} onPropose={props.onPropose} />;
  return (
    <>
      {needsText && <Text label={t(what === 'version' ? 'propose.to-version' : 'propose.finding-title')} value={text} onValue={setText} />}
      {what === 'finding' && <Text label={t('propose.vulnerability')} value={vulnerability} onValue={setVulnerability} />}
      <button type="button" class="primary" disabled={needsText && text === ''} onClick={() => props.onPropose(proposal())}>
        {t('propose.add')}
      </button>
    </>
  );
}

export function Propose(props: { project: string; onPropose: (one: Proposal) => void }) {
  const [what, setWhat] = useState<What>('scenario');
  const [key, setKey] = useState('');
  const item = useRead<FullItem>(key === '' ? null : projectPath(props.project, `items/${encodeURIComponent(key)}`, { at: null })).data;
  const propose = (one: Proposal): void => {
    setKey('');
    props.onPropose(one);
  };
  return (
    <div class="toolbar propose">
      <select
        aria-label={t('propose.what')}
        value={what}
        onChange={(event) => {
          setWhat(event.currentTarget.value as What);
          setKey('');
        }}
      >
        {(Object.keys(WHATS) as What[]).map((one) => (
          <option key={one} value={one}>
            {WHATS[one].label()}
          </option>
        ))}
      </select>
      <Lazy key={`${what} ${key === ''}`} load={loadPicker} with={{ project: props.project, kinds: WHATS[what].kinds, label: t('propose.item'), onChoose: setKey }} />
      {item !== null && <Details key={`${what} ${item.key}`} what={what} item={item} onPropose={propose} />}
    </div>
  );
}
