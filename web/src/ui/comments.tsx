// What was said about an item, in place: written, changed by who wrote it, settled and opened again.
import { useId, useState } from 'preact/hooks';
import { projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import type { Comment } from '../api/types';
import { dateTime, t } from '../i18n';
import { ProblemView, Waiting } from './basics';
import { Markdown } from './markdown';
import '../i18n/en/item';

/** Says whether it was taken. */
type Send = (text: string) => Promise<boolean>;

function Writer(props: { label: string; action: string; text?: string; onSend: Send; onLeave?: () => void }) {
  const id = useId();
  const [text, setText] = useState(props.text ?? '');
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    if (await props.onSend(text.trim())) setText('');
    setBusy(false);
  };
  return (
    <form
      data-guarded
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="field">
        <label for={id}>{props.label}</label>
        <textarea
          id={id}
          rows={3}
          required
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </div>
      <div class="actions">
        <button type="submit" disabled={busy || text.trim() === ''}>
          {props.action}
        </button>
        {props.onLeave !== undefined && (
          <button type="button" onClick={props.onLeave}>
            {t('cancel')}
          </button>
        )}
      </div>
    </form>
  );
}

function CommentView(props: { comment: Comment; mayComment: boolean; set: (patch: { text?: string; resolved?: boolean }) => Promise<boolean> }) {
  const { comment } = props;
  const [editing, setEditing] = useState(false);
  const who = comment.full_name ?? comment.by ?? t('sign.unnamed');

  if (editing)
    return (
      <Writer
        label={t('comment.edit-label')}
        action={t('item.save')}
        text={comment.text}
        onLeave={() => setEditing(false)}
        onSend={async (text) => {
          const taken = await props.set({ text });
          if (taken) setEditing(false);
          return taken;
        }}
      />
    );
  const content = (
    <>
      <Markdown text={comment.text} />
      {props.mayComment && (
        <div class="actions">
          {comment.own && !comment.resolved && (
            <button type="button" class="quiet" onClick={() => setEditing(true)} aria-label={t('comment.edit-of', { text: comment.text.slice(0, 40) })}>
              {t('item.edit')}
            </button>
          )}
          <button type="button" class="quiet" onClick={() => void props.set({ resolved: !comment.resolved })}>
            {t(comment.resolved ? 'comment.reopen' : 'comment.resolve')}
          </button>
        </div>
      )}
    </>
  );
  const head = (
    <span class="dim">
      <strong>{who}</strong> · <time dateTime={comment.created}>{dateTime(comment.created)}</time>
      {comment.edited !== null && (
        <>
          {' '}
          · <span title={dateTime(comment.edited)}>{t('comment.edited')}</span>
        </>
      )}
    </span>
  );
  if (!comment.resolved)
    return (
      <>
        <p>{head}</p>
        {content}
      </>
    );
  return (
    <details class="branch">
      <summary>
        {head} <span class="tag ok">✓ {t('comment.resolved-by', { name: comment.resolved_by_name ?? comment.resolved_by ?? t('sign.unnamed') })}</span>
      </summary>
      {content}
    </details>
  );
}

export function Comments(props: { project: string; k: string; mayComment: boolean }) {
  const { project, mayComment } = props;
  const path = `items/${encodeURIComponent(props.k)}/comments`;
  const { data, problem, loading } = useRead<Comment[]>(projectPath(project, path));

  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading) return <Waiting />;
  return (
    <>
      {data?.length === 0 && <p class="dim">{t('comment.none')}</p>}
      <ol class="plain-list comments">
        {(data ?? []).map((comment) => (
          <li key={comment.id}>
            <CommentView comment={comment} mayComment={mayComment} set={(json) => change(project, `${path}/${comment.id}`, { method: 'PATCH', json, type: 'application/merge-patch+json' })} />
          </li>
        ))}
      </ol>
      {mayComment && <Writer label={t('comment.label')} action={t('comment.add')} onSend={(text) => change(project, path, { method: 'POST', json: { text } })} />}
    </>
  );
}
