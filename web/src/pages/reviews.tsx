// Reviews: items sent to people, what each decided on each, and what moved on since.
import { invalidate, projectPath, useRead } from '../api/cache';
import { send } from '../api/http';
import type { Review, ReviewItem, ReviewRow } from '../api/types';
import { date, t, words } from '../i18n';
import { setQuery, useQuery } from '../router';
import { may, session } from '../state/session';
import { useStore } from '../state/store';
import { toast } from '../state/toasts';
import { Empty, KeyLink, PageHead, type PageProps, Panel, ProblemView, Tag, To, Waiting } from '../ui/basics';
import { Form, Input, Select } from '../ui/form';
import { Table } from '../ui/table';
import '../i18n/en/baselines';
import '../i18n/en/item';

const DECISIONS = ['accepted', 'changes', 'rejected'];
const isOver = (state: string): boolean => state !== 'open' && state !== 'in_progress';
const nameOf = (one: { name?: string | null; by?: string | null; full_name: string | null }): string => one.full_name ?? one.name ?? one.by ?? t('sign.unnamed');
const dueOf = (one: ReviewRow): string => (one.due === null ? '–' : one.overdue ? t('reviews.late', { due: date(one.due) }) : date(one.due));

function List(props: { project: string; rows: ReviewRow[] }) {
  return (
    <Table
      label={t('reviews.all')}
      rows={props.rows}
      rowKey={(one) => one.key}
      columns={[
        {
          title: t('reviews.review'),
          cell: (one) => (
            <To project={props.project} path="reviews" query={{ key: one.key }}>
              {one.key}
            </To>
          ),
        },
        { title: t('reviews.title'), cell: (one) => one.title },
        { title: words('state'), cell: (one) => <Tag name={one.state} /> },
        { title: t('reviews.due'), cell: dueOf },
        { title: t('reviews.items'), cell: (one) => String(one.n_items) },
        { title: t('reviews.open'), cell: (one) => String(one.open) },
      ]}
    />
  );
}

function ItemView({ project, item }: { project: string; item: ReviewItem }) {
  return (
    <>
      <KeyLink project={project} k={item.key} /> {item.title}
      {item.moved_on && <p class="dim">{t('reviews.moved-on', { sent: item.sent, rev: item.rev })}</p>}
      {item.open_comments > 0 && <p class="dim">{t('reviews.comments', { n: item.open_comments })}</p>}
    </>
  );
}

function decisionText(one: ReviewItem['decisions'][number]): string {
  if (one.decision === null) return t('reviews.no-decision');
  return one.stands ? words(one.decision) : t('reviews.over', { decision: words(one.decision) });
}

/** The caller's own decisions, one item at a time: those that are missing first. */
function Deciding({ project, review, me }: { project: string; review: Review; me: string }) {
  const waits = review.items.find((item) => item.decisions.some((one) => one.by === me && !one.stands));
  if (waits === undefined) return null;
  const onSend = async (value: (name: string) => string): Promise<void> => {
    const json = { item: waits.key, rev: waits.rev, decision: value('decision'), text: value('text') };
    await send(projectPath(project, `reviews/${review.key}/decisions`, { at: null }), { method: 'POST', json });
    invalidate(project);
    toast(t('reviews.decided', { key: waits.key, decision: words(json.decision) }));
  };
  return (
    <Panel title={t('reviews.decide', { key: waits.key })}>
      <p>
        <ItemView project={project} item={waits} />
      </p>
      <Form key={waits.key} class="row-form" action={t('reviews.decide', { key: waits.key })} onSend={onSend}>
        <Select name="decision" label={t('reviews.decision')} options={DECISIONS.map((one) => [one, words(one)])} />
        <Input name="text" label={t('reviews.comment')} required={false} />
      </Form>
    </Panel>
  );
}

