// Parts that the views of risks share: what is done about a risk, and risks as a table.
import type { RatedRisk } from '../api/types';
import { t, words } from '../i18n';
import { type RiskStatus, statusOf, worst } from '../model/risk';
import { KeyLink } from './basics';
import { Table, type TableColumn } from './table';
import '../i18n/en/risk';
import '../i18n/en/trace';

const STATUS_TONES: Record<RiskStatus, [tone: string, sign: string]> = {
  unknown: ['unk', '?'],
  undecided: ['bad', '▼'],
  above: ['bad', '▼'],
  planned: ['warn', '◐'],
  within: ['ok', '✓'],
  accepted: ['ok', '✓'],
  transferred: ['ok', '✓'],
  avoided: ['ok', '✓'],
};

export function RiskStatusTag(props: { status: RiskStatus }) {
  const [tone, sign] = STATUS_TONES[props.status];
  return (
    <span class={`tag ${tone}`}>
      <span aria-hidden="true">{sign}</span> {t(`risk.${props.status}`)}
    </span>
  );
}

const shown = (value: number | null): string => (value === null ? '?' : String(value));

function Worst({ risk }: { risk: RatedRisk }) {
  const one = worst(risk.categories);
  if (one === null) return <>{risk.unknown}</>;
  return (
    <>
      {words(one.category)} {t('risk.against', { risk: shown(one.risk), tolerable: shown(one.tolerable) })}
      {one.residual !== null && <span class="dim nowrap"> {t('risk.after-n', { n: one.residual })}</span>}
    </>
  );
}

export function RiskTable(props: { project: string; label: string; risks: RatedRisk[]; owners?: ReadonlyMap<string, string | null | undefined> }) {
  const { owners } = props;
  const columns: TableColumn<RatedRisk>[] = [
    {
      title: t('risk.one'),
      cell: (risk) => (
        <>
          <KeyLink project={props.project} k={risk.key} /> {risk.title}
        </>
      ),
    },
    { title: t('coverage.place'), cell: (risk) => (risk.place === null ? t('none') : <KeyLink project={props.project} k={risk.place} />) },
    { title: t('risk.worst'), cell: (risk) => <Worst risk={risk} /> },
    { title: t('risk.sl'), cell: (risk) => (risk.sl === null ? <abbr title={risk.unknown ?? ''}>?</abbr> : risk.sl) },
    { title: t('risk.status'), cell: (risk) => <RiskStatusTag status={statusOf(risk)} /> },
    ...(owners === undefined ? [] : [{ title: t('risk.owner'), cell: (risk: RatedRisk) => <span class="nowrap">{owners.get(risk.key) ?? t('none')}</span> }]),
    {
      title: t('risk.method'),
      cell: (risk) => (
        <>
          <span class="nowrap">{risk.method ?? t('none')}</span>{' '}
          {risk.newer !== null && <span class="tag warn">{t('risk.newer', { name: risk.newer })}</span>}
        </>
      ),
    },
  ];
  return <Table label={props.label} columns={columns} rows={props.risks} rowKey={(risk) => risk.key} />;
}
