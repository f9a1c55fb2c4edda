// What differs between two states of a project, as tables: levels, statuses of rows, coverage.
import type { ComparedPlace } from '../api/types';
import { number, t, words } from '../i18n';
import { levelRows, statusRows } from '../model/places';
import { KeyLink, Panel, Tag } from './basics';
import { Table } from './table';
import '../i18n/en/baselines';
import '../i18n/en/drawing';
import '../i18n/en/impact';

const level = (value: number | null): string => (value === null ? '?' : String(value));

export function LevelChanges(props: { places: readonly ComparedPlace[] }) {
  const rows = levelRows(props.places);
  const drops = rows.filter((row) => row.drops).length;
  const others = rows.length - drops;
  return (
    <Panel title={others === 0 ? t('whatif.levels', { n: drops }) : t('whatif.levels-both', { drops, others })}>
      {rows.length === 0 ? (
        <p>{t('whatif.no-levels')}</p>
      ) : (
        <Table
          label={t('whatif.levels', { n: rows.length })}
          rows={rows}
          rowKey={(row) => `${row.place}${row.vector}${row.fr}`}
          columns={[
            { title: t('whatif.place'), cell: (row) => `${row.place} ${row.title}` },
            { title: t('whatif.vector'), cell: (row) => words(row.vector) },
            { title: 'FR', cell: (row) => String(row.fr) },
            {
              title: t('whatif.level'),
              cell: (row) => (
                <span class={row.drops ? 'bad' : ''}>
                  {row.drops ? '▼ ' : ''}
                  {level(row.old)} → {level(row.new)}
                </span>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

export function StatusChanges(props: { project: string; places: readonly ComparedPlace[] }) {
  const rows = statusRows(props.places);
  return (
    <Panel title={t('whatif.rows', { n: rows.length })}>
      {rows.length > 0 && (
        <Table
          label={t('whatif.rows', { n: rows.length })}
          rows={rows}
          rowKey={(row) => `${row.place}${row.ref}`}
          columns={[
            { title: t('whatif.requirement'), cell: (row) => (row.requirement === null ? '–' : <KeyLink project={props.project} k={row.requirement} />) },
            { title: t('whatif.row'), cell: (row) => `${row.ref} ${row.title}` },
            { title: t('whatif.place'), cell: (row) => row.place },
            { title: t('change.old'), cell: (row) => (row.old === null ? '–' : <Tag name={row.old} />) },
            { title: t('change.new'), cell: (row) => (row.new === null ? '–' : <Tag name={row.new} />) },
          ]}
        />
      )}
    </Panel>
  );
}

export function CoverageChanges(props: { coverage: { stage: string; old: number; new: number }[] }) {
  return (
    <Panel title={t('baselines.coverage')}>
      <Table
        label={t('baselines.coverage')}
        rows={props.coverage}
        rowKey={(one) => one.stage}
        columns={[
          { title: t('baselines.stage'), cell: (one) => words(one.stage) },
          { title: t('change.old'), cell: (one) => number(one.old) },
          { title: t('change.new'), cell: (one) => number(one.new) },
        ]}
      />
    </Panel>
  );
}
