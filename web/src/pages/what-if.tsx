// What a proposed change would do, without a commit: put together here, evaluated by the server as the command line has it done.
import { useEffect, useState } from 'preact/hooks';
import { projectPath } from '../api/cache';
import { send } from '../api/http';
import { type Problem, problemFrom } from '../api/problem';
import type { BalanceSide, WhatIf } from '../api/types';
import { t, words } from '../i18n';
import { changesetText, type Proposal, proposalsOf } from '../model/changeset';
import { setQuery, useQuery } from '../router';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { ItemChanges } from '../ui/fieldchanges';
import { ItemPath } from '../ui/itempath';
import { Propose } from '../ui/propose';
import { LevelChanges, StatusChanges } from '../ui/statediff';
import { Table } from '../ui/table';
import '../i18n/en/baselines';
import '../i18n/en/drawing';
import '../i18n/en/impact';
import '../i18n/en/safety';

const IMPACT_MOST = 200;

const said = (one: Proposal): string =>
  one.what === 'retire'
    ? t('whatif.retires', { key: one.key })
    : one.what === 'version'
      ? t('whatif.replaces', { key: one.key, attr: words(one.attr), version: one.version })
      : one.what === 'finding'
        ? t('whatif.finds', { key: one.key, title: one.title })
        : one.what === 'measure'
          ? t('whatif.adds', { title: one.title, key: one.key, function: one.function === '' ? '' : `: ${one.function} + ${one.latency} ms` })
          : t('whatif.unlinks', { from: one.from, type: words(one.type), to: one.to });

function Proposals(props: { proposals: Proposal[]; onDrop: (at: number) => void }) {
  return (
    <ol class="plain-list">
      {props.proposals.map((one, i) => (
        <li key={said(one)}>
          {said(one)}{' '}
          <button type="button" class="quiet" aria-label={t('whatif.drop', { what: said(one) })} onClick={() => props.onDrop(i)}>
            ×
          </button>
        </li>
      ))}
    </ol>
  );
}

function Safety(props: { project: string; answer: WhatIf }) {
  const { safety } = props.answer;
  return (
    <Panel title={t('whatif.safety', { n: safety.length })}>
      <ul class="plain-list">
        {safety.map((one) => (
          <li key={one.key}>
            <KeyLink project={props.project} k={one.key} /> {one.title} <ItemPath project={props.project} path={one.path} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The verdict on a function, what is still to be assessed, and its sums. */
function Side({ side }: { side: BalanceSide | null }) {
  if (side === null) return <>–</>;
  return (
    <>
      <Tag name={side.verdict} /> {side.open > 0 && t('safety.open', { n: side.open })}
      <div class="sum">{side.response_text}</div>
      <div class="sum">{side.probability_text}</div>
    </>
  );
}

/** Functions whose sums or verdicts become others, old over new, and the conflicts that are new. */
function Balances(props: { project: string; answer: WhatIf }) {
  const { project } = props;
  const { balances, conflicts } = props.answer;
  if (balances.length === 0 && conflicts.length === 0) return null;
  return (
    <Panel title={t('whatif.conflicts', { n: conflicts.length })}>
      <ul class="plain-list">
        {conflicts.map((one) => (
          <li key={`${one.kind} ${one.function} ${one.measure}`}>
            <Tag name={one.kind} /> <KeyLink project={project} k={one.function} /> {one.text}
          </li>
        ))}
      </ul>
      <Table
        label={t('whatif.balances')}
        rows={balances}
        rowKey={(row) => row.function}
        columns={[
          { title: t('whatif.function'), cell: (row) => <><KeyLink project={project} k={row.function} /> {row.title}</> },
          { title: t('change.old'), cell: (row) => <Side side={row.old} /> },
          { title: t('change.new'), cell: (row) => <Side side={row.new} /> },
        ]}
      />
    </Panel>
  );
}

function Rest(props: { project: string; answer: WhatIf }) {
  const { project, answer } = props;
  return (
    <>
      <Panel title={t('whatif.suspects', { n: answer.suspects.length })}>
        <ul class="plain-list">
          {answer.suspects.map((one) => (
            <li key={`${one.from}${one.type}${one.to}${one.as}${one.because}`}>
              <KeyLink project={project} k={one.from} /> {words(one.type)} <KeyLink project={project} k={one.to} /> <span class="dim">{t('whatif.because', { key: one.because })}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('whatif.unsourced', { n: answer.without_source.length })}>
        <p>
          {answer.without_source.map((key) => (
            <span key={key}>
              <KeyLink project={project} k={key} />{' '}
            </span>
          ))}
        </p>
      </Panel>
      <Panel title={t('whatif.impact', { n: answer.impact.length })}>
        {answer.impact.length > IMPACT_MOST && <p class="dim">{t('baselines.first', { n: IMPACT_MOST })}</p>}
        <ul class="plain-list">
          {answer.impact.slice(0, IMPACT_MOST).map((one) => (
            <li key={one.key}>
              {one.key} {one.title} <ItemPath project={project} path={one.path} />
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

/** Asks again whenever the changeset is another one. */
function useWhatIf(project: string, text: string): { answer: WhatIf | null; problem: Problem | null } {
  const [found, setFound] = useState<{ text: string; answer: WhatIf | null; problem: Problem | null }>({ text: '', answer: null, problem: null });
  useEffect(() => {
    if (text === '') return undefined;
    const abort = new AbortController();
    send<WhatIf>(projectPath(project, 'what-if', { at: null }), { method: 'POST', body: text, type: 'application/x-ndjson', signal: abort.signal })
      .then((answer) => setFound({ text, answer: answer.data, problem: null }))
      .catch((error: unknown) => abort.signal.aborted || setFound({ text, answer: null, problem: problemFrom(error) }));
    return () => abort.abort();
  }, [project, text]);
  return found.text === text ? found : { answer: null, problem: null };
}

function Answer(props: { project: string; text: string }) {
  const { answer, problem } = useWhatIf(props.project, props.text);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (answer === null) return <Waiting />;
  return (
    <>
      <LevelChanges places={answer.places} />
      <StatusChanges project={props.project} places={answer.places} />
      <Balances project={props.project} answer={answer} />
      <Safety project={props.project} answer={answer} />
      <Rest project={props.project} answer={answer} />
      <Panel title={t('whatif.changed', { n: answer.changed.length })}>
        <ItemChanges items={answer.changed} />
      </Panel>
    </>
  );
}

export default function WhatIfPage({ project }: PageProps) {
  const [changes] = useQuery('changes');
  const proposals = proposalsOf(changes);
  const set = (next: Proposal[]): void => setQuery({ changes: next.length === 0 ? null : JSON.stringify(next) }, false);
  return (
    <>
      <PageHead title={t('page.what-if')} note={t('whatif.note')}>
        <To project={project} path="impact" class="button">
          {t('page.impact')}
        </To>
      </PageHead>
      <Panel title={t('whatif.changes')}>
        <Proposals proposals={proposals} onDrop={(at) => set(proposals.filter((_, i) => i !== at))} />
        <Propose project={project} onPropose={(one) => set([...proposals, one])} />
      </Panel>
      {proposals.length === 0 ? <Empty title={t('whatif.none')} text={t('whatif.none-text')} /> : <Answer project={project} text={changesetText(proposals)} />}
    </>
  );
}
