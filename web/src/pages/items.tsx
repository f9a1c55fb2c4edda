// Items of the kinds that the table of pages names for this address.
import { t } from '../i18n';
import { PAGES } from '../pages';
import { matchPath, place } from '../router';
import { useStore } from '../state/store';
import { PageHead, type PageProps } from '../ui/basics';
import { ItemGrid } from '../ui/itemgrid';

export default function Items({ project }: PageProps) {
  const { path } = useStore(place);
  const row = PAGES.find((page) => page.kinds !== undefined && matchPath(page.path, path) !== null);
  const title = t(row?.title ?? 'page.items');
  return (
    <>
      <PageHead title={title} />
      <ItemGrid key={row?.path ?? ''} project={project} kinds={[...(row?.kinds ?? [])]} label={title} what={t('list.empty-text')} />
    </>
  );
}
