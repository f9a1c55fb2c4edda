// As built against as drawn: what inventories saw and the case does not have, or has otherwise, with what can be done about it.
import { useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import type { Difference, DifferenceAction, Differences } from '../api/types';
import { t } from '../i18n';
import { setQuery, useQuery } from '../router';
import { may } from '../state/session';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { Settle } from '../ui/settle';
import '../i18n/en/inventory';

const KINDS: Difference['kind'][] = ['not_drawn', 'not_seen', 'elsewhere', 'version', 'port'];

function Row(props: { project: string; row: Difference; onAction: (action: DifferenceAction) => void }) {
  const { project, row } = props;
  const keys = [...new Set([row.drawn, row.seen, row.place, row.there])].filter((key) => key !== null);
  return (
    <li>
      {row.message} <span class="keys-of">{keys.map((key) => [<KeyLink key={key} project={project} k={key} />, ' '])}</span>
      {row.accepted !== null && <p class="dim">{t('inventory.accepted', { reason: row.accepted })}</p>}
      {may(project, 'change') && row.actions.length > 0 && (
        <p class="actions">
          {row.actions.map((action) => (
            <button key={action.name} type="button" title={action.title} onClick={() => props.onAction(action)}>
              {t(`inventory.${action.name}`)}
              <span class="hidden"> {row.id}</span>
            </button>
          ))}
        </p>
      )}
    </li>
  );
}

export default function Inventory({ project }: PageProps) {
  const [accepted] = useQuery('accepted');
  const [action, setAction] = useState<DifferenceAction | null>(null);
  const { data, problem, loading } = useRead<Differences>(projectPath(project, 'inventory/differences', { accepted }));
  return (
    <>
      <PageHead title={t('page.inventory')} note={t('inventory.note')} />
      <label class="inline">
        <input type="checkbox" checked={accepted === 'true'} onChange={(event) => setQuery({ accepted: event.currentTarget.checked ? 'true' : null })} /> {t('inventory.show-accepted')}
      </label>
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.seen === 0 && <Empty title={t('inventory.unknown')} text={t('inventory.unknown-text')} />}
      {data !== null && data.seen > 0 && data.differences.length === 0 && <Empty title={t('inventory.none')} text={t('inventory.none-text')} />}
      {KINDS.map((kind) => [kind, (data?.differences ?? []).filter((row) => row.kind === kind)] as const)
        .filter(([, rows]) => rows.length > 0)
        .map(([kind, rows]) => (
          <Panel key={kind} title={`${t(`inventory.${kind}`)} (${rows.length})`}>
            <ul class="plain-list">
              {rows.map((row) => (
                <Row key={row.id} project={project} row={row} onAction={setAction} />
              ))}
            </ul>
          </Panel>
        ))}
      {action !== null && <Settle project={project} action={action} onClose={() => setAction(null)} />}
    </>
  );
}
