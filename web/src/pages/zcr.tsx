// The work of 62443-3-2, step by step and row by row: how far it is, what is missing, and where that is entered.
import { projectPath, useRead } from '../api/cache';
import type { ZcrRow, ZcrStatus } from '../api/types';
import { type MessageKey, t, words } from '../i18n';
import { countZcr, entryOf, stepsOf, ZCR_STATUSES } from '../model/zcr';
import { projectAddress, useQuery } from '../router';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import '../i18n/en/item';
import '../i18n/en/trace';
import '../i18n/en/zcr';

const MISSING_SHOWN = 5;
/** An address has room for so many keys. */
const LISTED_MOST = 60;

const TONES: Record<ZcrStatus, [tone: string, sign: string]> = { met: ['ok', '✓'], partly: ['warn', '◐'], missing: ['bad', '▼'], skipped: ['bad', '»'] };

function StatusTag({ status }: { status: ZcrStatus }) {
  const [tone, sign] = TONES[status];
  return (
    <span class={`tag ${tone}`}>
      <span aria-hidden="true">{sign}</span> {t(`zcr.${status}`)}
    </span>
  );
}

function Missing(props: { project: string; missing: ZcrRow['missing'] }) {
  return (
    <ul class="causes">
      {props.missing.map((one) => {
        const { path, query } = entryOf(one.item, one.field);
        return (
          <li key={one.text}>
            {one.item !== null && <KeyLink project={props.project} k={one.item} />} {one.text}{' '}
            <a href={projectAddress(props.project, path, query)} class="nowrap">
              {t('zcr.enter')}
              {one.field !== null && <>: {words(one.field)}</>}
              <span class="hidden"> {one.item}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Row(props: { project: string; row: ZcrRow }) {
  const { row, project } = props;
  const rest = row.missing.slice(MISSING_SHOWN);
  const q = row.items.map((key) => `key:${key}`).join(' or ');
  return (
    <li class="zcr-row">
      <div class="zcr-head">
        <strong class="nowrap">{row.id}</strong> <span class="zcr-title">{row.title}</span>
        <StatusTag status={row.status} />
      </div>
      <p>
        {row.text}
        {row.items.length > 0 && row.items.length <= LISTED_MOST && (
          <>
            {' '}
            <a href={projectAddress(project, 'items', { q })}>
              {t('zcr.items', { n: row.items.length })}
              <span class="hidden"> {row.id}</span>
            </a>
          </>
        )}
      </p>
      <Missing project={project} missing={row.missing.slice(0, MISSING_SHOWN)} />
      {rest.length > 0 && (
        <details>
          <summary>{t('item.links-all', { n: row.missing.length })}</summary>
          <Missing project={project} missing={rest} />
        </details>
      )}
    </li>
  );
}

export default function Zcr({ project }: PageProps) {
  const { data, problem } = useRead<ZcrRow[]>(projectPath(project, 'zcr'));
  const [status] = useQuery('status');
  const steps = stepsOf((data ?? []).filter((row) => status === '' || row.status === status));
  return (
    <>
      <PageHead title={t('page.zcr')} note={t('zcr.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && (
        <div class="toolbar">
          <Chooser label={t('coverage.status')} name="status" value={status} options={ZCR_STATUSES.map((one) => [one, t(`zcr.${one}`)])} />
          <span>{t('zcr.count', countZcr(data))}</span>
        </div>
      )}
      {data !== null && steps.length === 0 && <Empty title={t('zcr.none')} text={t('zcr.none-text')} />}
      {steps.map(({ step, rows }) => (
        <Panel key={step} title={t(`zcr.step${step}` as MessageKey)} aside={<span class="dim">{t('zcr.count', countZcr(rows))}</span>}>
          <ol class="plain-list">
            {rows.map((row) => (
              <Row key={row.id} project={project} row={row} />
            ))}
          </ol>
        </Panel>
      ))}
    </>
  );
}
