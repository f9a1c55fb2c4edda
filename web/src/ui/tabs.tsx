// Views of one page, each with an address of its own.
import { address, navigate, place, useQuery } from '../router';

export function useView<V extends string>(views: readonly V[]): V {
  const [view] = useQuery('view');
  return views.find((one) => one === view) ?? views[0]!;
}

/** Another view of the page begins afresh: of the address only `at` stays. */
function showView(view: string | null): void {
  const { path, query } = place.get();
  navigate(address(path, { at: query.get('at'), view }));
}

export function Views<V extends string>(props: { label: string; views: readonly V[]; titles: Record<V, string>; current: V }) {
  return (
    <div class="views" role="group" aria-label={props.label}>
      {props.views.map((view) => (
        <button key={view} type="button" aria-pressed={view === props.current} onClick={() => showView(view === props.views[0] ? null : view)}>
          {props.titles[view]}
        </button>
      ))}
    </div>
  );
}
