// Short messages that come and go. An error stays until it is closed.
import { Store } from './store';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 8000;
let last = 0;

export const toasts = new Store<Toast[]>([]);

/** What the newest message with an action does, also after the message went: nobody has to be quick. */
export const lastAction = new Store<Toast['action'] | null>(null);

export function closeToast(id: number): void {
  toasts.update((all) => all.filter((one) => one.id !== id));
}

export function toast(text: string, more: Partial<Pick<Toast, 'tone' | 'action'>> = {}): number {
  const id = ++last;
  toasts.update((all) => [...all.slice(-3), { id, text, tone: 'plain', ...more }]);
  if (more.action !== undefined) lastAction.set(more.action);
  if (more.tone !== 'bad') setTimeout(() => closeToast(id), SHOWN_MS);
  return id;
}
