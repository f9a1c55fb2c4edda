// A way from item to item, each to be opened.
import { KeyLink } from './basics';

export function ItemPath(props: { project: string; path: readonly string[] }) {
  return (
    <span class="item-path">
      {props.path.map((key, i) => (
        <span key={`${i} ${key}`}>
          {i > 0 && <span aria-hidden="true"> › </span>}
          <KeyLink project={props.project} k={key} />
        </span>
      ))}
    </span>
  );
}
