import { useMutation } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { useLiveScope } from "../../../lib/live/live-context.tsx";
import { supabase } from "../../../lib/supabase.ts";
import { showFailure } from "../../../lib/toasts.ts";

/** Answers the revision that contains the change. */
async function setAutoAdvance(id: string, on: boolean): Promise<number | null> {
  const update = supabase.from("otis_workflow_sessions").update({ auto_advance: on });
  const [row] = await read(update.eq("id", id).select("revision"));
  return row?.revision ?? null;
}

/** Shown at once, until the row itself says so. */
export function useSetAutoAdvance() {
  const { store, scope } = useLiveScope();
  return useMutation({
    mutationFn: (on: boolean) => setAutoAdvance(scope.id, on),
    onMutate: (on) => {
      const key = crypto.randomUUID();
      const change = { auto_advance: on };
      store.lay([{ key, table: "otis_workflow_sessions", id: scope.id, change }]);
      return key;
    },
    onSuccess: (revision, _, key) => {
      store.acknowledge(key, revision);
    },
    onError: (error, _, key) => {
      if (key) store.rollBack(key);
      showFailure(error);
    },
  });
}
