// Which projects there are for me, and a new one: empty or the sample plant.
import { useEffect, useState } from 'preact/hooks';
import { useRead } from '../api/cache';
import { send } from '../api/http';
import { problemFrom, type Problem } from '../api/problem';
import type { ProjectSummary } from '../api/types';
import { dateTime, t } from '../i18n';
import { navigate, place, projectAddress } from '../router';
import { renewSession, session } from '../state/session';
import { useStore } from '../state/store';
import { Empty, PageHead, Panel, ProblemView, Waiting } from '../ui/basics';
import '../i18n/en/projects';

function NewProject() {
  const [key, setKey] = useState('');
  const [title, setTitle] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  const create = async (sample: boolean): Promise<void> => {
    setBusy(true);
    try {
      const json = sample ? { key: key || 'SAMPLE', title: title || t('project.sample-title'), sample: true } : { key, title };
      await send('projects', { method: 'POST', json });
      await renewSession();
      navigate(projectAddress(json.key, ''));
    } catch (error) {
      setProblem(problemFrom(error));
      setBusy(false);
    }
  };
  return (
    <Panel title={t('projects.new')}>
      <form
        class="row-form"
        onSubmit={(event) => {
          event.preventDefault();
          void create(false);
        }}
      >
        <div class="field">
          <label for="project-key">{t('project.key')}</label>
          <input id="project-key" required pattern="[A-Z][A-Z0-9_]*" value={key} onInput={(event) => setKey(event.currentTarget.value.toUpperCase())} aria-describedby="project-key-hint" />
          <span id="project-key-hint" class="dim">
            {t('project.key-hint')}
          </span>
        </div>
        <div class="field">
          <label for="project-title">{t('project.title')}</label>
          <input id="project-title" required value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </div>
        <div class="actions">
          <button type="submit" class="primary" disabled={busy}>
            {t('projects.create')}
          </button>
          <button type="button" disabled={busy} onClick={() => void create(true)}>
            {t('projects.create-sample')}
          </button>
        </div>
      </form>
      {problem !== null && <ProblemView problem={problem} />}
    </Panel>
  );
}

export default function Projects() {
  const { path } = useStore(place);
  const now = useStore(session);
  const me = now.kind === 'in' ? now.me : null;
  const { data, problem, loading } = useRead<ProjectSummary[]>('/api/v1/projects');
  const only = me?.projects.length === 1 ? me.projects[0]! : null;

  useEffect(() => {
    if (path === '/' && only !== null) navigate(projectAddress(only.key, ''), true);
  }, [path, only?.key]);
  return (
    <>
      <PageHead title={t('page.projects')} note={t('projects.note')} />
      {problem !== null && <ProblemView problem={problem} />}
      {loading && <Waiting />}
      {data?.length === 0 && <Empty title={t('projects.none')} text={t('projects.none-text')} />}
      {data !== null && data.length > 0 && (
        <ul class="cards">
          {data.map((project) => (
            <li key={project.key} class="panel">
              <a class="card-title" href={projectAddress(project.key, '')}>
                {project.title}
              </a>
              <span class="dim">
                {project.key} · {t('projects.commits', { n: project.commits })} · {dateTime(project.changed)}
              </span>
              {project.sample && <span class="tag warn">{t('project.sample')}</span>}
            </li>
          ))}
        </ul>
      )}
      {me?.person.operator && <NewProject />}
    </>
  );
}
