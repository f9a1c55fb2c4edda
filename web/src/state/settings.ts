// What a person set for this browser. A browser that keeps nothing (private windows) is no error: the setting lasts as
// long as the page.
import { Store } from './store';

export type Theme = 'auto' | 'light' | 'dark';

function read(name: string): string | null {
  try {
    return localStorage.getItem(`zonewright.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`zonewright.${name}`, value);
  } catch {
    // kept for this page only
  }
}

const themeRead = read('theme');
export const theme = new Store<Theme>(themeRead === 'light' || themeRead === 'dark' ? themeRead : 'auto');
/** Whether j, k, x, e and ? act alone; Ctrl K always does. */
export const singleKeys = new Store<boolean>(read('keys') !== 'off');

const stepsRead = read('steps');
/** Which of the first steps were taken. */
export const stepsTaken = new Store<ReadonlySet<string>>(new Set(stepsRead === null ? [] : stepsRead.split(',')));

function showTheme(): void {
  document.documentElement.dataset['theme'] = theme.get();
}

export function keepSettings(): void {
  showTheme();
  theme.subscribe(() => {
    showTheme();
    write('theme', theme.get());
  });
  stepsTaken.subscribe(() => write('steps', [...stepsTaken.get()].join(',')));
  singleKeys.subscribe(() => write('keys', singleKeys.get() ? 'on' : 'off'));
}
