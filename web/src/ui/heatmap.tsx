// SL-A against SL-T, place by FR: every cell says in text what its colour says, and opens to its reasons.
import type { PlaceLevels } from '../api/types';
import { t } from '../i18n';
import { cellsOf, type Standing } from '../model/sl';
import { projectAddress } from '../router';
import { KeyLink } from './basics';
import '../i18n/en/projects';
import '../i18n/en/zcr';

const CLASSES: Record<Standing, string> = { achieved: 'ok', claimed: 'claimed', below: 'gap', unknown: 'unk', none: 'na' };

export function Heatmap(props: { project: string; places: PlaceLevels[]; names: { fr: number; name: string; title: string }[] }) {
  return (
    <div class="scroll" role="region" aria-label={t('overview.zones')} tabIndex={0}>
      <table class="heat">
        <thead>
          <tr>
            <th scope="col">{t('overview.place')}</th>
            {props.names.map((row) => (
              <th key={row.fr} scope="col">
                <abbr title={row.title}>{row.name}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.places.map((place) => (
            <tr key={place.place}>
              <th scope="row">
                <KeyLink project={props.project} k={place.place} /> {place.title}
              </th>
              {cellsOf(place.target, place.achieved.verified_with_findings, place.achieved.claimed_with_findings).map((cell, i) => (
                <td key={i}>
                  <a
                    class={`cell ${CLASSES[cell.standing]}`}
                    href={projectAddress(props.project, 'requirements', { view: 'coverage', zone: place.place, fr: String(i + 1) })}
                    aria-label={t(`sl.${cell.standing}`, { place: place.place, fr: props.names[i]?.title ?? String(i + 1), text: cell.text })}
                  >
                    {cell.text}
                  </a>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function HeatLegend() {
  const rows: [string, string, 'legend.ok' | 'legend.gap' | 'legend.claimed' | 'legend.unknown' | 'legend.none'][] = [
    ['ok', '2 / 2 ✓', 'legend.ok'],
    ['gap', '1 / 2 ▼', 'legend.gap'],
    ['claimed', '(2) / 2', 'legend.claimed'],
    ['unk', '? / 2', 'legend.unknown'],
    ['na', '– / 0', 'legend.none'],
  ];
  return (
    <ul class="legend">
      {rows.map(([tone, text, key]) => (
        <li key={tone}>
          <span class={`cell ${tone}`}>{text}</span> {t(key)}
        </li>
      ))}
    </ul>
  );
}
