// Views of one page, each with an address of its own.
import { setQuery, useQuery } from '../router';

export function useView<V extends string>(views: readonly V[]): V {
  const [view] = useQuery('view');
  return views.find((one) => one === view) ?? views[0]!;
}

export function Views<V extends string>(props: { label: string; views: readonly V[]; titles: Record<V, string>; current: V }) {
  return (
    <div class="views" role="group" aria-label={props.label}>
      {props.views.map((view) => (
        <button key={view} type="button" aria-pressed={view === props.current} onClick={() => setQuery({ view: view === props.views[0] ? null : view, q: null, sort: null, cols: null, sel: null }, false)}>
          {props.titles[view]}
        </button>
      ))}
    </div>
  );
}
