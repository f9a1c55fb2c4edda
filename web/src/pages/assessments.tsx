// Programmes of 62443-2-1, 2-4 and 4-1: how mature, requirement by requirement, by product; what calls for assessing anew; audits.
import { invalidate, projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import type { AuditStanding, Carrier, ListedProgramme, Programme, ProgrammeGroup, ProgrammeRecord, Trigger } from '../api/types-programmes';
import { t, words } from '../i18n';
import { recordFits, subjectRows, subjectsOf } from '../model/programmes';
import { useQuery } from '../router';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Empty, KeyLink, Keys, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { Form, Input } from '../ui/form';
import { Table } from '../ui/table';
import { useView, Views } from '../ui/tabs';
import '../i18n/en/programmes';

const VIEWS = ['maturity', 'requirements', 'products', 'triggers', 'audits'] as const;
const STATES = ['no_requirement', 'not_assessed', 'gaps', 'met', 'not_applicable'];
const HELD_SHOWN = 8;

const level = (n: number | null): string => (n === null ? '?' : String(n));

function Carriers(props: { project: string; carriers: Carrier[] }) {
  if (props.carriers.length === 0) return <>–</>;
  return (
    <ul class="causes">
      {props.carriers.map((one) => (
        <li key={one.key}>
          <KeyLink project={props.project} k={one.key} title={one.title} /> <Tag name={one.state} />
        </li>
      ))}
    </ul>
  );
}

function Groups({ programme }: { programme: Programme }) {
  const held = (group: ProgrammeGroup): string => {
    const refs = [...new Set(group.held_by.map((one) => one.ref))];
    return refs.slice(0, HELD_SHOWN).join(', ') + (refs.length > HELD_SHOWN ? ` +${refs.length - HELD_SHOWN}` : '');
  };
  return (
    <Table
      label={t('assessments.maturity')}
      rows={[...programme.groups, programme.total]}
      rowKey={(group) => group.group ?? ''}
      columns={[
        { title: t('assessments.group'), cell: (group) => (group.group === null ? <strong>{t('all')}</strong> : group.group) },
        { title: t('assessments.claimed'), cell: (group) => level(group.claimed) },
        { title: t('assessments.verified'), cell: (group) => level(group.verified) },
        { title: t('assessments.requirements'), cell: (group) => t('assessments.counts', { ...group, group: '', held_by: '', claimed: '', verified: '' }) },
        { title: t('assessments.held'), cell: held },
      ]}
    />
  );
}

function Records(props: { project: string; programme: Programme }) {
  const { project, programme } = props;
  const [state] = useQuery('state');
  const [group] = useQuery('group');
  const fitting = programme.records.filter((record) => recordFits(record, { state, group }));
  return (
    <>
      <div class="toolbar">
        <Chooser label={words('state')} name="state" value={state} options={STATES.map((one) => [one, words(one)])} />
        <Chooser label={t('assessments.group')} name="group" value={group} options={programme.groups.map((one) => [one.group!, one.group!])} />
      </div>
      {fitting.length === 0 && <Empty title={t('assessments.no-records')} text={t('assessments.no-records-text')} />}
      {fitting.length > 0 && (
        <Table
          label={t('assessments.requirements')}
          rows={fitting}
          rowKey={(record) => `${record.ref} ${record.requirement}`}
          columns={[
            { title: t('assessments.row'), cell: (record) => <><strong class="nowrap">{record.ref}</strong> {record.title}</> },
            { title: t('assessments.requirement'), cell: (record) => <><Keys project={project} keys={record.requirement === null ? [] : [record.requirement]} /> {record.organisation}</> },
            { title: t('assessments.of'), cell: (record) => <Keys project={project} keys={record.subjects} /> },
            { title: words('state'), cell: (record) => <Tag name={record.state} /> },
            { title: t('assessments.level'), cell: (record) => <Level record={record} /> },
            { title: t('assessments.assessed'), cell: (record) => [record.assessed, record.assessor].filter((one) => one !== null).join(', ') },
            { title: t('assessments.procedures'), cell: (record) => <Carriers project={project} carriers={record.procedures} /> },
            { title: t('assessments.records'), cell: (record) => <Carriers project={project} carriers={record.records} /> },
            { title: t('assessments.gaps'), cell: (record) => record.gaps.map((one) => words(one.gap)).join(', ') },
            { title: t('assessments.mapped'), cell: (record) => record.mapped.map((one) => `${one.ref} (${words(one.state)})`).join(', ') },
          ]}
        />
      )}
    </>
  );
}

function Level({ record }: { record: ProgrammeRecord }) {
  return (
    <span class="nowrap">
      {t('assessments.levels', { claimed: level(record.claimed), supported: level(record.supported), verified: level(record.verified) })}
      {record.target !== null && <span class="dim"> {t('assessments.target', { n: record.target })}</span>}
    </span>
  );
}

function Products(props: { project: string; programme: Programme }) {
  const { project, programme } = props;
  const subjects = subjectsOf(programme.records);
  if (subjects.length === 0) return <Empty title={t('assessments.no-subjects')} text={t('assessments.no-subjects-text')} />;
  return (
    <Table
      label={t('assessments.products')}
      rows={subjectRows(programme.records)}
      rowKey={(row) => row.ref}
      columns={[
        { title: t('assessments.row'), cell: (row) => <><strong class="nowrap">{row.ref}</strong> {row.title}</> },
        ...subjects.map((subject) => ({
          title: subject,
          cell: (row: ReturnType<typeof subjectRows>[number]) => {
            const record = row.bySubject.get(subject);
            return record === undefined ? '–' : (
              <>
                <Tag name={record.state} /> <Keys project={project} keys={[...record.procedures, ...record.records].map((one) => one.key)} />
              </>
            );
          },
        })),
      ]}
    />
  );
}

function Begin(props: { project: string; standard: string }) {
  const begin = async (value: (name: string) => string): Promise<void> => {
    const target = value('target');
    const subject = value('subject').trim();
    await send(projectPath(props.project, 'assessments/started', { at: null }), {
      method: 'POST',
      json: { standard: props.standard, organisation: value('organisation'), ...(subject !== '' && { subject }), ...(target !== '' && { target: Number(target) }) },
    });
    invalidate(props.project);
    toast(t('assessments.start'));
  };
  return (
    <Panel title={t('assessments.start')} aside={<span class="dim">{t('assessments.start-hint')}</span>}>
      <Form action={t('assessments.start')} onSend={begin}>
        <Input name="organisation" label={t('assessments.organisation')} />
        <Input name="subject" label={t('assessments.subject')} required={false} />
        <Input name="target" label={t('assessments.target-level')} required={false} pattern="[1-4]" />
      </Form>
    </Panel>
  );
}

function Programmes(props: { project: string; listed: ListedProgramme[]; view: 'maturity' | 'requirements' | 'products' }) {
  const { project, listed, view } = props;
  const [asked] = useQuery('standard');
  const [organisation] = useQuery('organisation');
  const begun = listed.find((one) => one.not_assessed + one.gaps + one.met + one.not_applicable > 0);
  const standard = asked !== '' ? asked : (begun ?? listed[0])!.standard;
  const { data, problem } = useRead<Programme>(projectPath(project, `assessments/${encodeURIComponent(standard)}`, organisation === '' ? {} : { organisation }));
  return (
    <>
      <div class="toolbar">
        <Chooser label={t('assessments.programme')} name="standard" all={null} value={standard} options={[...new Set(listed.map((one) => one.standard))].map((one) => [one, one])} />
        <Chooser label={t('assessments.organisation')} name="organisation" value={organisation} options={(data?.organisations ?? []).map((one) => [one, one])} />
        {data !== null && <span>{t('assessments.counts', { ...data.total, group: '', held_by: '', claimed: '', verified: '' })}</span>}
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && (
        <Panel title={`${standard}: ${view === 'maturity' ? t('assessments.maturity') : view === 'requirements' ? t('assessments.requirements') : t('assessments.products')}`}>
          {view === 'maturity' && <Groups programme={data} />}
          {view === 'requirements' && <Records project={project} programme={data} />}
          {view === 'products' && <Products project={project} programme={data} />}
        </Panel>
      )}
      {view === 'maturity' && may(project, 'change') && <Begin project={project} standard={standard} />}
    </>
  );
}

