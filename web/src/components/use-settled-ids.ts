import { type RefObject, useEffect, useMemo, useState } from "react";

export interface SettledIds {
  /** What to show. */
  readonly ids: readonly string[];
  /** How many have arrived and are not shown yet. */
  readonly fresh: number;
  /** Whether the order has changed beneath what is shown. */
  readonly moved: boolean;
  /** Shows everything as it is now. */
  readonly show: () => void;
}

/**
 * Live ids that hold still under the user: while the pointer or the keyboard is in `area`, or it
 * is scrolled, nothing that is on the screen moves. What arrives below the fold is let in;
 * the rest waits, counted, until asked for or until the user has left.
 */
export function useSettledIds(
  latest: readonly string[],
  area: RefObject<HTMLElement | null>,
  /** Index of the last row on the screen. */
  lastVisible: () => number = () => Number.POSITIVE_INFINITY,
): SettledIds {
  const held = useHold(area);
  const [shown, setShown] = useState(latest);
  const stale = shown !== latest;
  if (stale && (!held || samePlaces(shown, latest, lastVisible()))) setShown(latest);
  return useMemo(() => {
    const show = () => setShown(latest);
    if (!stale) return { ids: shown, fresh: 0, moved: false, show };
    const known = new Set(shown);
    const fresh = latest.reduce((n, id) => n + (known.has(id) ? 0 : 1), 0);
    return { ids: shown, fresh, moved: true, show };
  }, [shown, latest, stale]);
}

/** Whether everything down to `last` stays where it is. An empty list has nothing to keep. */
export function samePlaces(
  shown: readonly string[],
  latest: readonly string[],
  last: number,
): boolean {
  if (shown.length === 0) return true;
  if (latest.length < shown.length && last >= latest.length) return false;
  const until = Math.min(last, shown.length - 1);
  for (let at = 0; at <= until; at += 1) if (shown[at] !== latest[at]) return false;
  return true;
}

/** True while the user is busy in `area`. */
function useHold(area: RefObject<HTMLElement | null>): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const listening = new AbortController();
    const { signal } = listening;
    let inside = false;
    // The pointer first: asking where things are makes the browser work it out.
    const update = () => setHeld(inside || isScrolled(element) || isFocused(element));
    const enter = () => {
      inside = true;
      update();
    };
    const leave = () => {
      inside = false;
      update();
    };
    const scrolled = ({ target }: Event) => {
      if (target instanceof Node && target.contains(element)) update();
    };
    element.addEventListener("pointerenter", enter, { signal });
    element.addEventListener("pointerleave", leave, { signal });
    element.addEventListener("pointercancel", leave, { signal });
    document.addEventListener("scroll", scrolled, { signal, passive: true, capture: true });
    element.addEventListener("focusin", update, { signal });
    element.addEventListener("focusout", () => queueMicrotask(update), { signal });
    return () => listening.abort();
  }, [area]);
  return held;
}

const isScrolled = (element: HTMLElement): boolean =>
  element.scrollTop > 0 || element.getBoundingClientRect().top < 0;

/** By keys only: a click leaves the focus behind, and the user may be gone. */
const isFocused = (element: HTMLElement): boolean =>
  element.contains(document.activeElement) &&
  document.activeElement?.matches(":focus-visible") === true;
