// The drawing as tables: every box and every line as a row, with the same words, and the same panel to change it.
import { t, words } from '../i18n';
import type { Conduit, Drawing, Zone } from '../model/drawing';
import { setQuery } from '../router';
import { Panel } from './basics';
import { endsText, levelsText, numbersText, zoneNote } from './drawingtext';
import { Table, type TableColumn } from './table';
import '../i18n/en/drawing';

interface PlaceTableProps {
  drawing: Drawing;
  numbers: ReadonlyMap<string, number[]>;
  chosen: string;
}

function Choose(props: { place: Zone | Conduit; chosen: string }) {
  const { key, title } = props.place;
  return (
    <button type="button" class="row-button" aria-pressed={key === props.chosen} onClick={() => setQuery({ sel: key === props.chosen ? null : key })}>
      <span class="key">{key}</span> {title}
    </button>
  );
}

export default function PlaceTable(props: PlaceTableProps) {
  const { drawing, chosen } = props;
  const numbered = (key: string) => <span class="zone-warnings">{numbersText(props.numbers.get(key) ?? [])}</span>;
  const zones: TableColumn<Zone>[] = [
    { title: t('word.zone'), cell: (zone) => <Choose place={zone} chosen={chosen} /> },
    { title: t('word.sl_target'), cell: (zone) => <span class="nowrap">{levelsText(zone.target)}</span> },
    { title: t('drawing.what'), cell: zoneNote },
    { title: t('drawing.part-of'), cell: (zone) => zone.parent ?? zone.system ?? t('none') },
    { title: t('drawing.warnings'), cell: (zone) => numbered(zone.key) },
  ];
  const conduits: TableColumn<Conduit>[] = [
    { title: t('word.conduit'), cell: (conduit) => <Choose place={conduit} chosen={chosen} /> },
    { title: t('drawing.joins'), cell: (conduit) => <span class="nowrap">{endsText(conduit)}</span> },
    { title: words('direction'), cell: (conduit) => t(`drawing.${conduit.direction}`) },
    { title: words('protocols'), cell: (conduit) => (conduit.protocols.length === 0 ? t('drawing.no-protocols') : conduit.protocols.join(', ')) },
    { title: t('word.sl_target'), cell: (conduit) => <span class="nowrap">{levelsText(conduit.target)}</span> },
    { title: t('drawing.warnings'), cell: (conduit) => numbered(conduit.key) },
  ];
  return (
    <>
      <Panel title={t('drawing.zones', { n: drawing.zones.size })}>
        <Table label={t('zones.zones')} columns={zones} rows={[...drawing.zones.values()]} rowKey={(zone) => zone.key} />
      </Panel>
      <Panel title={t('drawing.conduits', { n: drawing.conduits.size })}>
        <Table label={t('zones.conduits')} columns={conduits} rows={[...drawing.conduits.values()]} rowKey={(conduit) => conduit.key} />
      </Panel>
    </>
  );
}
