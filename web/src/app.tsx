// The frame: who is here, where we are, and the page of the address.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { follow } from './api/live';
import { number, t } from './i18n';
import { type NavGroup, PAGES, type PageRow } from './pages';
import { matchPath, place, projectAddress, setQuery, useQuery } from './router';
import { may, membership, seesAll, session, signOut, startSession } from './state/session';
import { singleKeys, theme, type Theme } from './state/settings';
import { useStore } from './state/store';
import type { Me, ProjectSummary } from './api/types';
import { useRead } from './api/cache';
import { Empty, PageHead, ProblemView, Waiting } from './ui/basics';
import { Conflicts } from './ui/conflict';
import { KeyHelp } from './ui/keyhelp';
import { Lazy } from './ui/lazy';
import { Menu } from './ui/menu';
import { Toasts } from './ui/toasts';

const loadPalette = () => import('./ui/palette');
const loadSignIn = () => import('./pages/signin');
const GROUPS: readonly NavGroup[] = ['top', 'engineer', 'prove', 'manage'];

interface Match {
  row: PageRow;
  params: Record<string, string>;
}

function matchPage(path: string): Match | null {
  for (const row of PAGES) {
    const params = matchPath(row.path, path);
    if (params !== null) return { row, params };
  }
  return null;
}

function isOffered(page: PageRow, project: string): boolean {
  if (page.permission !== undefined && !may(project, page.permission)) return false;
  return page.auditors === undefined || seesAll(project) || (page.auditors === 'commit' && membership(project)?.zones === null);
}

