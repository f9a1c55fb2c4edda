// A button that opens a small panel in the platform's popover: Esc and a click elsewhere close it.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

export function Menu(props: { label: ComponentChildren; name?: string; class?: string; children: (close: () => void) => ComponentChildren }) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const from = button.current?.getBoundingClientRect();
    const element = panel.current;
    if (!open || from === undefined || element === null) return;
    const left = Math.max(4, Math.min(from.left, window.innerWidth - element.offsetWidth - 4));
    element.style.left = `${left}px`;
    element.style.top = `${Math.min(from.bottom + 2, Math.max(4, window.innerHeight - element.offsetHeight - 4))}px`;
  }, [open]);
  return (
    <>
      <button ref={button} type="button" class={props.class ?? ''} aria-label={props.name} aria-expanded={open} aria-controls={id} onClick={() => panel.current?.togglePopover()}>
        {props.label}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="menu"
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => event.key !== 'Escape' && event.stopPropagation()}
      >
        {open && props.children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
