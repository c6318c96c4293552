import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { lazyView } from "../components/lazy-view.tsx";
import { useShortcuts } from "../components/use-shortcuts.ts";

const CommandPalette = lazyView(() => import("./command-palette.tsx"));
const KeyboardHelp = lazyView(() => import("./keyboard-help.tsx"));

/** Keys that work on every page. What they open is loaded with the first press. */
export function Keyboard() {
  const [, go] = useLocation();
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  useShortcuts({
    "g s": () => go("/"),
    "g q": () => go("/queue"),
    "g i": () => go("/insights"),
    "g n": () => go("/inbox"),
    "g ,": () => go("/settings"),
    "/": () => document.querySelector<HTMLInputElement>("main [data-search]")?.focus(),
    "?": () => setOpen("help"),
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen("palette");
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  const close = () => setOpen(null);
  return (
    <>
      {open === "palette" ? (
        <CommandPalette onClose={close} onHelp={() => setOpen("help")} />
      ) : null}
      {open === "help" ? <KeyboardHelp onClose={close} /> : null}
    </>
  );
}
