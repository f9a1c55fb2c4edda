// The cheapest way to SL-T: what every place gains per FR, the steps in order with what each closes, gains and touches, and making
// changes of them.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { Plan, PlanNeed, PlanPlace, PlanStep } from '../api/types-plan';
import { t, words } from '../i18n';
import { entryOf, needGroups, type Reached, stepName, stepsOf } from '../model/plan';
import { setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { type FrName, frNames } from '../state/names';
import { may } from '../state/session';
import { Empty, KeyLink, Keys, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { FeedsNote } from '../ui/feedsknown';
import { Settle } from '../ui/settle';
import { Table } from '../ui/table';
import '../i18n/en/plan';

const STEPS_SHOWN = 50;
const CELLS: Record<Reached, [tone: string, sign: string]> = { reached: ['ok', '✓'], short: ['gap', '▼'], unknown: ['unk', ''], none: ['na', ''] };

function Entry(props: { place: PlanPlace; at: number }) {
  const { place, at } = props;
  const { text, reached } = entryOf(place.target[at] ?? null, place.before[at] ?? null, place.after[at] ?? null);
  const [tone, sign] = CELLS[reached];
  return (
    <span class={`cell ${tone} nowrap`}>
      {text} {sign}
      <span class="hidden"> {t(`plan.entry.${reached}`)}</span>
    </span>
  );
}

function Places(props: { project: string; places: PlanPlace[]; names: FrName[] }) {
  return (
    <>
      <p class="dim">{t('plan.key')}</p>
      <Table
        label={t('plan.places')}
        rows={props.places}
        rowKey={(place) => place.place}
        columns={[
          {
            title: t('plan.place'),
            cell: (place) => (
              <>
                <KeyLink project={props.project} k={place.place} /> {place.title}
              </>
            ),
          },
          ...props.names.map((name) => ({ title: name.name, cell: (place: PlanPlace) => <Entry place={place} at={name.fr - 1} /> })),
        ]}
      />
    </>
  );
}

function Needs(props: { project: string; label: string; needs: PlanNeed[] }) {
  return (
    <Table
      label={props.label}
      rows={needGroups(props.needs)}
      rowKey={(group) => `${group.place} ${group.need}`}
      columns={[
        { title: t('plan.place'), cell: (group) => <KeyLink project={props.project} k={group.place} /> },
        { title: t('plan.need'), cell: (group) => words(group.need) },
        { title: t('plan.row'), cell: (group) => group.refs.join(', ') },
        { title: t('plan.on'), cell: (group) => <Keys project={props.project} keys={group.members} /> },
      ]}
    />
  );
}

function StepBody({ project, step }: { project: string; step: PlanStep }) {
  const gains = step.gains.filter((gain) => gain.rows > 0);
  return (
    <dl class="attrs">
      <dt>{t('plan.gains')}</dt>
      <dd>
        {gains.length === 0 && t('plan.no-gain')}
        <ul class="causes">
          {gains.map((gain) => (
            <li key={`${gain.place} ${gain.fr}`}>{t('plan.gain', { ...gain })}</li>
          ))}
        </ul>
      </dd>
      <dt>{t('plan.touches')}</dt>
      <dd>{step.touches.length === 0 ? '–' : <Keys project={project} keys={step.touches} />}</dd>
      <dt>{t('plan.safety')}</dt>
      <dd>{step.safety_functions.length === 0 ? '–' : <Keys project={project} keys={step.safety_functions} />}</dd>
      <dt>{t('plan.alternatives')}</dt>
      <dd>
        {step.alternatives.length === 0 && '–'}
        <ul class="causes">
          {step.alternatives.map((other) => (
            <li key={`${other.action} ${other.item} ${other.ref}`}>
              {other.text} <span class="dim">{words(other.cost_class)}</span>
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}

function Step(props: { project: string; step: PlanStep; number: number; chosen: boolean; onChosen: ((chosen: boolean) => void) | null }) {
  const { project, step, number } = props;
  const [open, setOpen] = useState(false); // the tables of hundreds of closed steps are not made
  return (
    <li class="plan-step">
      {props.onChosen !== null && <input type="checkbox" aria-label={t('plan.choose', { n: number })} checked={props.chosen} onChange={(event) => props.onChosen!(event.currentTarget.checked)} />}
      <details class="branch" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="branch-title">
            {number}. {step.text}
          </span>
          <span class="dim">
            {words(step.cost_class)} · {t('plan.closes', { n: step.closes.length })}
          </span>
          {step.safety_functions.length > 0 && <Tag name="safety" />}
        </summary>
        {open && (
          <div class="branch-body">
            <StepBody project={project} step={step} />
            <h3>{t('plan.closes-what')}</h3>
            <Needs project={project} label={t('plan.closes', { n: step.closes.length })} needs={step.closes} />
          </div>
        )}
      </details>
    </li>
  );
}

function Steps({ project, plan }: { project: string; plan: Plan }) {
  const [action] = useQuery('action');
  const [safety] = useQuery('safety');
  const [all] = useQuery('all');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [making, setMaking] = useState<PlanStep[] | null>(null);
  const fitting = stepsOf(plan.steps, action, safety === 'true');
  const shown = all === 'true' ? fitting : fitting.slice(0, STEPS_SHOWN);
  const picked = fitting.filter((step) => chosen.has(stepName(step)));
  const taken = picked.length > 0 ? picked : fitting;
  const mark = (name: string, on: boolean) => setChosen(new Set(on ? [...chosen, name] : [...chosen].filter((other) => other !== name)));
  return (
    <Panel title={t('plan.steps', { n: plan.steps.length, cost: plan.cost, needs: plan.needs })}>
      <div class="toolbar">
        <Chooser label={t('plan.action')} name="action" all={t('plan.any')} value={action} options={[...new Set(plan.steps.map((step) => step.action))].map((name) => [name, words(name)])} />
        <label class="inline">
          <input type="checkbox" checked={safety === 'true'} onChange={(event) => setQuery({ safety: event.currentTarget.checked ? 'true' : null })} /> {t('plan.safety-only')}
        </label>
        {may(project, 'change') && taken.length > 0 && (
          <button type="button" class="primary" onClick={() => setMaking(taken)}>
            {t('plan.make', { n: taken.length })}
          </button>
        )}
      </div>
      {fitting.length === 0 && <Empty title={t('plan.no-steps')} text={t('plan.no-steps-text')} />}
      <ol class="plain-list">
        {shown.map((step) => (
          <Step
            key={stepName(step)}
            project={project}
            step={step}
            number={plan.steps.indexOf(step) + 1}
            chosen={chosen.has(stepName(step))}
            onChosen={may(project, 'change') ? (on) => mark(stepName(step), on) : null}
          />
        ))}
      </ol>
      {shown.length < fitting.length && (
        <button type="button" onClick={() => setQuery({ all: 'true' })}>
          {t('plan.more', { n: fitting.length - shown.length })}
        </button>
      )}
      {making !== null && (
        <Settle
          project={project}
          action={{ name: 'create', title: t('plan.make', { n: making.length }), ops: making.flatMap((step) => step.ops) }}
          onClose={() => {
            setMaking(null);
            setChosen(new Set());
          }}
        />
      )}
    </Panel>
  );
}

function Answer({ project, plan, zone }: { project: string; plan: Plan; zone: string }) {
  const names = frNames(useMetamodel());
  return (
    <>
      <FeedsNote project={project} feeds={plan.feeds} />
      {plan.steps.length === 0 && <Empty title={t('plan.none')} text={t('plan.none-text')} />}
      <Panel
        title={t('plan.places')}
        aside={
          <a data-plain href={projectPath(project, 'plan', { zone })} download="plan.json">
            {t('plan.export')}
          </a>
        }
      >
        <Places project={project} places={plan.places} names={names} />
        <details class="branch">
          <summary>{t('plan.how')}</summary>
          <p>{t('plan.how-text', { costs: plan.costs })}</p>
        </details>
      </Panel>
      {plan.steps.length > 0 && <Steps project={project} plan={plan} />}
      {plan.unmet.length > 0 && (
        <Panel title={t('plan.unmet', { n: plan.unmet.length })}>
          <p>{t('plan.unmet-text')}</p>
          <Needs project={project} label={t('plan.unmet', { n: plan.unmet.length })} needs={plan.unmet} />
        </Panel>
      )}
    </>
  );
}

export default function PlanPage({ project }: PageProps) {
  const [zone] = useQuery('zone');
  // which places there are to choose from is said by the plan of all
  const whole = useRead<Plan>(projectPath(project, 'plan'));
  const { data, problem, loading } = useRead<Plan>(projectPath(project, 'plan', { zone }));
  const places = (whole.data ?? data)?.places ?? [];
  return (
    <>
      <PageHead title={t('page.plan')} note={t('plan.note')} />
      <div class="toolbar">
        <Chooser label={t('plan.place')} name="zone" value={zone} options={places.map((place) => [place.place, `${place.place} ${place.title}`])} />
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data !== null && <Answer project={project} plan={data} zone={zone} />}
    </>
  );
}
