// Response time against its budget as a bar; the sum stands beside it in words, so the bar says nothing alone.
import type { SafetyResponse } from '../api/types';
import { t } from '../i18n';
import '../i18n/en/safety';

/** Shares of what is the longer of budget and sum, in per cent; null where one of them is unknown. */
function sharesOf(response: SafetyResponse): { own: number; added: number; budget: number } | null {
  const { own_ms, total_ms, budget_ms } = response;
  if (own_ms === null || total_ms === null || budget_ms === null) return null;
  const whole = Math.max(total_ms, budget_ms, 1);
  return { own: (100 * own_ms) / whole, added: (100 * (total_ms - own_ms)) / whole, budget: (100 * Math.max(budget_ms, 0)) / whole };
}

export function Budget(props: { response: SafetyResponse }) {
  const shares = sharesOf(props.response);
  return (
    <div class="budget">
      {shares === null ? (
        <p class="dim">{t('safety.no-budget')}</p>
      ) : (
        <div class="budget-track" aria-hidden="true">
          <div class="budget-own" style={{ width: `${shares.own}%` }} title={t('safety.own')} />
          <div class="budget-added" style={{ width: `${shares.added}%` }} title={t('safety.added')} />
          <div class="budget-limit" style={{ left: `${shares.budget}%` }} />
        </div>
      )}
      <p class="sum">{props.response.text}</p>
    </div>
  );
}
