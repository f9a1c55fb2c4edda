// SL-T of every place as its risks give it, beside what is stated: witnesses, arithmetic, and what to do where they differ.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { Derivation, PlaceLevels, RatedRisk, RiskMethodRow, Vector } from '../api/types';
import { t, words } from '../i18n';
import { projectAddress, setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { type FrName, frNames } from '../state/names';
import { may } from '../state/session';
import { KeyLink, Panel, ProblemView, To, Waiting } from './basics';
import { Chooser } from './chooser';
import { Dialog } from './dialog';
import { Override } from './override';
import { Table, type TableColumn } from './table';
import '../i18n/en/item';
import '../i18n/en/risk';
import '../i18n/en/trace';

const STATES: Record<Derivation['state'], [tone: string, sign: string]> = {
  not_derived: ['unk', '?'],
  missing: ['bad', '▼'],
  under_review: ['warn', '◐'],
  draft: ['warn', '◐'],
  accepted: ['ok', '✓'],
};

function StateTag(props: { state: Derivation['state'] }) {
  const [tone, sign] = STATES[props.state];
  return (
    <span class={`tag ${tone}`}>
      <span aria-hidden="true">{sign}</span> {t(`target.${props.state}`)}
    </span>
  );
}

const entry = (level: number | null | undefined): string => (level === null || level === undefined ? '?' : String(level));
const vectorText = (vector: Vector): string => vector.map(entry).join(' ');
/** A stated 0 that nothing derives is no difference: both demand nothing. */
const differs = (stated: number | null | undefined, derived: number | null | undefined): boolean => (stated ?? 0) !== (derived ?? 0);

function Places(props: { project: string; places: PlaceLevels[]; chosen: string }) {
  const columns: TableColumn<PlaceLevels>[] = [
    {
      title: t('coverage.place'),
      cell: (place) => (
        <a href={projectAddress(props.project, 'risks', { view: 'targets', place: place.place })} aria-current={place.place === props.chosen ? 'true' : undefined}>
          <span class="key">{place.place}</span> {place.title}
        </a>
      ),
    },
    { title: t('target.stated'), cell: (place) => <code>{vectorText(place.derivation.stated)}</code> },
    { title: t('target.derived'), cell: (place) => <code>{vectorText(place.derivation.derived)}</code> },
    { title: t('item.state'), cell: (place) => <StateTag state={place.derivation.state} /> },
    { title: t('risk.method'), cell: (place) => place.derivation.methods.join(', ') },
  ];
  return <Table label={t('target.places')} columns={columns} rows={props.places} rowKey={(place) => place.place} />;
}

function Entries(props: { project: string; derivation: Derivation; names: FrName[] }) {
  const { derivation } = props;
  const columns: TableColumn<FrName>[] = [
    { title: t('coverage.fr'), cell: (row) => `${row.name} ${row.title}` },
    {
      title: t('target.stated'),
      cell: (row) => (
        <>
          <strong>{entry(derivation.stated[row.fr - 1])}</strong> <span class="dim">{words(derivation.stated_basis[row.fr - 1] ?? '')}</span>
        </>
      ),
    },
    {
      title: t('target.derived'),
      cell: (row) => (
        <>
          <strong>{entry(derivation.derived[row.fr - 1])}</strong> <span class="dim">{words(derivation.basis[row.fr - 1] ?? '')}</span>{' '}
          {differs(derivation.stated[row.fr - 1], derivation.derived[row.fr - 1]) && (
            <span class="tag warn">
              <span aria-hidden="true">◐</span> {t('target.differs')}
            </span>
          )}
        </>
      ),
    },
    { title: t('target.witnesses'), cell: (row) => <span class="keys-of">{(derivation.witnesses[row.fr - 1] ?? []).map((key) => [<KeyLink key={key} project={props.project} k={key} />, ' '])}</span> },
  ];
  return <Table label={t('target.entries')} columns={columns} rows={props.names} rowKey={(row) => row.name} />;
}

interface Step {
  risk: RatedRisk;
  at: number;
}

/** One line for each category of each risk: what goes in, what the method makes of it. */
function Arithmetic(props: { project: string; risks: RatedRisk[]; methods: RiskMethodRow[]; names: FrName[] }) {
  const steps: Step[] = props.risks.flatMap((risk) => risk.categories.map((_, at) => ({ risk, at })));
  const byFactor = (risk: RatedRisk): boolean => props.methods.find((one) => one.name === risk.method)?.by === 'risk_reduction';
  const one = (step: Step) => step.risk.categories[step.at]!;
  const share = (step: Step): string => {
    const { risk, tolerable } = one(step);
    if (risk === null || tolerable === null || !byFactor(step.risk)) return '';
    return tolerable === 0 ? `${risk} / 0` : `${risk} / ${tolerable} = ${(risk / tolerable).toFixed(2)}`;
  };
  const columns: TableColumn<Step>[] = [
    {
      title: t('risk.one'),
      cell: (step) =>
        step.at > 0 ? null : (
          <>
            <KeyLink project={props.project} k={step.risk.key} /> {step.risk.title}
          </>
        ),
    },
    { title: t('target.frs'), cell: (step) => (step.at > 0 ? null : step.risk.frs.map((fr) => props.names[fr - 1]?.name ?? fr).join(' ')) },
    { title: t('risk.category'), cell: (step) => words(one(step).category) },
    { title: t('target.rating'), cell: (step) => t('target.rating-of', { likelihood: entry(step.risk.likelihood), impact: one(step).impact, risk: entry(one(step).risk) }) },
    { title: t('risk.tolerable'), cell: (step) => entry(one(step).tolerable) },
    { title: t('target.crrf'), cell: share },
    { title: t('risk.sl'), cell: (step) => entry(one(step).sl) },
    { title: t('target.sl-risk'), cell: (step) => (step.at > 0 ? null : <strong title={step.risk.unknown ?? undefined}>{entry(step.risk.sl)}</strong>) },
    { title: t('risk.method'), cell: (step) => (step.at > 0 ? null : <span class="nowrap">{step.risk.method ?? t('none')}</span>) },
  ];
  return <Table label={t('target.arithmetic')} columns={columns} rows={steps} rowKey={(step) => `${step.risk.key} ${step.at}`} />;
}

function Accept(props: { project: string; place: string; derivation: Derivation; onClose: () => void }) {
  const [message, setMessage] = useState('');
  const { derivation } = props;
  const accept = async (event: Event): Promise<void> => {
    event.preventDefault();
    const done = await change(props.project, 'risk-derivations', { method: 'POST', json: { zone: props.place } }, { message: message.trim() });
    if (done) props.onClose();
  };
  return (
    <Dialog title={t('target.accept-title', { place: props.place })} onClose={props.onClose}>
      <p>{t('target.accept-text', { stated: vectorText(derivation.stated), derived: vectorText(derivation.derived) })}</p>
      <form onSubmit={(event) => void accept(event)}>
        <div class="field">
          <label for="accept-why">{t('bulk.message')}</label>
          <input id="accept-why" value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
        </div>
        <div class="actions">
          <button type="submit" class="primary">
            {t('target.accept')}
          </button>
          <button type="button" onClick={props.onClose}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Actions(props: { project: string; place: string; derivation: Derivation; names: FrName[] }) {
  const { project, place, derivation } = props;
  const [at] = useQuery('at');
  const [dialog, setDialog] = useState<'accept' | 'override' | null>(null);
  const editable = may(project, 'change') && at === '';
  const close = (): void => setDialog(null);
  return (
    <div class="actions">
      {editable && (derivation.state === 'missing' || derivation.state === 'under_review') && (
        <button type="button" class="primary" onClick={() => setDialog('accept')}>
          {t('target.accept')}
        </button>
      )}
      {editable && derivation.target !== null && (
        <button type="button" onClick={() => setDialog('override')}>
          {t('target.override')}
        </button>
      )}
      {derivation.target !== null && (
        <To project={project} path={`items/${encodeURIComponent(derivation.target)}`} class="button">
          {t('target.open', { key: derivation.target })}
        </To>
      )}
      {dialog === 'accept' && <Accept project={project} place={place} derivation={derivation} onClose={close} />}
      {dialog === 'override' && derivation.target !== null && <Override project={project} target={derivation.target} derivation={derivation} names={props.names} onClose={close} />}
    </div>
  );
}

function OnePlace(props: { project: string; place: PlaceLevels; names: FrName[] }) {
  const { project, place, names } = props;
  const { derivation } = place;
  const risks = useRead<RatedRisk[]>(projectPath(project, 'risk-ratings', { zone: place.place }));
  const methods = useRead<RiskMethodRow[]>(projectPath(project, 'risk-methods'));
  const problem = risks.problem ?? methods.problem;
  return (
    <>
      <Panel title={t('target.of', { place: place.place, title: place.title })} aside={<StateTag state={derivation.state} />}>
        <p class="dim">{t('target.formula')}</p>
        {derivation.review.length > 0 && (
          <div class="notice spaced">
            <strong>{t('target.review')}</strong>
            <ul class="causes">
              {derivation.review.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </div>
        )}
        {derivation.unknown.map((one) => (
          <p key={one.risk} class="notice spaced">
            <KeyLink project={project} k={one.risk} /> {t('target.unknown', { reason: one.reason })}
          </p>
        ))}
        <Entries project={project} derivation={derivation} names={names} />
        <Actions key={place.place} project={project} place={place.place} derivation={derivation} names={names} />
      </Panel>
      <Panel title={t('target.arithmetic')}>
        {problem !== null && <ProblemView problem={problem} />}
        {risks.data === null ? <Waiting /> : risks.data.length === 0 ? <p>{t('target.no-risks')}</p> : <Arithmetic project={project} risks={risks.data} methods={methods.data ?? []} names={names} />}
        {derivation.arithmetic !== '' && <p class="spaced">{derivation.arithmetic}</p>}
      </Panel>
    </>
  );
}

export default function Targets({ project }: { project: string }) {
  const { data, problem } = useRead<PlaceLevels[]>(projectPath(project, 'sl'));
  const names = frNames(useMetamodel());
  const [chosen] = useQuery('place');
  const [state] = useQuery('state');

  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  const place = data.find((one) => one.place === chosen);
  const states = [...new Set(data.map((one) => one.derivation.state))];
  return (
    <>
      {place !== undefined && (
        <>
          <div class="toolbar">
            <button type="button" onClick={() => setQuery({ place: null }, false)}>
              {t('target.all-places')}
            </button>
          </div>
          <OnePlace project={project} place={place} names={names} />
        </>
      )}
      {place === undefined && (
        <>
          <div class="toolbar">
            <Chooser label={t('item.state')} name="state" value={state} options={states.map((one) => [one, t(`target.${one}`)])} />
          </div>
          <Panel title={t('target.places')}>
            <Places project={project} places={data.filter((one) => state === '' || one.derivation.state === state)} chosen={chosen} />
          </Panel>
        </>
      )}
    </>
  );
}
