// Letters that do what buttons of a page do, where nobody types and single keys are on.
import { useEffect } from 'preact/hooks';
import { singleKeys } from '../state/settings';

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, dialog, [contenteditable]') !== null;

export function useLetters(actions: Record<string, () => void>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actions[event.key];
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !singleKeys.get()) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
