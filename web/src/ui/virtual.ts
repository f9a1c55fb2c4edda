// TanStack's virtual list for Preact: which rows are worth an element.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

export interface VirtualOptions {
  count: number;
  rowHeight: number;
  element: () => HTMLElement | null;
  /** Height above the rows inside the scrolling element. */
  head: number;
}

type Rows = Virtualizer<HTMLElement, HTMLElement>;

export function useVirtualRows(options: VirtualOptions): Rows {
  const [, wake] = useState({});
  const settings = {
    count: options.count,
    estimateSize: () => options.rowHeight,
    getScrollElement: options.element,
    overscan: 12,
    scrollMargin: 0,
    scrollPaddingStart: options.head,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => wake({}),
  };
  const [rows] = useState<Rows>(() => new Virtualizer<HTMLElement, HTMLElement>(settings));

  rows.setOptions(settings);
  useEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => rows._willUpdate());
  return rows;
}
