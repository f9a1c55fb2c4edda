// A chain in columns: what an item comes from to its left, what follows to its right. Choosing one lights its chain.
import { useEffect, useRef, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { FullItem, Metamodel, Trace as TraceData } from '../api/types';
import { t, words } from '../i18n';
import { endName, type LinkEnd } from '../model/metamodel';
import { columnsOf, lit, missingEnds, tracedBackward } from '../model/trace';
import { setQuery, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { may } from '../state/session';
import { AddLink } from '../ui/addlink';
import { Empty, KeyLink, PageHead, type PageProps, ProblemView, Tag, Waiting } from '../ui/basics';
import { Lazy } from '../ui/lazy';
import '../i18n/en/trace';

const loadPicker = () => import('../ui/itempicker');

const isSame = (a: LinkEnd | null, b: LinkEnd): boolean => a?.type === b.type && a.outward === b.outward;

/** The links of the chain that the item has not, each to be added in place. */
function Missing(props: { project: string; k: string; model: Metamodel }) {
  const item = useRead<FullItem>(projectPath(props.project, `items/${encodeURIComponent(props.k)}`)).data;
  const [adding, setAdding] = useState<LinkEnd | null>(null);
  const row = (title: string, ends: LinkEnd[]) =>
    ends.length > 0 && (
      <p>
        <span class="dim">{title} </span>
        {ends.map((end) => (
          <button key={`${end.type.name} ${end.outward}`} type="button" class="chip" aria-pressed={isSame(adding, end)} onClick={() => setAdding(isSame(adding, end) ? null : end)}>
            + {endName(end)}
          </button>
        ))}
      </p>
    );
  if (item === null) return null;
  const { before, after } = missingEnds(item, props.model);
  return (
    <div class="trace-missing">
      {row(t('trace.missing-before'), before)}
      {row(t('trace.missing-after'), after)}
      {adding !== null && <AddLink key={`${adding.type.name} ${adding.outward}`} project={props.project} k={props.k} ends={[adding]} onDone={() => setAdding(null)} />}
    </div>
  );
}

function Columns(props: { project: string; trace: TraceData; source: string; model: Metamodel; editable: boolean }) {
  const { trace, source, model } = props;
  const backward = tracedBackward(model);
  const [chosen, setChosen] = useState(source);
  const items = new Map(trace.items.map((item) => [item.key, item]));
  const bright = lit(trace, chosen, backward);
  const middle = useRef<HTMLElement>(null);
  useEffect(() => middle.current?.scrollIntoView({ inline: 'center', block: 'nearest' }), []);
  const suspects = new Set(trace.links.filter((link) => link.suspect).flatMap((link) => [link.from, link.to]));
  return (
    <div class="trace scroll" role="region" aria-label={t('page.trace')} tabIndex={0}>
      {columnsOf(trace, source, backward).map((column) => (
        <section key={column.distance} ref={column.distance === 0 ? middle : null} class={column.distance === 0 ? 'source' : ''}>
          <h2>{column.distance === 0 ? t('trace.source') : column.distance < 0 ? t('trace.up', { n: -column.distance }) : t('trace.down', { n: column.distance })}</h2>
          <ul>
            {column.keys.map((key) => {
              const item = items.get(key);
              return (
                <li key={key} class={`trace-item${bright.has(key) ? ' lit' : ''}`}>
                  <button type="button" class="quiet" aria-pressed={key === chosen} onClick={() => setChosen(key === chosen ? source : key)}>
                    <span class="dim">{words(item?.kind ?? '')}</span>
                    <span>{item?.title}</span>
                  </button>
                  <span class="trace-foot">
                    <KeyLink project={props.project} k={key} /> <Tag name={item?.state ?? ''} />
                    {suspects.has(key) && <Tag name="suspect" />}
                  </span>
                  {props.editable && key === chosen && <Missing key={key} project={props.project} k={key} model={model} />}
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

export default function Trace({ project }: PageProps) {
  const [key] = useQuery('key');
  const [at] = useQuery('at');
  const model = useMetamodel();
  const { data, problem, loading } = useRead<TraceData>(key === '' ? null : projectPath(project, `items/${encodeURIComponent(key)}/trace`));
  return (
    <>
      <PageHead title={t('page.trace')} note={t('trace.note')} />
      <div class="toolbar">
        <Lazy load={loadPicker} with={{ project, kinds: [], label: t('trace.choose'), chosen: key, onChoose: (chosen: string) => setQuery({ key: chosen }, false) }} />
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {key === '' && <Empty title={t('trace.none')} text={t('trace.none-text')} />}
      {loading && <Waiting />}
      {data !== null && model !== null && <Columns key={key} project={project} trace={data} source={key} model={model} editable={may(project, 'write') && at === ''} />}
    </>
  );
}
