// Risks in the matrix of a method, before and after countermeasures. A cell leads to the risks that lie in it.
import { projectPath, useRead } from '../api/cache';
import type { Item, RatedRisk, RiskMethod, RiskMethodRow } from '../api/types';
import { t, words } from '../i18n';
import { cellName, place, type Placed } from '../model/risk';
import { projectAddress, setQuery, useQuery } from '../router';
import { Empty, Panel, ProblemView, Waiting } from './basics';
import { Chooser } from './chooser';
import { RiskTable } from './riskparts';
import '../i18n/en/risk';

type When = 'before' | 'after';

interface MatrixProps {
  project: string;
  when: When;
  method: RiskMethod;
  tolerable: number | null;
  placed: Placed[];
  category: string;
  methodName: string;
  chosen: string;
}

/** What of a project's risks is shown is in the address. */
interface Shown {
  category: string;
  methodName: string;
}

function Cell(props: MatrixProps & { likelihood: number; impact: number }) {
  const { method, likelihood, impact, when } = props;
  const name = cellName({ likelihood, impact });
  const rate = method.rating[likelihood - 1]?.[impact - 1] ?? null;
  const here = props.placed.filter((one) => cellName(one.rating) === name);
  const above = rate !== null && props.tolerable !== null && rate > props.tolerable;
  const tone = rate === null || props.tolerable === null ? 'unk' : above ? 'gap' : 'ok';
  const rated = `${rate ?? '?'}${above ? ' ▼' : ''}`;
  const what = { n: here.length, likelihood: method.likelihood[likelihood - 1]?.name ?? '', impact: method.impact[impact - 1] ?? '', rate: rate ?? '?' };
  if (here.length === 0)
    return (
      <td class={`matrix-cell ${tone}`}>
        <span class="dim">{rated}</span>
      </td>
    );
  return (
    <td class={`matrix-cell ${tone}`}>
      <a
        href={projectAddress(props.project, 'risks', { view: 'matrix', category: props.category, method: props.methodName, when, cell: name })}
        aria-current={props.chosen === `${when} ${name}` ? 'true' : undefined}
      >
        <strong aria-hidden="true">{here.length}</strong>{' '}
        <span aria-hidden="true" class="dim">
          {rated}
        </span>
        <span class="hidden">{t(above ? 'risk.cell-above' : 'risk.cell-within', what)}</span>
      </a>
    </td>
  );
}

function Matrix(props: MatrixProps) {
  const { method } = props;
  const outside = props.placed.filter((one) => one.rating.likelihood === null || one.rating.impact === null || method.rating[one.rating.likelihood - 1]?.[one.rating.impact - 1] === undefined);
  return (
    <>
      <div class="scroll" role="region" aria-label={t(`risk.${props.when}`)} tabIndex={0}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">{t('risk.likelihood-impact')}</th>
              {method.impact.map((name, i) => (
                <th key={name} scope="col">
                  {i + 1} {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {method.likelihood.map((_, i) => {
              const likelihood = method.likelihood.length - i;
              const row = method.likelihood[likelihood - 1]!;
              return (
                <tr key={row.name}>
                  <th scope="row" title={row.criterion}>
                    {likelihood} {row.name}
                  </th>
                  {method.impact.map((name, impact) => (
                    <Cell key={name} {...props} likelihood={likelihood} impact={impact + 1} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {outside.length > 0 && <p class="notice">{t('risk.outside', { keys: outside.map((one) => one.risk.key).join(', ') })}</p>}
    </>
  );
}

function tolerableOf(method: RiskMethod, category: string): number | null {
  if (category !== '') return method.categories[category]?.tolerable ?? null;
  const all = Object.values(method.categories).map((one) => one.tolerable);
  return all.length === 0 ? null : Math.min(...all);
}

function Matrices(props: { project: string; risks: RatedRisk[]; items: Map<string, Item>; method: RiskMethod } & Shown) {
  const { risks, items, method, category } = props;
  const [cell] = useQuery('cell');
  const [when] = useQuery('when', 'before');
  const tolerable = tolerableOf(method, category);
  const placed: Record<When, Placed[]> = { before: place(risks, items, category, false), after: place(risks, items, category, true) };
  const listed = cell === '' ? placed.before : placed[when === 'after' ? 'after' : 'before'].filter((one) => cellName(one.rating) === cell);
  const shared = { project: props.project, method, tolerable, category, methodName: props.methodName, chosen: cell === '' ? '' : `${when} ${cell}` };
  return (
    <>
      <div class="pair">
        <Panel title={t('risk.before')}>
          <Matrix {...shared} when="before" placed={placed.before} />
        </Panel>
        <Panel title={t('risk.after')}>
          <Matrix {...shared} when="after" placed={placed.after} />
        </Panel>
      </div>
      <p class="dim">{category === '' ? t('risk.matrix-worst', { n: tolerable ?? '?' }) : t('risk.matrix-category', { category: words(category), n: tolerable ?? '?' })}</p>
      <Panel
        title={cell === '' ? t('risk.listed', { n: listed.length }) : t('risk.listed-cell', { n: listed.length, cell, when: t(when === 'after' ? 'risk.after' : 'risk.before') })}
        aside={
          cell === '' ? null : (
            <button type="button" class="quiet" onClick={() => setQuery({ cell: null, when: null }, false)}>
              {t('risk.all')}
            </button>
          )
        }
      >
        <RiskTable project={props.project} label={t('page.risks')} risks={listed.map((one) => one.risk)} />
      </Panel>
    </>
  );
}

export default function RiskMatrix({ project }: { project: string }) {
  const risks = useRead<RatedRisk[]>(projectPath(project, 'risk-ratings'));
  const items = useRead<Item[]>(projectPath(project, 'items', { q: 'kind:risk', fields: 'key,attrs', limit: '10000' }));
  const methods = useRead<RiskMethodRow[]>(projectPath(project, 'risk-methods'));
  const [category] = useQuery('category');
  const used = [...new Set((risks.data ?? []).map((risk) => risk.method).filter((name) => name !== null))];
  const usual = used[0] ?? methods.data?.find((one) => one.default)?.name ?? '';
  const [methodName] = useQuery('method', usual);
  const method = useRead<{ value: RiskMethod }>(methodName === '' ? null : projectPath(project, `risk-methods/${encodeURIComponent(methodName)}`));
  const problem = risks.problem ?? items.problem ?? methods.problem ?? method.problem;

  if (problem !== null) return <ProblemView problem={problem} />;
  if (risks.data === null || items.data === null || method.data === null) return <Waiting />;
  if (risks.data.length === 0) return <Empty title={t('list.empty', { what: t('page.risks') })} text={t('list.empty-text')} />;
  const categories = Object.keys(method.data.value.categories);
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('risk.category')} name="category" all={t('risk.category-worst')} value={category} options={categories.map((one) => [one, words(one)])} />
        {used.length > 1 && <Chooser label={t('risk.method')} name="method" all={null} value={methodName} options={used.map((one) => [one, one])} />}
        <span class="dim">{t('risk.method-of', { name: methodName, title: method.data.value.title })}</span>
      </div>
      <Matrices
        project={project}
        risks={risks.data.filter((risk) => risk.method === methodName)}
        items={new Map(items.data.map((item) => [item.key, item]))}
        method={method.data.value}
        category={category}
        methodName={methodName === usual ? '' : methodName}
      />
    </>
  );
}
