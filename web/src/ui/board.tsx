// A board: items in columns by the states of their kind. A card is moved by its menu (or keys), or dragged to a column; which moves there
// are is the server's word. A card that was moved by keys keeps the focus in its new column.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { Moves } from '../api/types';
import type { LinkedItem, WorkCard } from '../api/types-operation';
import { date, t, words } from '../i18n';
import { boardStates, type KindWorkflow } from '../model/workflow';
import { may } from '../state/session';
import { KeyLink, ProblemView, Ticket, Waiting } from './basics';
import { Menu } from './menu';
import { moveItem, MoveList, movesPath } from './movelist';
import '../i18n/en/operation';
import '../styles/board.css';

const DRAGGED = 'application/x-zonewright-item';

/** A line of a card, left out when it names nothing. */
export function KeysLine(props: { project: string; text: string; items: readonly LinkedItem[] }) {
  if (props.items.length === 0) return null;
  return (
    <p class="card-line">
      {props.text}{' '}
      {props.items.map((one, i) => [i === 0 ? '' : ', ', <KeyLink key={one.key} project={props.project} k={one.key} title={one.title} />])}
    </p>
  );
}

/** The key of the card that was moved last by its menu. */
type Moved = { current: string | null };

function CardMoves(props: { project: string; card: WorkCard; close: () => void }) {
  const { data, problem } = useRead<Moves>(movesPath(props.project, props.card.key));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return <MoveList project={props.project} item={props.card} moves={data} close={props.close} />;
}

function Card<C extends WorkCard>(props: { project: string; card: C; moved: Moved; children: ComponentChildren }) {
  const { project, card, moved } = props;
  const element = useRef<HTMLLIElement>(null);
  const editable = may(project, 'change');

  // another column is another element: the focus went with the old one, unless the person has put it elsewhere since
  useEffect(() => {
    if (moved.current !== card.key) return;
    moved.current = null;
    if (document.activeElement === document.body) element.current?.querySelector<HTMLElement>('.card-head button')?.focus();
  }, []);
  const move = (close: () => void) => (): void => {
    moved.current = card.key;
    close();
  };
  return (
    <li
      ref={element}
      class={`card ${card.overdue || card.problems.length > 0 ? 'warned' : ''}`}
      draggable={editable}
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, JSON.stringify({ key: card.key, rev: card.rev }))}
    >
      <div class="card-head">
        <KeyLink project={project} k={card.key} />
        {editable && (
          <Menu name={t('board.move', { key: card.key, state: words(card.state) })} label="⋯">
            {(close) => <CardMoves project={project} card={card} close={move(close)} />}
          </Menu>
        )}
      </div>
      <p class="card-title">{card.title}</p>
      <p class="card-line dim">
        {card.owner}
        {card.due !== null && ` · ${t(card.overdue ? 'board.late' : 'board.due', { date: date(card.due) })}`}
      </p>
      {props.children}
      {(card.n_requirements > 0 || card.n_risks > 0) && (
        <p class="card-line dim">{t('board.touches', { requirements: card.n_requirements, risks: card.n_risks })}</p>
      )}
      {card.touches_safety && <p class="card-line">⚠ {t('board.safety')}</p>}
      {card.ticket !== null && (
        <p class="card-line">
          <Ticket ticket={card.ticket} state={card.ticket_state} />
        </p>
      )}
      {card.problems.map((one) => (
        <p key={one} class="card-line bad">
          ! {one}
        </p>
      ))}
    </li>
  );
}

interface ColumnProps<C> {
  project: string;
  state: string;
  cards: C[];
  moved: Moved;
  children: (card: C) => ComponentChildren;
}

function Column<C extends WorkCard>(props: ColumnProps<C>) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    const what = event.dataTransfer?.getData(DRAGGED);
    setOver(false);
    if (!what) return;
    event.preventDefault();
    void moveItem(props.project, JSON.parse(what) as { key: string; rev: number }, props.state);
  };
  return (
    <section
      class={`column ${over ? 'over' : ''} ${props.cards.length === 0 ? 'bare' : ''}`}
      aria-label={words(props.state)}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h2>
        {words(props.state)} <span class="dim">{props.cards.length}</span>
      </h2>
      <ul>
        {props.cards.map((card) => (
          <Card key={card.key} project={props.project} card={card} moved={props.moved}>
            {props.children(card)}
          </Card>
        ))}
      </ul>
    </section>
  );
}

export function Board<C extends WorkCard>(props: { project: string; kind: string; cards: C[]; children: (card: C) => ComponentChildren }) {
  const { data, problem } = useRead<KindWorkflow>(projectPath(props.project, `workflows/${props.kind}`));
  const moved: Moved = useRef(null);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  return (
    <div class="board" role="region" aria-label={t('board.label')} tabIndex={0}>
      {boardStates(data, props.cards.map((card) => card.state)).map((state) => (
        <Column key={state} project={props.project} state={state} moved={moved} cards={props.cards.filter((card) => card.state === state)}>
          {props.children}
        </Column>
      ))}
    </div>
  );
}