function Triggers({ project }: { project: string }) {
  const { data, problem } = useRead<Trigger[]>(projectPath(project, 'reassessments'));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  if (data.length === 0) return <Empty title={t('assessments.no-triggers')} text={t('assessments.no-triggers-text')} />;
  return (
    <Table
      label={t('assessments.triggers')}
      rows={data}
      rowKey={(one) => `${one.reason} ${one.because}`}
      columns={[
        { title: t('assessments.reason'), cell: (one) => words(one.reason) },
        { title: t('assessments.because'), cell: (one) => <><KeyLink project={project} k={one.because} /> {one.title}</> },
        { title: t('assessments.ends'), cell: (one) => one.ends ?? '–' },
        { title: t('assessments.triggers'), cell: (one) => <Keys project={project} keys={one.items} /> },
      ]}
    />
  );
}

function Audits({ project }: { project: string }) {
  const { data, problem } = useRead<AuditStanding[]>(projectPath(project, 'audits/status'));
  if (problem !== null) return <ProblemView problem={problem} />;
  if (data === null) return <Waiting />;
  if (data.length === 0) return <Empty title={t('assessments.no-audits')} text={t('assessments.no-audits-text')} />;
  return (
    <Table
      label={t('assessments.audits')}
      rows={data}
      rowKey={(one) => one.key}
      columns={[
        { title: t('assessments.audit'), cell: (one) => <><KeyLink project={project} k={one.key} /> {one.title} <Tag name={one.state} /></> },
        { title: t('assessments.criteria'), cell: (one) => [one.criteria, one.auditor, one.date].filter((text) => text !== null).join('; ') },
        {
          title: t('assessments.sample'),
          cell: (one) => (
            <>
              {t('assessments.looked', { seen: one.looked_at, n: one.sample.length })} <Keys project={project} keys={one.sample.map((item) => item.key)} />
              {one.population !== null && <p class="dim">{t('assessments.seed', { n: one.sample.length, size: one.population_size ?? '?', filter: one.population, seed: one.seed ?? '?' })}</p>}
            </>
          ),
        },
        { title: t('assessments.records'), cell: (one) => <Keys project={project} keys={one.records.map((record) => record.key)} /> },
        {
          title: t('assessments.nonconformities'),
          cell: (one) => (
            <>
              {one.nonconformities.map((nc) => (
                <span key={nc.key}>
                  <KeyLink project={project} k={nc.key} /> <Tag name={nc.state} />{' '}
                </span>
              ))}
              {one.complete && t('assessments.complete')}
            </>
          ),
        },
      ]}
    />
  );
}

export default function Assessments({ project }: PageProps) {
  const view = useView(VIEWS);
  const { data, problem } = useRead<ListedProgramme[]>(projectPath(project, 'assessments'));
  const titles = Object.fromEntries(VIEWS.map((one) => [one, t(`assessments.${one}`)])) as Record<(typeof VIEWS)[number], string>;
  return (
    <>
      <PageHead title={t('page.assessments')} note={t('assessments.note')}>
        <Views label={t('assessments.view')} views={VIEWS} titles={titles} current={view} />
      </PageHead>
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && view !== 'triggers' && view !== 'audits' && <Programmes project={project} listed={data} view={view} />}
      {(view === 'triggers' || view === 'audits') && (
        <Panel title={titles[view]}>
          {view === 'triggers' ? <Triggers project={project} /> : <Audits project={project} />}
        </Panel>
      )}
    </>
  );
}
