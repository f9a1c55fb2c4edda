// Incidents on a board: what each affects, whether it was foreseen, and its deadlines of notification.
import { useEffect, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { Clock, Incident } from '../api/types-operation';
import { duration, t, words } from '../i18n';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { AddItem } from '../ui/additem';
import { Empty, PageHead, type PageProps, ProblemView, To, Waiting } from '../ui/basics';
import { Board, KeysLine } from '../ui/board';
import '../i18n/en/operation';

const TICK_MS = 30_000;

/** Seconds since the answer came: the server says what was left then. */
function useElapsed(answer: unknown): number {
  const [at, setAt] = useState({ from: Date.now(), now: Date.now() });
  useEffect(() => {
    setAt({ from: Date.now(), now: Date.now() });
    const timer = setInterval(() => setAt((last) => ({ ...last, now: Date.now() })), TICK_MS);
    return () => clearInterval(timer);
  }, [answer]);
  return Math.floor((at.now - at.from) / 1000);
}

function clockText(clock: Clock, elapsed: number): string {
  if (clock.state === 'waiting') return t('clock.waiting', { from: words(clock.from) });
  if (clock.left_s === null) return t(clock.state === 'late' ? 'clock.late' : 'clock.met');
  const left = clock.left_s - elapsed;
  return t(left < 0 ? 'clock.over' : 'clock.left', { time: duration(Math.abs(left)) });
}

function Clocks({ project, card, elapsed }: { project: string; card: Incident; elapsed: number }) {
  const send = async (clock: string): Promise<void> => {
    const path = `operation/incidents/${card.key}/notifications`;
    if (await change(project, path, { method: 'POST', json: { clock } })) toast(t('clock.sent-toast', { clock, key: card.key }));
  };
  return (
    <ul class="clocks">
      {card.clocks.map((clock) => (
        <li key={clock.clock} class={clock.left_s !== null && clock.left_s < elapsed ? 'overdue' : ''}>
          {clock.regime}, {clock.title}: {clockText(clock, elapsed)}{' '}
          {clock.left_s !== null && may(project, 'write') && (
            <button type="button" aria-label={`${t('clock.sent')}: ${clock.clock}`} onClick={() => void send(clock.clock)}>
              {t('clock.sent')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Foreseen({ project, card }: { project: string; card: Incident }) {
  const before = card.scenarios.filter((one) => one.before).map((one) => ({ ...one, kind: 'threat', state: '' }));
  if (card.foreseen === false) return <p class="card-line">{t('incident.not-foreseen')}</p>;
  if (card.foreseen === true) return <KeysLine project={project} text={t('incident.foreseen', { list: '' })} items={before} />;
  return <KeysLine project={project} text={t('incident.unjudged', { list: '' })} items={card.candidates} />;
}

function Details({ project, card, elapsed }: { project: string; card: Incident; elapsed: number }) {
  return (
    <>
      {card.severity !== null && <p class="card-line">{words(card.severity)}</p>}
      <KeysLine project={project} text={t('incident.affects', { list: '' })} items={card.assets} />
      <KeysLine project={project} text={t('incident.failed', { list: '' })} items={card.failed} />
      <Foreseen project={project} card={card} />
      <KeysLine project={project} text={t('board.actions', { list: '' })} items={card.actions} />
      <KeysLine project={project} text={t('incident.lessons', { list: '' })} items={card.lessons} />
      <Clocks project={project} card={card} elapsed={elapsed} />
    </>
  );
}

export default function Incidents({ project }: PageProps) {
  const { data, problem, loading } = useRead<Incident[]>(projectPath(project, 'operation/incidents'));
  const [adding, setAdding] = useState(false);
  const elapsed = useElapsed(data);
  const kind = useMetamodel()?.kinds.find((one) => one.name === 'incident');
  return (
    <>
      <PageHead title={t('page.incidents')} note={t('incident.note')}>
        <To project={project} path="items" query={{ q: 'kind:incident' }}>
          {t('board.table')}
        </To>
        {may(project, 'write') && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            {t('incident.add')}
          </button>
        )}
      </PageHead>
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('incident.none')} text={t('incident.none-text')} />}
      {data !== null && data.length > 0 && (
        <Board project={project} kind="incident" cards={data}>
          {(card) => <Details project={project} card={card} elapsed={elapsed} />}
        </Board>
      )}
      {adding && kind !== undefined && <AddItem project={project} kinds={[kind]} onClose={() => setAdding(false)} />}
    </>
  );
}
