// A compensating countermeasure against a finding: a draft with why it is as good, until when, and the test it has to pass.
import { invalidate, projectPath } from '../api/cache';
import { send } from '../api/http';
import { t } from '../i18n';
import { toast } from '../state/toasts';
import { Dialog } from './dialog';
import { Form, Input } from './form';
import '../i18n/en/findings';

const DAY = '\\d{4}-\\d{2}-\\d{2}';
const MEASURE = { created: 0 };
const TEST = { created: 1 };

interface Wanted {
  title: string;
  equivalence: string;
  expires: string;
  test: string;
}

/** Native operations: countermeasure, test case, and how they hang together with the finding and what it is on. */
function opsOf(finding: string, on: string | null, wanted: Wanted): unknown[] {
  const { title, equivalence, expires, test } = wanted;
  return [
    { op: 'item', kind: 'countermeasure', title, attrs: { equivalence, expires } },
    { op: 'item', kind: 'test_case', title: test },
    { op: 'link', from: MEASURE, type: 'mitigates', to: finding },
    { op: 'link', from: TEST, type: 'verifies', to: MEASURE },
    ...(on === null ? [] : [{ op: 'link', from: MEASURE, type: 'deployed_on', to: on }]),
  ];
}

export function Compensate(props: { project: string; finding: string; on: string | null; onClose: () => void }) {
  const { finding, on, project } = props;
  const add = async (value: (name: string) => string): Promise<void> => {
    const ops = opsOf(finding, on, { title: value('title'), equivalence: value('equivalence'), expires: value('expires'), test: value('test') });
    const body = ops.map((op) => `${JSON.stringify(op)}\n`).join('');
    const { data } = await send<{ keys: string[] }>(projectPath(project, 'changes', { at: null }), { method: 'POST', body, type: 'application/x-ndjson' });
    invalidate(project);
    toast(t('compensate.done', { keys: data.keys.join(', ') }));
    props.onClose();
  };
  return (
    <Dialog title={t('compensate.title', { key: finding })} onClose={props.onClose}>
      <p>{t('compensate.text')}</p>
      <Form action={t('compensate.do')} onSend={add}>
        <Input name="title" label={t('compensate.what')} />
        <Input name="equivalence" label={t('compensate.equivalence')} hint={t('compensate.equivalence-hint')} />
        <Input name="expires" label={t('compensate.expires')} hint={t('compensate.expires-hint')} pattern={DAY} />
        <Input name="test" label={t('compensate.test')} />
      </Form>
    </Dialog>
  );
}
