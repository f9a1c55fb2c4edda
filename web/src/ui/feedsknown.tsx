// Whether what a page shows of vulnerabilities is known: the server says so, and why not.
import { useRead } from '../api/cache';
import { API } from '../api/http';
import { t } from '../i18n';
import { Tag, To } from './basics';
import '../i18n/en/feeds';

export interface FeedsKnown {
  state: 'known' | 'unknown';
  because: string | null;
}

/** `project` is where the page of the feeds is, or null on that page. */
export function FeedsNote(props: { project: string | null; feeds: FeedsKnown }) {
  if (props.feeds.state === 'known') return null;
  return (
    <p role="status">
      <Tag name="unknown" /> {t('feeds.unknown', { because: props.feeds.because ?? '' })}{' '}
      {props.project !== null && (
        <To project={props.project} path="feeds">
          {t('page.feeds')}
        </To>
      )}
    </p>
  );
}

/** The same, asked for by a page that shows nothing else of the feeds. */
export function FeedHealth(props: { project: string }) {
  const { data } = useRead<{ feeds: FeedsKnown }>(`${API}/feeds/health`);
  return data === null ? null : <FeedsNote project={props.project} feeds={data.feeds} />;
}
