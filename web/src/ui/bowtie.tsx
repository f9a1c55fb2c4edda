// The barriers of a hazard between a scenario and what it leads to: each says in words whether the scenario reaches it.
import type { HazardAttack } from '../api/types';
import { t } from '../i18n';
import { KeyLink } from './basics';
import '../i18n/en/safety';

const CLASSES: Record<string, string> = { yes: 'gap', no: 'ok', unknown: 'unk' };

export function Bowtie(props: { project: string; row: HazardAttack }) {
  const { project, row } = props;
  const says: Record<string, string> = { yes: t('safety.layer-yes'), no: t('safety.layer-no'), unknown: t('safety.layer-unknown') };
  return (
    <ol class="bowtie" aria-label={t('safety.barriers', { hazard: row.hazard, threat: row.threat })}>
      <li class="bowtie-end">
        <KeyLink project={project} k={row.threat} /> {row.threat_title}
      </li>
      {row.layers.map((layer, i) => (
        <li key={layer.function} class={`cell ${CLASSES[layer.reached] ?? 'unk'}`}>
          <KeyLink project={project} k={layer.function} /> {says[layer.reached]}
          <br />
          {t('safety.credit', { n: row.groups[i] ?? 0 })}
        </li>
      ))}
      <li class="bowtie-end">
        <KeyLink project={project} k={row.hazard} /> {row.title}
      </li>
    </ol>
  );
}
