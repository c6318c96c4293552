import { type KeyboardEvent, useState } from "react";

interface Options {
  readonly ids: readonly string[];
  /** Rows that fit on a page. */
  readonly page: () => number;
  readonly isSelected: (id: string) => boolean;
  readonly onSelect: (ids: readonly string[], selected: boolean) => void;
  readonly onOpen: (id: string) => void;
  readonly reveal: (index: number) => void;
}

/**
 * One row is active; arrows move it, Space selects it, Shift selects all from the anchor, Enter
 * opens it. The focus itself stays on the grid: rows come and go beneath it.
 */
export function useGridKeys({ ids, page, isSelected, onSelect, onOpen, reveal }: Options) {
  const [active, setActive] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<string | null>(null);
  const at = active === null ? -1 : ids.indexOf(active);

  const between = (a: string | null, b: string): readonly string[] => {
    const from = a === null ? -1 : ids.indexOf(a);
    const to = ids.indexOf(b);
    if (from < 0) return [b];
    return ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  };
  const moveTo = (index: number, extend: boolean) => {
    const next = Math.min(Math.max(index, 0), ids.length - 1);
    const id = ids[next];
    if (id === undefined) return;
    if (extend) onSelect(between(anchor ?? active, id), true);
    setAnchor(extend ? (anchor ?? active ?? id) : id);
    setActive(id);
    reveal(next);
  };
  /** A click on a row's box: with Shift, everything from the last one on. */
  const toggle = (id: string, extend: boolean) => {
    onSelect(extend ? between(anchor, id) : [id], extend || !isSelected(id));
    setActive(id);
    setAnchor(id);
  };

  /** Where a key moves to; null for a key that does not move. */
  const target = (key: string): number | null => {
    switch (key) {
      case "ArrowDown":
      case "j":
        return at + 1;
      case "ArrowUp":
      case "k":
        return at - 1;
      case "PageDown":
        return at + page();
      case "PageUp":
        return at - page();
      case "Home":
        return 0;
      case "End":
        return ids.length - 1;
      default:
        return null;
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const { key, shiftKey } = event;
    const next = target(key);
    if (event.ctrlKey || event.metaKey) {
      if (key !== "a") return;
      onSelect(ids, true);
    } else if (next !== null) moveTo(next, shiftKey);
    else if (key === " " && active !== null) toggle(active, shiftKey);
    else if (key === "x" && active !== null) toggle(active, false);
    else if (key === "Enter" && active !== null) onOpen(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { active, setActive, toggle, onKeyDown };
}
