// Electronic signatures: what is signed is shown word for word, the password is given anew, and whether a signature still
// stands is said by the server.
import { useState } from 'preact/hooks';
import { invalidate, projectPath, useRead } from '../api/cache';
import { API, send } from '../api/http';
import { passkeyProof, type Passkey } from '../api/passkey';
import { Problem } from '../api/problem';
import { dateTime, t, words } from '../i18n';
import { useMetamodel } from '../state/metamodel';
import { session } from '../state/session';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { ProblemView, Tag, Waiting } from './basics';
import { Dialog } from './dialog';
import { Form, Input, UserName } from './form';
import '../i18n/en/item';
import '../i18n/en/people';

interface Signature {
  key: string;
  rev: number;
  meaning: string;
  role: string | null;
  person: string | null;
  full_name: string | null;
  reason: string;
  time: string;
  standing: boolean;
}

interface Manifest {
  key: string;
  rev: number;
  hash: string;
  manifest: string;
}

const AT_FIRST = 'reviewed';

/** The address of what would be signed; a list names each key once. */
function manifestPath(project: string, keys: readonly string[], meaning: string): string {
  const params = new URLSearchParams([['project', project], ['meaning', meaning], ...keys.map((key) => ['keys', key])]);
  return `${API}/manifests?${params.toString()}`;
}

type Proof = 'passkey' | 'password';

/** How to prove who signs, where there is a choice. */
function ProofChoice(props: { proof: Proof; onChoose: (proof: Proof) => void }) {
  return (
    <fieldset class="choices">
      <legend>{t('sign.proof')}</legend>
      {(['passkey', 'password'] as const).map((one) => (
        <label key={one}>
          <input type="radio" name="proof" checked={props.proof === one} onChange={() => props.onChoose(one)} /> {t(`sign.proof-${one}`)}
        </label>
      ))}
    </fieldset>
  );
}

/** `meaning` is what is chosen at first; `kind`: that of all of them, where it is known; `onSigned` is told when it is done. */
export function SignDialog(props: { project: string; keys: string[]; onClose: () => void; kind?: string; meaning?: string; onSigned?: () => void }) {
  const { project, keys } = props;
  const now = useStore(session);
  const [meaning, setMeaning] = useState(props.meaning ?? AT_FIRST);
  const { kind } = props;
  const meanings = useMetamodel()?.meanings.filter((one) => kind === undefined || one.kinds.includes(kind)) ?? [];
  const path = manifestPath(project, keys, meaning);
  const { data, problem } = useRead<Manifest[]>(path);
  const own = useRead<Passkey[]>('/api/v1/passkeys');
  const passkeys = own.data?.filter((one) => one.host === window.location.hostname) ?? [];
  const [chosen, setChosen] = useState<Proof | null>(null);
  const proof = passkeys.length === 0 ? 'password' : (chosen ?? 'passkey');

  const prove = async (body: object, value: (name: string) => string): Promise<object> => {
    if (proof === 'passkey') return passkeyProof(projectPath(project, 'signatures/challenge', { at: null }), { ...body, meaning });
    const code = value('code').trim();
    return { password: value('password'), ...(code === '' ? {} : { code }) };
  };
  const sign = async (value: (name: string) => string): Promise<void> => {
    const body = { items: (data ?? []).map(({ key, rev, hash }) => ({ key, rev, hash })), reason: value('reason').trim() };
    try {
      const json = { ...body, ...(meaning === 'approved' ? {} : { meaning }), ...(await prove(body, value)) };
      await send(projectPath(project, meaning === 'approved' ? 'approvals' : 'signatures', { at: null }), { method: 'POST', json });
    } catch (error) {
      // what was shown is no longer so: show what is there now
      if (error instanceof Problem && error.code === 'STALE') invalidate(project);
      throw error;
    }
    invalidate(project);
    toast(t('sign.done', { n: keys.length }));
    props.onClose();
    props.onSigned?.();
  };
  return (
    <Dialog title={t('sign.title', { n: keys.length })} onClose={props.onClose} wide>
      <div class="field">
        <label for="sign-meaning">{t('sign.meaning')}</label>
        <select id="sign-meaning" value={meaning} onChange={(event) => setMeaning(event.currentTarget.value)}>
          {meanings.map((one) => (
            <option key={one.name} value={one.name} selected={one.name === meaning}>
              {words(one.name)}
            </option>
          ))}
        </select>
      </div>
      {problem !== null && <ProblemView problem={problem} />}
      {((data === null && problem === null) || own.loading) && <Waiting />}
      {data?.map((one) => (
        <details key={one.key} open={data.length === 1}>
          <summary>{t('sign.what', { key: one.key, n: one.rev })}</summary>
          <pre tabIndex={0} aria-label={t('sign.what', { key: one.key, n: one.rev })}>
            {one.manifest}
          </pre>
        </details>
      ))}
      {passkeys.length > 0 && <ProofChoice proof={proof} onChoose={setChosen} />}
      {/* not before it is known what proves it: another proof begins the form anew */}
      {data !== null && !own.loading && (
        <Form key={proof} action={t('sign.do')} onSend={sign}>
          <Input name="reason" label={t('sign.reason')} />
          <UserName name={now.kind === 'in' ? now.me.person.name : ''} />
          {proof === 'password' && <Input name="password" label={t('signin.password')} secret autocomplete="current-password" hint={t('sign.password-hint')} />}
          {proof === 'password' && now.kind === 'in' && now.me.totp && <Input name="code" label={t('signin.code')} autocomplete="one-time-code" />}
        </Form>
      )}
    </Dialog>
  );
}

export function Signatures(props: { project: string; k: string; kind: string; mayChange: boolean }) {
  const { project, k } = props;
  const { data, problem, loading } = useRead<Signature[]>(projectPath(project, `items/${encodeURIComponent(k)}/signatures`));
  const [signing, setSigning] = useState(false);

  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading) return <Waiting />;
  return (
    <>
      {data?.length === 0 && <p class="dim">{t('sign.none')}</p>}
      <ul class="plain-list">
        {data?.map((one) => (
          <li key={`${one.person} ${one.meaning} ${one.time}`}>
            <strong>{words(one.meaning)}</strong> <Tag name={one.standing ? 'standing' : 'superseded'} />
            <p class="dim">
              {one.full_name ?? t('sign.unnamed')} ({words(one.role ?? '')}) · {dateTime(one.time)} · {t('item.rev', { n: one.rev })}
            </p>
            <p>{one.reason}</p>
          </li>
        ))}
      </ul>
      {props.mayChange && (
        <button type="button" onClick={() => setSigning(true)}>
          {t('sign.button')}
        </button>
      )}
      {signing && <SignDialog project={project} keys={[k]} kind={props.kind} onClose={() => setSigning(false)} />}
    </>
  );
}
