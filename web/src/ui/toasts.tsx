import { t } from '../i18n';
import { useStore } from '../state/store';
import { closeToast, toasts } from '../state/toasts';

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useStore(toasts).map((one) => (
        <div key={one.id} class={`toast ${one.tone}`}>
          <span>{one.text}</span>
          {one.action !== undefined && (
            <button
              type="button"
              onClick={() => {
                closeToast(one.id);
                one.action?.run();
              }}
            >
              {one.action.label}
            </button>
          )}
          <button type="button" class="quiet" aria-label={t('close')} onClick={() => closeToast(one.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
