// Who I am here, and what I may do where.
import { t, words } from '../i18n';
import { projectAddress } from '../router';
import { session } from '../state/session';
import { useStore } from '../state/store';
import { Empty, PageHead, Panel } from '../ui/basics';

export default function Account() {
  const now = useStore(session);
  if (now.kind !== 'in') return null;
  const { person, projects, totp } = now.me;
  return (
    <>
      <PageHead title={person.full_name || person.name} note={person.operator ? t('account.operator') : person.name} />
      <Panel title={t('account.roles')}>
        {projects.length === 0 ? (
          <Empty title={t('account.no-roles')} text={t('account.no-roles-text')} />
        ) : (
          <div class="scroll" role="region" aria-label={t('account.roles')} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('account.project')}</th>
                  <th scope="col">{t('account.roles')}</th>
                  <th scope="col">{t('account.permissions')}</th>
                </tr>
              </thead>
              <tbody>
                {projects.map((project) => (
                  <tr key={project.key}>
                    <td>
                      <a href={projectAddress(project.key, '')}>{project.title}</a>
                    </td>
                    <td>{project.roles.map(words).join(', ')}</td>
                    <td>{project.permissions.map(words).join(', ')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      <p class="dim">{t(totp ? 'account.totp-on' : 'account.totp-off')}</p>
    </>
  );
}
