// One place in full: FR by SL, how many of the rows that begin there are met; and its vectors as a radar with the same as a table.
import { projectPath, useRead } from '../api/cache';
import type { CatalogueRow, GapRow, PlaceLevels, Vector } from '../api/types';
import { t } from '../i18n';
import { corners, profileOf } from '../model/profile';
import { projectAddress, useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { type FrName, frNames } from '../state/names';
import { Empty, Panel, ProblemView, Waiting } from './basics';
import { Chooser } from './chooser';
import { Table } from './table';
import '../i18n/en/projects';
import '../i18n/en/risk';
import '../i18n/en/trace';
import '../i18n/en/zcr';

const STANDARD = '62443-3-3';
const RADIUS = 120;
const RINGS = [1, 2, 3, 4];

function Heat(props: { project: string; place: PlaceLevels; names: FrName[]; catalogue: CatalogueRow[]; gaps: ReadonlyMap<string, GapRow> }) {
  const { place } = props;
  return (
    <div class="scroll" role="region" aria-label={t('profile.heat')} tabIndex={0}>
      <table class="heat">
        <thead>
          <tr>
            <th scope="col">{t('profile.row')}</th>
            {RINGS.map((level) => (
              <th key={level} scope="col">
                {t('risk.sl-n', { n: level })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.names.map((row) => (
            <tr key={row.fr}>
              <th scope="row">
                {row.name} {row.title}
              </th>
              {profileOf(row.fr, props.catalogue, props.gaps, place.target[row.fr - 1] ?? null).map((cell, i) => {
                const text = t('profile.cell', { met: cell.met, of: cell.of });
                if (!cell.demanded) return <td key={i}><span class="cell unk">{cell.of === 0 ? '–' : cell.of}</span></td>;
                return (
                  <td key={i}>
                    <a class={`cell ${cell.met === cell.of ? 'ok' : 'gap'}`} href={projectAddress(props.project, 'requirements', { view: 'coverage', zone: place.place, fr: String(row.fr) })}>
                      {text} {cell.met === cell.of ? '✓' : '▼'}
                    </a>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const polygon = (vector: Vector): string => corners(vector, RADIUS).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

function Radar(props: { place: PlaceLevels; names: FrName[] }) {
  const { place, names } = props;
  const full = (level: number): Vector => names.map(() => level);
  return (
    <svg class="radar" viewBox="-170 -150 340 300" role="img" aria-label={t('profile.radar', { place: place.place })}>
      {RINGS.map((level) => (
        <polygon key={level} class="ring" points={polygon(full(level))} />
      ))}
      {corners(full(4), RADIUS + 18).map(({ x, y }, i) => (
        <text key={names[i]?.fr} x={x} y={y + 4} text-anchor="middle">
          {names[i]?.name}
        </text>
      ))}
      <polygon class="target" points={polygon(place.target)} />
      <polygon class="claimed" points={polygon(place.achieved.claimed_with_findings)} />
      <polygon class="achieved" points={polygon(place.achieved.verified_with_findings)} />
    </svg>
  );
}

const entry = (vector: Vector, row: FrName): string => String(vector[row.fr - 1] ?? '?');

function Vectors(props: { place: PlaceLevels; names: FrName[] }) {
  const { place, names } = props;
  const columns = [
    { title: t('profile.row'), cell: (row: FrName) => `${row.name} ${row.title}` },
    { title: t('profile.target'), cell: (row: FrName) => entry(place.target, row) },
    { title: t('profile.achieved'), cell: (row: FrName) => entry(place.achieved.verified_with_findings, row) },
    { title: t('profile.claimed'), cell: (row: FrName) => entry(place.achieved.claimed_with_findings, row) },
  ];
  return <Table label={t('profile.radar', { place: place.place })} columns={columns} rows={names} rowKey={(row) => row.name} />;
}

export default function Profile({ project }: { project: string }) {
  const levels = useRead<PlaceLevels[]>(projectPath(project, 'sl', { reasons: 'false' }));
  const [chosen] = useQuery('place', levels.data?.[0]?.place ?? '');
  const gaps = useRead<GapRow[]>(chosen === '' ? null : projectPath(project, 'gaps', { zone: chosen }));
  const catalogue = useRead<{ requirements: CatalogueRow[] }>(`/api/v1/catalogs/${STANDARD}`);
  const names = frNames(useMetamodel());
  const problem = levels.problem ?? gaps.problem ?? catalogue.problem;
  const place = levels.data?.find((one) => one.place === chosen);

  if (problem !== null) return <ProblemView problem={problem} />;
  if (levels.data?.length === 0) return <Empty title={t('overview.no-places')} text={t('overview.no-places-text')} />;
  if (levels.data === null || gaps.data === null || catalogue.data === null || place === undefined) return <Waiting />;
  const rows = new Map(gaps.data.filter((gap) => gap.ref.startsWith(`${STANDARD} `)).map((gap) => [gap.ref.slice(STANDARD.length + 1), gap]));
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('coverage.place')} name="place" all={null} value={chosen} options={levels.data.map((one) => [one.place, `${one.place} ${one.title}`])} />
      </div>
      <div class="pair">
        <Panel title={t('profile.heat')}>
          <Heat project={project} place={place} names={names} catalogue={catalogue.data.requirements} gaps={rows} />
          <p class="dim">{t('profile.note')}</p>
        </Panel>
        <Panel title={t('profile.radar', { place: `${place.place} ${place.title}` })}>
          <Radar place={place} names={names} />
          <ul class="legend radar-legend">
            {(['target', 'achieved', 'claimed'] as const).map((name) => (
              <li key={name} class={name}>
                {t(`profile.${name}`)}
              </li>
            ))}
          </ul>
          <Vectors place={place} names={names} />
        </Panel>
      </div>
    </>
  );
}
