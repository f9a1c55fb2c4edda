// What the feeds do not tell: where one is empty, partial or old, nothing found is not the same as nothing there.
import { useRead } from '../api/cache';
import type { FeedRow } from '../api/types';
import { t, words } from '../i18n';

export function FeedNotice() {
  const { data } = useRead<FeedRow[]>('feeds');
  const poor = (data ?? []).filter((row) => row.state !== 'fresh');
  if (poor.length === 0) return null;
  return (
    <p class="notice" role="status">
      <strong>{t('findings.unknown')}</strong> {t('findings.feeds', { feeds: poor.map((row) => `${row.source} (${words(row.state)})`).join(', ') })}
    </p>
  );
}
