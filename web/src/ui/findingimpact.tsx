// What one finding does to the case: rows at stake, SL-A with and without it, what clears it, scenarios and functions.
import { useState } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import type { FindingImpact as Impact, Vector } from '../api/types';
import { t, words } from '../i18n';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { KeyLink, Panel, ProblemView, Tag, Waiting } from './basics';
import { Compensate } from './compensate';
import { Form, Input } from './form';
import '../i18n/en/findings';

const CASES = ['without_findings', 'now', 'if_cleared', 'if_confirmed'] as const;
const text = (vector: Vector): string => `{${vector.map((level) => level ?? '?').join(' ')}}`;

function Levels({ place }: { place: Impact['places'][number] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('exposure.levels-of', { place: place.key })}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('exposure.case')}</th>
            <th scope="col">{t('exposure.verified')}</th>
            <th scope="col">{t('exposure.claimed')}</th>
          </tr>
        </thead>
        <tbody>
          {CASES.map((name) => (
            <tr key={name} data-case={name}>
              <th scope="row">{t(`exposure.${name}`)}</th>
              <td>
                <code>{text(place.verified[name])}</code>
              </td>
              <td>
                <code>{text(place.claimed[name])}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Place({ project, place }: { project: string; place: Impact['places'][number] }) {
  return (
    <>
      <h3>
        <KeyLink project={project} k={place.key} /> {place.title} <span class="dim">SL-T {text(place.target)}</span>
      </h3>
      <Levels place={place} />
      <p class="dim">{place.rows.map((row) => `${row.ref} ${row.member} (${words(row.status)})`).join(', ')}</p>
    </>
  );
}

function Clearing(props: { project: string; k: string; on: string | null; clears: Impact['clears'] }) {
  const { clears, project } = props;
  const [adding, setAdding] = useState(false);
  return (
    <>
      <p>{t(clears.cleared ? 'exposure.cleared' : 'exposure.not-cleared', { states: clears.states.map(words).join(', '), others: clears.not_states.map(words).join(', ') })}</p>
      <ul class="plain-list">
        {clears.countermeasures.map((one) => (
          <li key={one.key}>
            <KeyLink project={project} k={one.key} /> {one.title} <span class="dim">{one.why}</span>
          </li>
        ))}
      </ul>
      {!clears.cleared && may(project, 'change') && (
        <button type="button" onClick={() => setAdding(true)}>
          {t('compensate.add')}
        </button>
      )}
      {adding && <Compensate project={project} finding={props.k} on={props.on} onClose={() => setAdding(false)} />}
    </>
  );
}

function Touched({ project, impact }: { project: string; impact: Impact }) {
  return (
    <ul class="plain-list">
      {impact.scenarios.map((one) => (
        <li key={one.key}>
          <KeyLink project={project} k={one.key} /> {one.title} <span class="dim">{one.linked ? t('exposure.linked') : t('exposure.possible', { target: one.target ?? '' })}</span>
        </li>
      ))}
      {impact.functions.map((one) => (
        <li key={`${one.key} ${one.element} ${one.as}`}>
          <KeyLink project={project} k={one.key} /> {one.title} <span class="dim">{t('exposure.element', { element: one.element, as: words(one.as) })}</span>
        </li>
      ))}
    </ul>
  );
}

/** What somebody said of it, whether it is still about this impact, and another one. */
function Note({ project, impact }: { project: string; impact: Impact }) {
  const { note } = impact;
  const keep = async (value: (name: string) => string): Promise<void> => {
    await send(projectPath(project, `findings/${encodeURIComponent(impact.key)}/note`, { at: null }), { method: 'POST', json: { text: value('note') } });
    invalidate(project);
    toast(t('exposure.note-said'));
  };
  return (
    <Panel title={t('exposure.note')}>
      <p style={{ whiteSpace: 'pre-line' }}>{note === null ? t('exposure.note-none') : note.text}</p>
      {note !== null && !note.current && (
        <p>
          <Tag name="suspect" /> {t('exposure.note-changed')}
        </p>
      )}
      {may(project, 'change') && (
        <Form action={t('exposure.note-keep')} onSend={keep}>
          <Input name="note" label={t('exposure.note-text')} />
        </Form>
      )}
    </Panel>
  );
}

/** `on`: what the finding is on, where that is one thing. */
export function FindingImpact(props: { project: string; k: string; on: string | null }) {
  const { data, problem } = useRead<Impact>(projectPath(props.project, `findings/${encodeURIComponent(props.k)}/impact`));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return (
    <>
      <Panel title={t(data.confirmed ? 'exposure.broken' : 'exposure.proposed')}>
        {data.unmapped && <p>{t('exposure.unmapped')}</p>}
        <ul class="plain-list">
          {data.rows.map((row) => (
            <li key={row.ref}>
              <strong>{row.ref}</strong> {row.title} <Tag name={row.basis} /> <span class="dim">{row.reason}</span>
            </li>
          ))}
        </ul>
        {data.places.map((place) => (
          <Place key={place.key} project={props.project} place={place} />
        ))}
      </Panel>
      <Panel title={t('exposure.clears')}>
        <Clearing {...props} clears={data.clears} />
      </Panel>
      <Note project={props.project} impact={data} />
      {data.scenarios.length + data.functions.length > 0 && (
        <Panel title={t('exposure.touches')}>
          <Touched project={props.project} impact={data} />
        </Panel>
      )}
    </>
  );
}
