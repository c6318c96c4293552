import type { SupabaseClient } from "@supabase/supabase-js";
import type { Scope } from "../../live/delta.ts";
import type { MetricsSample } from "../../live/metrics-reporter.ts";
import type { Database } from "../database.types.ts";

/** Writes a sample into `client_metrics`. One that does not arrive is not missed. */
export async function storeSample(
  supabase: SupabaseClient<Database>,
  scope: Scope,
  sample: MetricsSample,
): Promise<void> {
  await supabase.from("client_metrics").insert({
    session_id: scope.kind === "session" ? scope.id : null,
    transport: sample.transport === "websocket" ? "realtime" : (sample.transport ?? "none"),
    latency_p50_ms: sample.latencyP50Ms,
    latency_p95_ms: sample.latencyP95Ms,
    reconnects: sample.reconnects,
    gaps_healed: sample.gapsHealed,
    requests: sample.requests,
    dropped_frames: sample.droppedFrames,
  });
}
