// Small parts that every page uses.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../api/problem';
import { t, words } from '../i18n';
import { isSafe } from '../model/link';
import { itemAddress, projectAddress, type Query } from '../router';

/** The project of the page that is shown. */
export interface PageProps {
  project: string;
  params: Record<string, string>;
}

export function PageHead(props: { title: string; note?: string; children?: ComponentChildren }) {
  return (
    <div class="page-head">
      <div class="page-name">
        <h1 tabIndex={-1} data-page-title>
          {props.title}
        </h1>
        {props.note !== undefined && <p class="dim">{props.note}</p>}
      </div>
      <div class="page-actions">{props.children}</div>
    </div>
  );
}

export function Panel(props: { title: string; aside?: ComponentChildren; children: ComponentChildren; class?: string }) {
  return (
    <section class={`panel ${props.class ?? ''}`}>
      <div class="panel-head">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

export function ProblemView(props: { problem: Problem; retry?: () => void }) {
  const { document } = props.problem;
  return (
    <div class="problem" role="alert">
      <strong>{document.status === 0 ? t('problem.network') : document.title || t('problem.title')}</strong>
      <p>{document.detail}</p>
      {(document.near?.length ?? 0) > 0 && <p>{t('problem.near', { names: document.near!.join(', ') })}</p>}
      <p class="dim">
        <code>{document.code}</code>
        {document.pointer !== undefined && <code> {document.pointer}</code>}
      </p>
      {props.retry !== undefined && (
        <button type="button" onClick={props.retry}>
          {t('problem.retry')}
        </button>
      )}
    </div>
  );
}

export function Empty(props: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{props.title}</strong>
      <p>{props.text}</p>
      {props.children !== undefined && <div class="actions">{props.children}</div>}
    </div>
  );
}

const QUIET_MS = 200;

/** Says that something is on its way, but not before a person would notice. */
export function Waiting(props: { text?: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="waiting" role="status">
      {shown ? (props.text ?? t('waiting')) : ' '}
    </p>
  );
}

export function KeyLink(props: { project: string; k: string; title?: string | undefined }) {
  return (
    <a class="key" href={itemAddress(props.project, props.k)} title={props.title}>
      {props.k}
    </a>
  );
}

/** Several of them, in a line. */
export function Keys(props: { project: string; keys: readonly string[] }) {
  return <span class="keys-of">{props.keys.map((key) => [<KeyLink key={key} project={props.project} k={key} />, ' '])}</span>;
}

/** Where the work is followed: a link where it is an address, else as it was written. */
export function Ticket(props: { ticket: string; state?: string | null }) {
  const text = props.state ?? props.ticket;
  if (!isSafe(props.ticket)) return <>{text}</>;
  return (
    <a href={props.ticket} rel="noreferrer noopener">
      {text}
    </a>
  );
}

export function To(props: { project: string; path: string; query?: Query; children: ComponentChildren; class?: string }) {
  return (
    <a class={props.class} href={projectAddress(props.project, props.path, props.query)}>
      {props.children}
    </a>
  );
}

const TONES: Record<string, string> = {
  approved: 'ok',
  closed: 'ok',
  done: 'ok',
  verified: 'ok',
  recorded: 'ok',
  standing: 'ok',
  superseded: 'warn',
  in_review: 'warn',
  current: 'ok',
  passed: 'ok',
  expired: 'bad',
  other_version: 'bad',
  expiring: 'warn',
  not_approved: 'warn',
  partly: 'warn',
  skipped: 'dim',
  not_run: 'unk',
  no_test: 'unk',
  in_progress: 'warn',
  claimed: 'warn',
  suspect: 'warn',
  retired: 'dim',
  removed: 'dim',
  open: 'bad',
  failed: 'bad',
  blocked: 'warn',
  unknown: 'unk',
  fresh: 'ok',
  partial: 'bad',
  empty: 'bad',
  stale: 'warn',
  met: 'ok',
  held: 'ok',
  acceptable: 'ok',
  not_acceptable: 'bad',
  not_met: 'bad',
  response: 'bad',
  probability: 'bad',
  hindered: 'bad',
  below: 'bad',
  conflict: 'bad',
  unassessed: 'unk',
  reopened: 'warn',
  unrated: 'unk',
  trusted: 'ok',
  withdrawn: 'bad',
  unchecked: 'unk',
};
const SIGNS: Record<string, string> = { ok: '✓', warn: '◐', bad: '▼', unk: '?', dim: '–' };

/** A state or status: colour, sign and word. */
export function Tag(props: { name: string }) {
  const tone = TONES[props.name] ?? 'plain';
  return (
    <span class={`tag ${tone}`}>
      {SIGNS[tone] !== undefined && <span aria-hidden="true">{SIGNS[tone]} </span>}
      {words(props.name)}
    </span>
  );
}

/** A count that is drawn and written. */
export function Bar(props: { label: string; value: number; of: number; text: string; href?: string }) {
  const share = props.of === 0 ? 0 : (100 * props.value) / props.of;
  return (
    <div class="bar">
      <span>{props.href === undefined ? props.label : <a href={props.href}>{props.label}</a>}</span>
      <div class="bar-track" aria-hidden="true">
        <div class="bar-fill" style={{ width: `${share}%` }} />
      </div>
      <span class="dim bar-text">{props.text}</span>
    </div>
  );
}
