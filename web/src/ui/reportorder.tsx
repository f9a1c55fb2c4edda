// What a report is to be: which, about what, of which period, as what.
import type { ComponentChildren } from 'preact';
import { projectPath, useRead } from '../api/cache';
import type { Item, ReportType } from '../api/types';
import { t } from '../i18n';
import { compareKeys } from '../model/metamodel';
import { setQuery, useQuery } from '../router';
import { namesOf } from './multiselect';
import '../i18n/en/reports';

const SCOPE_MAX = '1000';

export interface ReportOrder {
  type: string;
  format: string;
  systems: string[];
  zones: string[];
  from: string;
  to: string;
}

/** As the address has it; what the report has no use for is left out. */
export function useOrder(reports: readonly ReportType[]): { order: ReportOrder; report: ReportType | null } {
  const [type] = useQuery('type', reports[0]?.type ?? '');
  const [format] = useQuery('format', 'html');
  const [systems] = useQuery('systems');
  const [zones] = useQuery('zones');
  const [from] = useQuery('from');
  const [to] = useQuery('to');
  const report = reports.find((one) => one.type === type) ?? null;
  const period = report?.period === true;
  const order = { type, format: report?.formats.includes(format) === false ? 'html' : format, systems: namesOf(systems), zones: namesOf(zones), from: period ? from : '', to: period ? to : '' };
  return { order, report };
}

function useItems(project: string, q: string): Item[] {
  const { data } = useRead<Item[]>(projectPath(project, 'items', { q, fields: 'title', limit: SCOPE_MAX }));
  return [...(data ?? [])].sort((a, b) => compareKeys(a.key, b.key));
}

function Step(props: { number: number; title: string; children: ComponentChildren }) {
  return (
    <fieldset class="wizard-step">
      <legend>
        {props.number}. {props.title}
      </legend>
      {props.children}
    </fieldset>
  );
}

/** Boxes for items, kept in the address under `name`. */
function Scope(props: { name: 'systems' | 'zones'; title: string; items: Item[]; chosen: string[] }) {
  const { chosen, items, name } = props;
  const keep = (keys: string[]) => setQuery({ [name]: keys.join(',') || null });
  if (items.length === 0) return null;
  return (
    <details class="branch" open={chosen.length > 0}>
      <summary>
        {props.title} <span class="dim">{chosen.length === 0 ? t('reports.of-all') : chosen.join(', ')}</span>
      </summary>
      <div class="choices">
        {items.map((item) => (
          <label key={item.key} class="choice">
            <input type="checkbox" checked={chosen.includes(item.key)} onChange={(event) => keep(event.currentTarget.checked ? [...chosen, item.key] : chosen.filter((key) => key !== item.key))} />
            <span>
              {item.key} {item.title}
            </span>
          </label>
        ))}
      </div>
    </details>
  );
}

function Day(props: { name: 'from' | 'to'; label: string; value: string }) {
  return (
    <div class="field">
      <label for={`report-${props.name}`}>{props.label}</label>
      <input id={`report-${props.name}`} type="date" value={props.value} onChange={(event) => setQuery({ [props.name]: event.currentTarget.value || null })} />
    </div>
  );
}

function Which(props: { reports: ReportType[]; type: string }) {
  return (
    <div class="choices column">
      {props.reports.map((report) => (
        <label key={report.type} class="choice">
          <input type="radio" name="report" checked={report.type === props.type} onChange={() => setQuery({ type: report.type })} />
          <span>
            <strong>{report.title}</strong>
            <br />
            <span class="dim">{report.summary}</span>
          </span>
        </label>
      ))}
    </div>
  );
}

export function OrderForm(props: { project: string; reports: ReportType[]; report: ReportType | null; order: ReportOrder; children: ComponentChildren }) {
  const { order, project, report } = props;
  const systems = useItems(project, 'kind:system');
  const places = useItems(project, 'kind:zone or kind:conduit');
  const period = report?.period === true;
  return (
    <div class="wizard">
      <Step number={1} title={t('reports.which')}>
        <Which reports={props.reports} type={order.type} />
      </Step>
      <Step number={2} title={t('reports.about')}>
        <Scope name="systems" title={t('reports.systems')} items={systems} chosen={order.systems} />
        <Scope name="zones" title={t('reports.zones')} items={places} chosen={order.zones} />
      </Step>
      {period && (
        <Step number={3} title={t('reports.period')}>
          <p class="dim">{t('reports.period-usual')}</p>
          <div class="row-form three">
            <Day name="from" label={t('reports.from')} value={order.from} />
            <Day name="to" label={t('reports.to')} value={order.to} />
          </div>
        </Step>
      )}
      <Step number={period ? 4 : 3} title={t('reports.format')}>
        <div class="choices">
          {report?.formats.map((format) => (
            <label key={format} class="choice">
              <input type="radio" name="format" checked={format === order.format} onChange={() => setQuery({ format })} /> {format.toUpperCase()}
            </label>
          ))}
        </div>
      </Step>
      {props.children}
    </div>
  );
}
