// Who we are to the server, and what we may do where.
import { forget } from '../api/cache';
import { request, send, setCsrf, setSignedOut } from '../api/http';
import { passkeySignIn } from '../api/passkey';
import { problemFrom, type Problem } from '../api/problem';
import type { Me, Membership } from '../api/types';
import { Store } from './store';

export type Session =
  | { kind: 'asking' }
  | { kind: 'out'; setup: boolean; provider: string | null }
  | { kind: 'in'; me: Me }
  | { kind: 'failed'; problem: Problem };

/** What the server asks of a password; it decides. */
export const PASSWORD_LEAST = 12;

export const session = new Store<Session>({ kind: 'asking' });

function take(me: Me): void {
  setCsrf(me.csrf);
  session.set({ kind: 'in', me });
}

async function askSetup(): Promise<void> {
  try {
    const answer = await request<{ setup: boolean; provider: { title: string } | null }>('setup');
    session.set({ kind: 'out', setup: answer?.data.setup ?? false, provider: answer?.data.provider?.title ?? null });
  } catch (error) {
    session.set({ kind: 'failed', problem: problemFrom(error) });
  }
}

let checking = false;

/** A refusal may mean that the session has ended, or that a password given anew (to sign something) was wrong. */
async function checkSession(): Promise<void> {
  if (session.get().kind !== 'in' || checking) return;
  checking = true;
  try {
    await request<Me>('me');
  } catch (error) {
    if (problemFrom(error).status === 401) {
      forget();
      await askSetup();
    }
  }
  checking = false;
}

/** Asks the server who we are. */
export async function startSession(): Promise<void> {
  setSignedOut(() => void checkSession());
  try {
    const answer = await request<Me>('me');
    if (answer !== null) take(answer.data);
  } catch (error) {
    const problem = problemFrom(error);
    if (problem.status === 401) await askSetup();
    else session.set({ kind: 'failed', problem });
  }
}

/** Asks again what we may do, after a project came or went. */
export async function renewSession(): Promise<void> {
  const answer = await request<Me>('me');
  if (answer !== null) take(answer.data);
}

export async function signIn(name: string, password: string, code: string): Promise<void> {
  const answer = await send<Me>('session', { method: 'POST', json: { name, password, ...(code === '' ? {} : { code }) } });
  forget();
  take(answer.data);
}

export async function signInByPasskey(): Promise<void> {
  const answer = await send<Me>('session/passkey', { method: 'POST', json: await passkeySignIn() });
  forget();
  take(answer.data);
}

export async function setUp(code: string, name: string, fullName: string, password: string): Promise<void> {
  const answer = await send<Me>('setup', { method: 'POST', json: { code, name, full_name: fullName, password } });
  forget();
  take(answer.data);
}

export async function signOut(): Promise<void> {
  await send('session', { method: 'DELETE' });
  forget();
  setCsrf('');
  await askSetup();
}

export function membership(project: string): Membership | null {
  const now = session.get();
  return now.kind === 'in' ? (now.me.projects.find((one) => one.key === project) ?? null) : null;
}

/** Whether to offer what needs a permission; the server decides. */
export function may(project: string, permission: string): boolean {
  return membership(project)?.permissions.includes(permission) ?? false;
}

/** Whether one sees all of the project, as it is now: news of commits are for these only. */
export function seesAll(project: string): boolean {
  const member = membership(project);
  return member !== null && member.upto === null && member.zones === null;
}
