import { useEffect, useRef } from "react";
import type { Texts } from "./api/get-texts.ts";
import { useSaveTexts } from "./api/save-texts.ts";

const SAVE_MS = 800;

type State = "idle" | "saving" | "saved" | "unsaved";

/** Saves at rest, and when the editor is left. */
export function useAutosave(id: string, texts: Texts, stored: Texts): State {
  const { save, saving, failed } = useSaveTexts(id);
  const changed = JSON.stringify(texts) !== JSON.stringify(stored);
  const everSaved = useRef(false);
  const latest = useRef({ texts, changed, save });
  latest.current = { texts, changed, save };
  useEffect(() => {
    if (!changed) return;
    const timer = setTimeout(() => {
      everSaved.current = true;
      latest.current.save(texts);
    }, SAVE_MS);
    return () => clearTimeout(timer);
  }, [changed, texts]);
  useEffect(
    () => () => {
      if (latest.current.changed) latest.current.save(latest.current.texts);
    },
    [],
  );
  if (changed && failed) return "unsaved";
  if (changed || saving) return "saving";
  return everSaved.current ? "saved" : "idle";
}
