// What a key does in a grid. Pure, so that it can be tested without a page.

export interface GridState {
  row: number;
  column: number;
}

export type GridAct =
  | { act: 'move'; to: GridState }
  | { act: 'select' | 'select-all' | 'edit' | 'open' | 'leave' };

export interface GridExtent {
  rows: number;
  columns: number;
  /** Rows that fit in the view. */
  page: number;
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

function moved(key: string, at: GridState, extent: GridExtent): GridState | null {
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return { ...at, row: at.row + 1 };
    case 'k':
    case 'ArrowUp':
      return { ...at, row: at.row - 1 };
    case 'ArrowRight':
      return { ...at, column: at.column + 1 };
    case 'ArrowLeft':
      return { ...at, column: at.column - 1 };
    case 'PageDown':
      return { ...at, row: at.row + extent.page };
    case 'PageUp':
      return { ...at, row: at.row - extent.page };
    case 'Home':
      return { ...at, column: 0 };
    case 'End':
      return { ...at, column: extent.columns - 1 };
    default:
      return null;
  }
}

const ACTS: Record<string, 'select' | 'edit' | 'open' | 'leave'> = { x: 'select', ' ': 'select', e: 'edit', F2: 'edit', Enter: 'open', Escape: 'leave' };

/** What the key does, or null for nothing; `single` tells whether letters act. */
export function gridKey(press: KeyPress, at: GridState, extent: GridExtent, single: boolean): GridAct | null {
  const { key } = press;
  const command = press.ctrlKey || press.metaKey;

  if (press.altKey || (!single && /^[a-z]$/.test(key) && !command)) return null;
  if (command) {
    if (key === 'a') return { act: 'select-all' };
    if (key === 'Home') return { act: 'move', to: { row: 0, column: 0 } };
    if (key === 'End') return { act: 'move', to: { row: Math.max(0, extent.rows - 1), column: extent.columns - 1 } };
    return null;
  }
  const to = moved(key, at, extent);
  if (to !== null) return { act: 'move', to: { row: clamp(to.row, extent.rows - 1), column: clamp(to.column, extent.columns - 1) } };
  const act = ACTS[key];
  return act === undefined ? null : { act };
}
