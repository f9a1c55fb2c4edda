// A value that components follow. Whoever sets an equal value wakes nobody.
import { useEffect, useState } from 'preact/hooks';

export class Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

export function useStore<T>(store: Store<T>): T {
  const [, wake] = useState({});
  const seen = store.get();

  useEffect(() => {
    const stop = store.subscribe(() => wake({}));
    if (!Object.is(seen, store.get())) wake({}); // set after it was drawn and before it was followed
    return stop;
  }, [store]);
  return seen;
}
