import { useState } from "react";

const KEPT = "otis.panel";
/** Where the panel stands beside the page; on a smaller screen it lies over it. */
const BESIDE = "(min-width: 1280px)";

/**
 * Whether the panel is open. Beside the page it is, until she closes it, and what she chose is kept;
 * over the page it is open only while she looks at it.
 */
export function usePanelOpen() {
  const [open, setOpen] = useState(
    () => matchMedia(BESIDE).matches && localStorage.getItem(KEPT) !== "closed",
  );
  const change = (next: boolean) => {
    setOpen(next);
    if (matchMedia(BESIDE).matches) localStorage.setItem(KEPT, next ? "open" : "closed");
  };
  return [open, change] as const;
}