function Finish({ project, review }: { project: string; review: Review }) {
  if (isOver(review.state) || review.open > 0 || !may(project, 'change')) return null;
  return (
    <Panel title={t('reviews.finish')}>
      <Form
        action={t('reviews.finish')}
        onSend={async () => {
          await send(projectPath(project, `reviews/${review.key}/finish`, { at: null }), { method: 'POST', json: {} });
          invalidate(project);
          toast(t('reviews.finished', { key: review.key }));
        }}
      >
        {null}
      </Form>
    </Panel>
  );
}

function Detail({ project, k }: { project: string; k: string }) {
  const { data, problem, loading } = useRead<Review>(projectPath(project, `reviews/${encodeURIComponent(k)}`, { at: null }));
  const now = useStore(session);
  if (problem !== null) return <ProblemView problem={problem} />;
  if (loading || data === null) return <Waiting />;
  return (
    <>
      <Panel title={`${data.key} ${data.title}`}>
        <p>
          <Tag name={data.state} /> {t('reviews.due')}: {dueOf(data)} · {t('reviews.by')}: {data.reviewers.map(nameOf).join(', ')}
        </p>
        {data.moved_on > 0 && <p>{t('reviews.n-moved', { n: data.moved_on })}</p>}
        <Table
          label={t('reviews.items')}
          rows={data.items}
          rowKey={(one) => one.key}
          columns={[
            { title: t('reviews.items'), cell: (one) => <ItemView project={project} item={one} /> },
            ...data.reviewers.map((who, i) => ({ title: nameOf(who), cell: (one: ReviewItem) => decisionText(one.decisions[i]!) })),
          ]}
        />
        <ul class="plain-list">
          {data.signatures.map((one) => (
            <li key={`${one.time} ${one.meaning}`}>
              {words(one.meaning)}: {one.person ?? t('sign.unnamed')}, {one.standing ? t('reviews.stands') : t('reviews.superseded')}
            </li>
          ))}
        </ul>
        <p>
          <KeyLink project={project} k={data.key} /> {t('reviews.sign')}
        </p>
      </Panel>
      {now.kind === 'in' && !isOver(data.state) && <Deciding project={project} review={data} me={now.me.person.name} />}
      <Finish project={project} review={data} />
    </>
  );
}

function Send({ project }: { project: string }) {
  const onSend = async (value: (name: string) => string): Promise<void> => {
    const given = value('items').trim();
    const due = value('due').trim();
    const items = given.includes(':') ? { q: given } : { items: given.split(/[\s,]+/) };
    const json = { title: value('title'), reviewers: value('reviewers').trim().split(/[\s,]+/), ...items, ...(due === '' ? {} : { due }) };
    const made = await send<{ key: string }>(projectPath(project, 'reviews', { at: null }), { method: 'POST', json });
    invalidate(project);
    toast(t('reviews.sent', { key: made.data.key }));
    setQuery({ key: made.data.key });
  };
  return (
    <Panel title={t('reviews.send')}>
      <Form class="row-form" action={t('reviews.send')} onSend={onSend}>
        <Input name="title" label={t('reviews.title')} />
        <Input name="items" label={t('reviews.items')} hint={t('reviews.items-hint')} />
        <Input name="reviewers" label={t('reviews.reviewers')} hint={t('reviews.reviewers-hint')} />
        <Input name="due" label={t('reviews.due')} required={false} pattern="\d{4}-\d{2}-\d{2}" hint={t('reviews.due-hint')} />
      </Form>
    </Panel>
  );
}

export default function Reviews({ project }: PageProps) {
  const [key] = useQuery('key');
  const { data, problem, loading } = useRead<ReviewRow[]>(projectPath(project, 'reviews', { at: null }));
  return (
    <>
      <PageHead title={t('page.reviews')} note={t('reviews.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('reviews.none')} text={t('reviews.none-text')} />}
      {data !== null && data.length > 0 && (
        <Panel title={t('reviews.all')}>
          <List project={project} rows={data} />
        </Panel>
      )}
      {key !== '' && <Detail key={key} project={project} k={key} />}
      {key === '' && may(project, 'write') && <Send project={project} />}
    </>
  );
}
