import { useEffect, useRef, useState } from "react";
import { useSaveStageData, useStageData } from "../../lib/api/stage-data.ts";

const SAVE_MS = 600;

/** The text in the box: kept by the session itself, so that neither reload nor device loses it. */
export function useDraft(sessionId: string) {
  const stored = useStageData(sessionId, "scraping");
  const { mutate: save } = useSaveStageData(sessionId, "scraping");
  const [typed, setTyped] = useState<string | null>(null);
  const kept = typeof stored.data?.draft === "string" ? stored.data.draft : "";
  const text = typed ?? kept;
  const unsaved = useRef<string | null>(null);
  unsaved.current = typed !== null && typed !== kept ? typed : null;
  useEffect(() => {
    if (typed === null || typed === kept) return;
    const timer = setTimeout(() => save({ draft: typed }), SAVE_MS);
    return () => clearTimeout(timer);
  }, [typed, kept, save]);
  // Leaving the view must not cost the last words.
  useEffect(
    () => () => {
      if (unsaved.current !== null) save({ draft: unsaved.current });
    },
    [save],
  );
  return [text, setTyped] as const;
}
