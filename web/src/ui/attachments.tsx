// The files of an item: kept by their content, brought in with progress, taken away with an undo.
import { useRef, useState } from 'preact/hooks';
import { invalidate, projectPath } from '../api/cache';
import { change } from '../api/edit';
import { problemFrom } from '../api/problem';
import type { Attachment, FullItem } from '../api/types';
import { upload } from '../api/upload';
import { bytes, t } from '../i18n';
import { toast } from '../state/toasts';
import '../i18n/en/item';

interface Sending {
  name: string;
  share: number;
  stop: () => void;
}

const nativePath = (item: FullItem, name: string): string => `items/${encodeURIComponent(item.key)}/attachments/${encodeURIComponent(name)}`;

/** Its content stays in the history, so it is put back by its hash. */
function attachAgain(project: string, item: FullItem, file: Attachment): void {
  const operation = { op: 'attach', item: item.key, name: file.name, digest: file.sha256, media: file.media };
  void change(project, 'changes', { method: 'POST', body: `${JSON.stringify(operation)}\n`, type: 'application/x-ndjson' });
}

async function remove(project: string, item: FullItem, file: Attachment): Promise<void> {
  if (await change(project, nativePath(item, file.name), { method: 'DELETE' }))
    toast(t('attach.removed', { name: file.name }), { action: { label: t('edit.undo'), run: () => attachAgain(project, item, file) } });
}

export function Attachments(props: { project: string; item: FullItem; editable: boolean }) {
  const { project, item } = props;
  const [sending, setSending] = useState<Sending | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const files = item.attachments ?? [];

  const send = async (file: File): Promise<boolean> => {
    const abort = new AbortController();
    const show = (share: number): void => setSending({ name: file.name, share, stop: () => abort.abort() });
    show(0);
    try {
      await upload(projectPath(project, nativePath(item, file.name), { at: null }), { method: 'PUT', body: file, signal: abort.signal, onSent: (sent) => show(sent.share) });
      return true;
    } catch (error) {
      if (!abort.signal.aborted) toast(t('attach.refused', { name: file.name, detail: problemFrom(error).message }), { tone: 'bad' });
      return false;
    }
  };
  const sendAll = async (chosen: File[]): Promise<void> => {
    for (const file of chosen) if (!(await send(file))) break;
    setSending(null);
    if (input.current !== null) input.current.value = '';
    invalidate(project);
  };
  return (
    <>
      {files.length === 0 && <p class="dim">{t('attach.none')}</p>}
      <ul class="link-list">
        {files.map((file) => (
          <li key={file.name}>
            <a class="link-title" download={file.name} href={projectPath(project, `attachments/${file.sha256}`)} title={file.sha256}>
              {file.name}
            </a>
            <span class="dim">{bytes(file.size)}</span>
            {props.editable && (
              <button type="button" class="quiet" aria-label={t('attach.remove', { name: file.name })} onClick={() => void remove(project, item, file)}>
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {sending !== null && (
        <div class="job" role="status">
          <strong>{sending.name}</strong>
          <progress aria-label={t('attach.sending', { name: sending.name })} max={1} value={sending.share} />
          <button type="button" onClick={sending.stop}>
            {t('cancel')}
          </button>
        </div>
      )}
      {props.editable && sending === null && (
        <div class="field">
          <label for="attach-files">{t('attach.add')}</label>
          <input id="attach-files" ref={input} type="file" multiple onChange={(event) => void sendAll([...(event.currentTarget.files ?? [])])} />
        </div>
      )}
    </>
  );
}
