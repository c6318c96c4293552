import type { Bottleneck, Progress } from "../contract/workflow.ts";
import type { Env } from "../http/authenticate.ts";
import { callSql, type Runs } from "./run.ts";

export function createReadRuns(env: Env): Runs<"get_progress" | "export"> {
  return {
    get_progress: async ({ session_id }, context): Promise<Progress> => {
      // One connection: one after the other.
      const snapshot = await callSql<Record<string, unknown>>(context, "session_snapshot", {
        session_id,
      });
      const eta = await callSql<{ eta_seconds: number | null }>(context, "eta", { session_id });
      const bottlenecks = await callSql<Bottleneck[]>(context, "bottlenecks", { session_id });
      return { snapshot, eta_seconds: eta.eta_seconds, bottlenecks };
    },
    export: async (data) => {
      const given = Object.entries(data).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      return { url: `${env.SUPABASE_URL}/functions/v1/export?${new URLSearchParams(given)}` };
    },
  };
}
