// What the drawing and its table twin say of a zone or a conduit: the same words in both.
import type { Vector } from '../api/types';
import { t, words } from '../i18n';
import type { Conduit, Zone } from '../model/drawing';
import '../i18n/en/drawing';

const ARROWS = { a_to_b: '→', b_to_a: '←', both: '↔', not_stated: '—' };

export function levelsText(target: Vector | null): string {
  return target === null || target.every((level) => level === null) ? t('drawing.no-target') : t('drawing.target', { levels: target.map((level) => level ?? '?').join(' ') });
}

/** Level of the reference model, nature, number of assets. */
export function zoneNote(zone: Zone): string {
  const parts = [zone.purdue === '' ? t('drawing.no-level') : t('drawing.level', { level: zone.purdue }), ...zone.nature.map(words), t('drawing.assets', { n: zone.assets.length })];
  return parts.join(' · ');
}

export function endsText(conduit: Conduit): string {
  const side = (keys: string[]): string => (keys.length === 0 ? '?' : keys.join(', '));
  return `${side(conduit.a)} ${ARROWS[conduit.direction]} ${side(conduit.b)}`;
}

export function conduitText(conduit: Conduit): string {
  const protocols = conduit.protocols.length === 0 ? t('drawing.no-protocols') : conduit.protocols.join(', ');
  return `${conduit.key} ${conduit.title}, ${endsText(conduit)}, ${protocols}`;
}

export function zoneText(zone: Zone): string {
  return `${zone.key} ${zone.title}, ${levelsText(zone.target)}, ${zoneNote(zone)}`;
}

export const numbersText = (numbers: readonly number[]): string => numbers.map((n) => `▲${n}`).join(' ');
