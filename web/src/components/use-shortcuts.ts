import { useEffect, useRef } from "react";

/** Key (as in `KeyboardEvent.key`, or "g s" for one after the other) to what it does. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 1000;

/** Keys for the page. They do nothing while somebody types, or with a modifier held. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return;
      const sequence = Date.now() - firstAt < SEQUENCE_MS ? `${first} ${event.key}` : "";
      const run = latest.current[sequence] ?? latest.current[event.key];
      first = event.key;
      firstAt = Date.now();
      if (!run) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const text = target instanceof HTMLInputElement && !/^(checkbox|radio|button)$/.test(target.type);
  return text || target.matches("textarea, select, [contenteditable='true'], [role='menu'] *");
}
