// The bow-tie of a hazard: each scenario that leads to it with its barriers, the hazard where they come together, and what it
// leads to. Each barrier says in words whether the scenario reaches it.
import type { HazardAttack, ReachedFunction } from '../api/types';
import { t } from '../i18n';
import { KeyLink } from './basics';
import '../i18n/en/safety';

const CLASSES: Record<string, string> = { yes: 'gap', no: 'ok', unknown: 'unk' };

export const layerState = (layer: ReachedFunction): string => {
  if (layer.reached === 'yes') return t('safety.layer-yes');
  return layer.reached === 'no' ? t('safety.layer-no') : t('safety.layer-unknown');
};

function Way(props: { project: string; row: HazardAttack }) {
  const { project, row } = props;
  return (
    <li>
      <div class="bowtie-end">
        <KeyLink project={project} k={row.threat} /> {row.threat_title}
      </div>
      <ol class="bowtie-layers" aria-label={t('safety.barriers', { hazard: row.hazard, threat: row.threat })}>
        {row.layers.length === 0 && <li class="cell gap">{t('safety.no-layer')}</li>}
        {row.layers.map((layer, i) => (
          <li key={layer.function} class={`cell ${CLASSES[layer.reached] ?? 'unk'}`}>
            <KeyLink project={project} k={layer.function} /> {layerState(layer)}
            <br />
            {t('safety.credit', { n: row.groups[i] ?? 0 })}
          </li>
        ))}
      </ol>
    </li>
  );
}

/** `rows`: of one hazard, one at least. */
export function Bowtie(props: { project: string; rows: readonly HazardAttack[] }) {
  const { project, rows } = props;
  const hazard = rows[0]!;
  return (
    <div class="bowtie">
      <ul class="bowtie-ways" aria-label={t('safety.ways', { hazard: hazard.hazard })}>
        {rows.map((row) => (
          <Way key={row.threat} project={project} row={row} />
        ))}
      </ul>
      <div class="bowtie-end bowtie-knot">
        <KeyLink project={project} k={hazard.hazard} /> {hazard.title}
      </div>
      <div class="bowtie-end">
        <b>{hazard.severity === null ? t('safety.severity-unknown') : t('safety.severity', { n: hazard.severity })}</b> {hazard.consequence}
      </div>
    </div>
  );
}
