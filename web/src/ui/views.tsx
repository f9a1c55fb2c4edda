// The views of a list that were saved: one's own and shared ones, with the present one to be kept under a name.
import { invalidate, projectPath, useRead } from '../api/cache';
import { change } from '../api/edit';
import { send } from '../api/http';
import { isSameView, pageOfView, type SavedView, viewAddress, viewOf } from '../api/views';
import { t } from '../i18n';
import { place } from '../router';
import { may, session } from '../state/session';
import { useStore } from '../state/store';
import { ProblemView, Waiting } from './basics';
import { Form, Input } from './form';
import { Menu } from './menu';
import '../i18n/en/views';

function Saved(props: { project: string; view: SavedView; current: boolean; onGo: () => void }) {
  const { project, view } = props;
  const now = useStore(session);
  const own = now.kind === 'in' && now.me.person.name === view.person;
  return (
    <li>
      <a href={viewAddress(project, view)} aria-current={props.current ? 'true' : undefined} onClick={props.onGo}>
        {view.name}
      </a>
      {view.shared && <span class="dim">{own ? t('views.shared') : t('views.shared-by', { name: view.person })}</span>}
      {(own || may(project, 'admin')) && (
        <button
          type="button"
          class="quiet"
          aria-label={t('views.remove-of', { name: view.name })}
          onClick={() => void change(project, `views/${encodeURIComponent(view.name)}`, { method: 'DELETE' }, own ? {} : { person: view.person })}
        >
          {t('views.remove')}
        </button>
      )}
    </li>
  );
}

export default function Views({ project }: { project: string }) {
  const { path, query } = useStore(place);
  const { data, problem, loading } = useRead<SavedView[]>(projectPath(project, 'views', { at: null }));
  const here = viewOf(path, query);
  const views = (data ?? []).filter((view) => pageOfView(view.address) === pageOfView(here));
  const current = views.find((view) => isSameView(view.address, here));

  const keep = async (value: (name: string) => string): Promise<void> => {
    const name = value('name').trim();
    await send(projectPath(project, `views/${encodeURIComponent(name)}`, { at: null }), { method: 'PUT', json: { address: here, shared: value('shared') === 'on' } });
    invalidate(project);
  };
  return (
    <Menu label={current === undefined ? t('views.title') : t('views.current', { name: current.name })}>
      {(close) => (
        <div class="saved-views">
          {problem !== null && <ProblemView problem={problem} />}
          {loading && <Waiting />}
          {data !== null && views.length === 0 && <p class="dim">{t('views.none')}</p>}
          {views.length > 0 && (
            <ul>
              {views.map((view) => (
                <Saved key={`${view.person} ${view.name}`} project={project} view={view} current={view === current} onGo={close} />
              ))}
            </ul>
          )}
          <Form action={t('views.keep')} onSend={keep} second>
            <Input name="name" label={t('views.name')} hint={t('views.name-hint')} pattern="[^\/]+" />
            {may(project, 'change') && (
              <label>
                <input type="checkbox" name="shared" /> {t('views.share')}
              </label>
            )}
          </Form>
        </div>
      )}
    </Menu>
  );
}
