// People and their accounts, for operators of the installation.
import { useState } from 'preact/hooks';
import { invalidate, useRead } from '../api/cache';
import { act } from '../api/edit';
import { send } from '../api/http';
import { t } from '../i18n';
import { PASSWORD_LEAST, session } from '../state/session';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { Empty, PageHead, Panel, ProblemView, Tag, Waiting } from '../ui/basics';
import { Dialog } from '../ui/dialog';
import { Form, Input, UserName } from '../ui/form';
import { Menu } from '../ui/menu';
import { Provider } from '../ui/provider';
import { Table } from '../ui/table';
import '../i18n/en/item';
import '../i18n/en/people';

interface Person {
  name: string;
  full_name: string;
  state: string;
  operator: boolean;
  password: boolean;
  totp: boolean;
  locked_until: string | null;
}

const pathOf = (person: Person): string => `users/${encodeURIComponent(person.name)}`;

function setPerson(person: Person, json: object): void {
  void act(pathOf(person), { method: 'PATCH', json, type: 'application/merge-patch+json' });
}

function Actions(props: { person: Person; onPassword: () => void }) {
  const { person } = props;
  const disabled = person.state !== 'active';
  const items: [string, () => void][] = [
    [t('people.set-password'), props.onPassword],
    [t(disabled ? 'people.enable' : 'people.disable'), () => setPerson(person, { disabled: !disabled })],
    [t(person.operator ? 'people.no-operator' : 'people.make-operator'), () => setPerson(person, { operator: !person.operator })],
  ];
  return (
    <Menu label="⋯" name={t('people.actions', { name: person.name })} class="quiet">
      {(close) => (
        <ul class="menu-list">
          {items.map(([text, run]) => (
            <li key={text}>
              <button
                type="button"
                onClick={() => {
                  close();
                  run();
                }}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}

function PasswordDialog(props: { person: Person; onClose: () => void }) {
  return (
    <Dialog title={t('people.password-of', { name: props.person.name })} onClose={props.onClose}>
      <Form
        action={t('people.set-password')}
        onSend={async (value) => {
          await send(`${pathOf(props.person)}/password`, { method: 'PUT', json: { password: value('password') } });
          invalidate();
          toast(t('people.password-set', { name: props.person.name }));
          props.onClose();
        }}
      >
        <UserName name={props.person.name} />
        <Input name="password" label={t('signin.password')} secret autocomplete="new-password" minLength={PASSWORD_LEAST} hint={t('setup.password-hint', { n: PASSWORD_LEAST })} />
      </Form>
    </Dialog>
  );
}

export default function People() {
  const now = useStore(session);
  const operator = now.kind === 'in' && now.me.person.operator;
  const { data, problem, loading } = useRead<Person[]>(operator ? '/api/v1/users' : null);
  const [chosen, setChosen] = useState<Person | null>(null);

  if (!operator) return <Empty title={t('people.operators-only')} text={t('people.operators-only-text')} />;
  return (
    <>
      <PageHead title={t('page.people')} note={t('people.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data !== null && (
        <Panel title={t('page.people')}>
          <Table
            label={t('page.people')}
            rows={data}
            rowKey={(person) => person.name}
            columns={[
              { title: t('signin.name'), cell: (person) => person.name },
              { title: t('setup.full-name'), cell: (person) => person.full_name },
              { title: t('item.state'), cell: (person) => <Tag name={person.state} /> },
              { title: t('people.operator'), cell: (person) => (person.operator ? t('word.yes') : t('word.no')) },
              { title: t('signin.password'), cell: (person) => (person.password ? t('word.yes') : t('word.no')) },
              { title: t('signin.code'), cell: (person) => (person.totp ? t('word.yes') : t('word.no')) },
              { title: t('people.do'), cell: (person) => <Actions person={person} onPassword={() => setChosen(person)} /> },
            ]}
          />
        </Panel>
      )}
      <Panel title={t('people.add')}>
        <Form
          class="row-form"
          action={t('add.button')}
          onSend={async (value) => {
            await send('users', { method: 'POST', json: { name: value('name').trim(), full_name: value('full_name').trim() } });
            invalidate();
            toast(t('people.added', { name: value('name') }));
          }}
        >
          <Input name="name" label={t('signin.name')} hint={t('people.name-hint')} />
          <Input name="full_name" label={t('setup.full-name')} />
        </Form>
      </Panel>
      <Provider />
      {chosen !== null && <PasswordDialog person={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}
