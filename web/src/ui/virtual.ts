// TanStack's virtual list for Preact: which rows, or columns, are worth an element.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

export interface VirtualOptions {
  count: number;
  /** Of one of them, in pixels. */
  size: number;
  element: () => HTMLElement | null;
  /** What stands before them inside the scrolling element. */
  head: number;
  /** Columns instead of rows. */
  horizontal?: boolean;
}

type Virtual = Virtualizer<HTMLElement, HTMLElement>;

export function useVirtual(options: VirtualOptions): Virtual {
  const [, wake] = useState({});
  const settings = {
    count: options.count,
    estimateSize: () => options.size,
    horizontal: options.horizontal ?? false,
    getScrollElement: options.element,
    overscan: 12,
    scrollMargin: 0,
    scrollPaddingStart: options.head,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => wake({}),
  };
  const [virtual] = useState<Virtual>(() => new Virtualizer<HTMLElement, HTMLElement>(settings));

  virtual.setOptions(settings);
  useEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  return virtual;
}
