import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { STAGES } from "../../../../functions/_shared/contract/workflow.ts";
import type { Json } from "../database.types.ts";
import { supabase } from "../supabase.ts";
import { showFailure } from "../toasts.ts";
import { keepTrying } from "./keep-trying.ts";
import { read } from "./read.ts";

type Stage = (typeof STAGES)[number];
export type StageData = Readonly<Record<string, Json | undefined>>;

const stageDataQuery = (sessionId: string, stage: Stage) =>
  queryOptions({
    queryKey: ["stage data", sessionId, stage],
    queryFn: async ({ signal }): Promise<StageData> => {
      const rows = await read(
        supabase
          .from("otis_workflow_data")
          .select("data")
          .match({ session_id: sessionId, stage })
          .abortSignal(signal),
      );
      const data = rows[0]?.data;
      return data !== null && typeof data === "object" && !Array.isArray(data) ? data : {};
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What the user has set, or half typed, in a stage of a session: kept over reloads and devices. */
export const useStageData = (sessionId: string, stage: Stage) =>
  useQuery(stageDataQuery(sessionId, stage));

/** Merges `change` into the stage's data. Shown at once, as `useStageData` reads it. */
export function useSaveStageData(sessionId: string, stage: Stage) {
  const client = useQueryClient();
  const query = stageDataQuery(sessionId, stage);
  const { queryKey } = query;
  return useMutation({
    ...keepTrying(`stage data ${sessionId} ${stage}`),
    mutationFn: async (change: StageData) => {
      // Whatever else is there must be known: the row is written whole.
      const data = { ...(await client.ensureQueryData(query)), ...change };
      const row = { session_id: sessionId, stage, data };
      const table = supabase.from("otis_workflow_data");
      await read(table.upsert(row, { onConflict: "session_id,stage" }).select("id"));
    },
    onMutate: async (change) => {
      await client.ensureQueryData(query);
      client.setQueryData(queryKey, (before: StageData | undefined) => ({ ...before, ...change }));
    },
    onError: (error) => void showFailure(error),
  });
}
