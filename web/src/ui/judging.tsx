// What a person says of a suspect link: that it still holds, or that it is looked at later. Letters do the same as the buttons.
import { useRef } from 'preact/hooks';
import { change } from '../api/edit';
import type { Suspect } from '../api/types';
import { t } from '../i18n';
import { itemAddress, navigate } from '../router';
import { toast } from '../state/toasts';
import { Input } from './form';
import { useLetters } from './letters';
import '../i18n/en/suspects';

export function Judging(props: { project: string; row: Suspect; onStep: (by: number) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const { project, row } = props;

  const judge = async (what: 'confirm' | 'defer') => {
    const given = new FormData(form.current!);
    const reason = String(given.get('reason') ?? '');
    const until = what === 'defer' ? { until: String(given.get('until') ?? '') } : {};
    const { from, type, to, as } = row.link;
    const json = { links: [{ from, type, to, as, revs: row.revs }], reason, ...until };
    if (await change(project, `suspects/${what}`, { method: 'POST', json })) toast(t(what === 'confirm' ? 'suspects.confirmed' : 'suspects.deferred'));
  };
  const focus = (name: string) => form.current?.querySelector<HTMLInputElement>(`[name="${name}"]`)?.focus();
  const update = () => navigate(itemAddress(project, row.other.key));

  useLetters({ j: () => props.onStep(1), k: () => props.onStep(-1), c: () => focus('reason'), d: () => focus('until'), u: update });
  return (
    <form
      ref={form}
      data-guarded
      onSubmit={(event) => {
        event.preventDefault();
        void judge('confirm');
      }}
    >
      <Input name="reason" label={t('suspects.reason')} hint={t('suspects.reason-hint')} />
      <Input name="until" label={t('suspects.until')} required={false} pattern="\d{4}-\d{2}-\d{2}" hint={t('suspects.until-hint')} />
      <div class="actions">
        <button type="submit" class="primary">
          {t('suspects.confirm')}
        </button>
        <button type="button" onClick={update}>
          {t('suspects.update', { key: row.other.key })}
        </button>
        <button type="button" onClick={() => form.current?.reportValidity() && void judge('defer')}>
          {t('suspects.defer')}
        </button>
      </div>
      <p class="dim">{t('suspects.keys')}</p>
    </form>
  );
}
