import { useMutation } from "@tanstack/react-query";
import { read } from "../../../lib/api/read.ts";
import { supabase } from "../../../lib/supabase.ts";
import { showFailure } from "../../../lib/toasts.ts";

async function setAutoAdvance({ id, on }: { id: string; on: boolean }): Promise<void> {
  const update = supabase.from("otis_workflow_sessions").update({ auto_advance: on });
  await read(update.eq("id", id).select("id"));
}

export const useSetAutoAdvance = () =>
  useMutation({ mutationFn: setAutoAdvance, onError: showFailure });
