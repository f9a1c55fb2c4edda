// What others report of one's own products: the queue with its clocks, security updates and advisories, and the way in.
import { invalidate, projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import type { ReportedWeakness } from '../api/types-programmes';
import { date, type MessageKey, t, words } from '../i18n';
import { useQuery } from '../router';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Empty, KeyLink, Keys, PageHead, type PageProps, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Chooser } from '../ui/chooser';
import { Form, Input } from '../ui/form';
import { Table } from '../ui/table';
import '../i18n/en/programmes';

const SUMS = ['sum_1', 'sum_2', 'sum_3', 'sum_4', 'sum_5'] as const;
const keysIn = (text: string): string[] => text.split(/[\s,]+/).filter((key) => key !== '');
const STEPS = ['acknowledge', 'assess', 'remedy', 'disclose'];

function Clocks({ one }: { one: ReportedWeakness }) {
  return (
    <ul class="causes">
      {one.clocks.map((clock) => (
        <li key={clock.step}>
          {words(clock.step)}:{' '}
          <span class={`tag ${clock.done ? 'ok' : clock.overdue ? 'bad' : 'plain'}`}>
            {clock.done ? `✓ ${t('psirt.done')}` : clock.overdue ? `▼ ${t('psirt.late', { due: date(clock.due) })}` : t('psirt.due', { due: date(clock.due) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Updates(props: { project: string; one: ReportedWeakness }) {
  return (
    <ul class="causes">
      {props.one.updates.map((update) => (
        <li key={update.change}>
          <KeyLink project={props.project} k={update.change} /> {update.title}: {SUMS.map((sum) => `${t(`psirt.${sum}` as MessageKey)} ${words(update[sum])}`).join(', ')}
        </li>
      ))}
    </ul>
  );
}

function Advisories(props: { project: string; keys: readonly string[] }) {
  return (
    <ul class="causes">
      {props.keys.map((key) => (
        <li key={key}>
          <KeyLink project={props.project} k={key} />{' '}
          <a data-plain href={projectPath(props.project, `psirt/advisories/${encodeURIComponent(key)}/csaf`)} download="">
            {t('psirt.csaf', { key })}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Queue(props: { project: string; rows: ReportedWeakness[] }) {
  const { project, rows } = props;
  return (
    <Table
      label={t('psirt.queue')}
      rows={rows}
      rowKey={(one) => one.key}
      columns={[
        { title: t('psirt.weakness'), cell: (one) => <><KeyLink project={project} k={one.key} /> {one.title} <span class="dim">{one.vulnerability}</span></> },
        { title: words('state'), cell: (one) => <><Tag name={one.state} /> {one.severity !== null && words(one.severity)}</> },
        { title: t('psirt.reported'), cell: (one) => [one.reported === null ? null : date(one.reported), one.reporter].filter((text) => text !== null).join(', ') },
        { title: t('psirt.affected'), cell: (one) => <><Keys project={project} keys={one.products} /> {one.affected}</> },
        { title: t('psirt.fixed'), cell: (one) => one.fixed_in ?? '–' },
        { title: t('psirt.clocks'), cell: (one) => <Clocks one={one} /> },
        { title: t('psirt.updates'), cell: (one) => <Updates project={project} one={one} /> },
        { title: t('psirt.advisories'), cell: (one) => <Advisories project={project} keys={one.advisories} /> },
      ]}
    />
  );
}

function Intake({ project }: { project: string }) {
  const take = async (value: (name: string) => string): Promise<void> => {
    const texts = Object.fromEntries(['reporter', 'reported', 'vulnerability', 'affected', 'description'].map((name) => [name, value(name)]).filter(([, text]) => text !== ''));
    const answer = await send<{ key: string }>(projectPath(project, 'psirt', { at: null }), {
      method: 'POST',
      json: { title: value('title'), products: keysIn(value('products')), ...texts },
    });
    invalidate(project);
    toast(t('psirt.made', { key: answer.data.key }));
  };
  return (
    <Panel title={t('psirt.intake')}>
      <Form action={t('psirt.take')} onSend={take}>
        <Input name="title" label={t('psirt.weakness')} />
        <Input name="products" label={t('psirt.products')} />
        <Input name="reporter" label={t('psirt.reporter')} required={false} />
        <Input name="reported" label={t('psirt.reported')} required={false} pattern="\d{4}-\d\d-\d\d" hint={t('psirt.day-hint')} />
        <Input name="vulnerability" label={t('psirt.vulnerability')} required={false} />
        <Input name="affected" label={t('psirt.affected')} required={false} hint={t('psirt.affected-hint')} />
        <Input name="description" label={t('psirt.description')} required={false} />
      </Form>
    </Panel>
  );
}

function Draft({ project }: { project: string }) {
  const draft = async (value: (name: string) => string): Promise<void> => {
    const texts = Object.fromEntries(['uri', 'summary'].map((name) => [name, value(name)]).filter(([, text]) => text !== ''));
    const answer = await send<{ key: string }>(projectPath(project, 'psirt/advisories', { at: null }), {
      method: 'POST',
      json: { title: value('title'), tracking: value('tracking'), findings: keysIn(value('findings')), ...texts },
    });
    invalidate(project);
    toast(t('psirt.drafted', { key: answer.data.key }));
  };
  return (
    <Panel title={t('psirt.draft')}>
      <Form action={t('psirt.draft-it')} onSend={draft}>
        <Input name="title" label={t('psirt.title')} />
        <Input name="tracking" label={t('psirt.tracking')} hint="ACME-SA-2026-001" />
        <Input name="findings" label={t('psirt.findings')} />
        <Input name="uri" label={t('psirt.uri')} required={false} />
        <Input name="summary" label={t('psirt.summary')} required={false} />
      </Form>
    </Panel>
  );
}

export default function Psirt({ project }: PageProps) {
  const [next] = useQuery('next');
  const { data, problem } = useRead<ReportedWeakness[]>(projectPath(project, 'psirt'));
  const rows = (data ?? []).filter((one) => next === '' || one.next === next);
  const late = (data ?? []).flatMap((one) => one.clocks).filter((clock) => clock.overdue).length;
  return (
    <>
      <PageHead title={t('page.psirt')} note={t('psirt.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {data === null && problem === null && <Waiting />}
      {data !== null && data.length > 0 && (
        <div class="toolbar">
          <Chooser label={t('psirt.clocks')} name="next" value={next} options={STEPS.map((step) => [step, words(step)])} />
          <span>{t('psirt.totals', { n: data.length, open: data.filter((one) => one.next !== null).length, late })}</span>
        </div>
      )}
      {data !== null && (
        <Panel title={t('psirt.queue')}>{rows.length > 0 ? <Queue project={project} rows={rows} /> : data.length > 0 ? <p>{t('psirt.none-waits')}</p> : <Empty title={t('psirt.none')} text={t('psirt.none-text')} />}</Panel>
      )}
      {may(project, 'change') && <Intake project={project} />}
      {may(project, 'change') && data !== null && data.length > 0 && <Draft project={project} />}
    </>
  );
}
