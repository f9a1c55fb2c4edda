// What the metamodel has for a kind: its attributes with what they may be, and the links it may have.
import type { AttrType, Kind, Metamodel } from '../api/types';
import { t, words } from '../i18n';
import { endName, kindOf, type LinkEnd, linkEnds } from '../model/metamodel';
import { useQuery } from '../router';
import { useMetamodel } from '../state/metamodel';
import { PageHead, Panel, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { labelOf } from '../ui/field';
import { Table } from '../ui/table';
import '../i18n/en/item';
import '../i18n/en/workflow';

function boundsOf(attr: AttrType): string {
  if (attr.least !== undefined && attr.most !== undefined) return t('attr.between', { least: attr.least, most: attr.most });
  if (attr.least !== undefined) return t('attr.least', { n: attr.least });
  if (attr.most !== undefined) return t('attr.most', { n: attr.most });
  return (attr.values ?? []).map(words).join(', ');
}

function marksOf(attr: AttrType): string {
  return [attr.substantive && t('attr.substantive'), attr.personal && t('attr.personal')].filter(Boolean).join(', ');
}

function KindView(props: { kind: Kind; model: Metamodel }) {
  const { kind } = props;
  const kinds = (end: LinkEnd): string => (end.kinds.length === props.model.kinds.length ? t('attr.any-kind') : end.kinds.map(words).join(', '));
  return (
    <>
      <Panel title={t('attr.attributes', { kind: kind.title })} aside={<span class="dim">{t('attr.prefix', { prefix: kind.prefix })}</span>}>
        <p>{kind.help}</p>
        <Table
          label={t('attr.attributes', { kind: kind.title })}
          rows={kind.attrs}
          rowKey={(attr) => attr.name}
          columns={[
            { title: t('attr.attribute'), cell: (attr) => <strong>{labelOf(attr)}</strong> },
            { title: t('attr.name'), cell: (attr) => <code class="whole">{attr.name}</code> },
            { title: t('attr.type'), cell: (attr) => words(attr.type) },
            { title: t('attr.values'), cell: boundsOf },
            { title: t('attr.marks'), cell: marksOf },
            { title: t('attr.help'), cell: (attr) => attr.help },
          ]}
        />
      </Panel>
      <Panel title={t('item.links')}>
        <Table
          label={t('item.links')}
          rows={linkEnds(props.model, kind.name)}
          rowKey={(end) => `${end.type.name} ${end.outward}`}
          columns={[
            { title: t('item.link-type'), cell: (end) => <strong>{endName(end)}</strong> },
            { title: t('attr.other-end'), cell: kinds },
            { title: t('item.link-role'), cell: (end) => end.roles.filter((role) => role !== '').map(words).join(', ') },
            { title: t('attr.help'), cell: (end) => end.type.help },
          ]}
        />
      </Panel>
    </>
  );
}

export default function Attributes() {
  const model = useMetamodel();
  const [name] = useQuery('kind', 'requirement');
  const kind = kindOf(model, name);
  return (
    <>
      <PageHead title={t('page.attributes')} note={t('attr.note')} />
      {model === null && <Waiting />}
      {model !== null && (
        <div class="toolbar">
          <Chooser label={t('item.kind')} name="kind" value={name} all={null} options={model.kinds.map((one) => [one.name, one.title])} />
        </div>
      )}
      {model !== null && kind !== null && <KindView kind={kind} model={model} />}
    </>
  );
}