function Navigation(props: { project: string; row: PageRow | null }) {
  const nav = useRef<HTMLElement>(null);
  // on a narrow window the pages are one line that is scrolled
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [props.row]);
  const rows = (group: NavGroup): PageRow[] => PAGES.filter((page) => page.nav === group && isOffered(page, props.project));
  return (
    <nav ref={nav} aria-label={t('nav.main')}>
      {GROUPS.map((group) => (
        <div key={group} class="nav-group">
          {group !== 'top' && <span class="nav-title">{t(`nav.${group}`)}</span>}
          <ul>
            {rows(group).map((page) => (
              <li key={page.path}>
                <a href={projectAddress(props.project, page.path.replace('/p/:project/', ''))} aria-current={page === props.row || page.title === props.row?.title ? 'page' : undefined}>
                  {t(page.title)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function AsOf(props: { project: string }) {
  const [at, setAt] = useQuery('at');
  const projects = useRead<ProjectSummary[]>('/api/v1/projects').data;
  const commits = projects?.find((one) => one.key === props.project)?.commits;
  const upto = membership(props.project)?.upto ?? null;
  const [text, setText] = useState(at);
  const newest = upto !== null ? t('asof.upto', { n: number(upto) }) : commits === undefined ? t('asof.now') : t('asof.commit', { n: number(commits) });
  return (
    <Menu class={at === '' && upto === null ? 'as-of' : 'as-of past'} label={at === '' ? newest : t('asof.at', { at })}>
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setAt(text.trim());
            close();
          }}
        >
          <div class="field">
            <label for="as-of">{t('asof.label')}</label>
            <input id="as-of" value={text} onInput={(event) => setText(event.currentTarget.value)} placeholder={t('asof.placeholder')} />
          </div>
          <div class="actions">
            <button type="submit" class="primary">
              {t('asof.show')}
            </button>
            <button
              type="button"
              onClick={() => {
                setText('');
                setQuery({ at: null });
                close();
              }}
            >
              {t('asof.now')}
            </button>
          </div>
        </form>
      )}
    </Menu>
  );
}

function PersonMenu(props: { me: Me; onKeys: () => void }) {
  const now = useStore(theme);
  return (
    <Menu label={`${props.me.person.full_name || props.me.person.name} ▾`} class="quiet">
      {(close) => (
        <div class="person-menu">
          <fieldset class="choices column">
            <legend>{t('theme.label')}</legend>
            {(['auto', 'light', 'dark'] as Theme[]).map((one) => (
              <label key={one}>
                <input type="radio" name="theme" checked={now === one} onChange={() => theme.set(one)} /> {t(`theme.${one}`)}
              </label>
            ))}
          </fieldset>
          <a href="/projects" onClick={close}>
            {t('page.projects')}
          </a>
          {props.me.person.operator && (
            <>
              <a href="/people" onClick={close}>
                {t('page.people')}
              </a>
              <a href="/audit" onClick={close}>
                {t('page.audit-all')}
              </a>
            </>
          )}
          <a href="/account" onClick={close}>
            {t('page.account')}
          </a>
          <button
            type="button"
            onClick={() => {
              close();
              props.onKeys();
            }}
          >
            {t('keys.title')}
          </button>
          <button type="button" onClick={() => void signOut()}>
            {t('signout')}
          </button>
        </div>
      )}
    </Menu>
  );
}

function Page(props: { match: Match | null }) {
  const { match } = props;
  useEffect(() => {
    document.title = match === null ? 'Zonewright' : `${match.params['key'] ?? t(match.row.title)} - Zonewright`;
  }, [match?.row, match?.params['key']]);
  if (match === null)
    return (
      <>
        <PageHead title={t('page.none')} />
        <Empty title={t('page.none')} text={t('page.none-text')}>
          <a class="button" href="/projects">
            {t('page.projects')}
          </a>
        </Empty>
      </>
    );
  const project = match.params['project'];
  if (project !== undefined && membership(project) === null) return <Empty title={t('project.none')} text={t('project.none-text', { key: project })} />;
  return <Lazy key={match.row.path + (match.params['key'] ?? '')} load={match.row.load} with={{ project: project ?? '', params: match.params }} />;
}

type Overlay = 'palette' | 'keys' | null;

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

function useShortcuts(open: (overlay: Overlay) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') open('palette');
      else if (event.key === '?' && singleKeys.get() && !isTyping(event.target)) open('keys');
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function Frame(props: { me: Me }) {
  const { path } = useStore(place);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const match = useMemo(() => matchPage(path), [path]);
  const project = match?.params['project'] ?? null;
  const member = project === null ? null : membership(project);
  const known = member === null ? null : project;

  useShortcuts(setOverlay);
  useEffect(() => (known === null || !seesAll(known) ? undefined : follow(known)), [known]);
  useEffect(() => document.querySelector<HTMLElement>('main')?.scrollTo(0, 0), [path]);
  return (
    <div class={known === null ? 'frame plain' : 'frame'}>
      <a class="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header>
        <a class="brand" href="/projects">
          Zonewright
        </a>
        {member !== null && (
          <a class="crumb" href={projectAddress(member.key, '')}>
            {member.title}
          </a>
        )}
        {member?.sample && <span class="tag warn">{t('project.sample')}</span>}
        <div class="spacer" />
        {known !== null && (
          <button type="button" class="search" onClick={() => setOverlay('palette')}>
            <span>{t('palette.button')}</span> <kbd>Ctrl K</kbd>
          </button>
        )}
        {known !== null && <AsOf key={known} project={known} />}
        <PersonMenu me={props.me} onKeys={() => setOverlay('keys')} />
      </header>
      {known !== null && <Navigation project={known} row={match?.row ?? null} />}
      <main id="main" tabIndex={-1}>
        <Page match={match} />
      </main>
      {overlay === 'palette' && <Lazy load={loadPalette} with={{ project: known, onClose: () => setOverlay(null) }} />}
      {overlay === 'keys' && <KeyHelp onClose={() => setOverlay(null)} />}
      <Conflicts />
      <Toasts />
    </div>
  );
}

export function App() {
  const now = useStore(session);
  useEffect(() => void startSession(), []);
  switch (now.kind) {
    case 'asking':
      return <Waiting />;
    case 'failed':
      return (
        <main class="alone">
          <ProblemView problem={now.problem} retry={() => void startSession()} />
        </main>
      );
    case 'out':
      return <Lazy load={loadSignIn} with={{ setup: now.setup, provider: now.provider }} />;
    case 'in':
      return <Frame me={now.me} />;
  }
}
