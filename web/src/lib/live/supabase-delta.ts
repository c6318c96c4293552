import type { SupabaseClient } from "@supabase/supabase-js";
import {
  DeltaFailure,
  type DeltaFailureKind,
  parseDelta,
  type ReadDelta,
  type Scope,
} from "../../live/delta.ts";
import type { Database } from "../database.types.ts";

/** The delta read of a scope, over PostgREST. */
export function readDelta(supabase: SupabaseClient<Database>, scope: Scope): ReadDelta {
  return async (since, limit, signal) => {
    const page = { p_since: since, p_limit: limit };
    const call =
      scope.kind === "session"
        ? supabase.rpc("session_changes", { p_session_id: scope.id, ...page })
        : supabase.rpc("inbox_changes", page);
    const { data, error, status } = await call.abortSignal(signal);
    if (error === null) return parseDelta(scope, data);
    throw new DeltaFailure(failureKind(status, error.code), { cause: error });
  };
}

/** What is no uuid (an address that somebody has cut off) names no scope. */
const NOT_AN_ID = "22P02";

/** Status 0 is supabase-js's word for "no answer"; 409 is `stale_revision`. */
function failureKind(status: number, code: string): DeltaFailureKind {
  if (status === 0) return "network";
  if (status === 401 || status === 403) return "auth";
  if (status === 404 || code === NOT_AN_ID) return "gone";
  if (status === 409) return "stale";
  return status === 429 ? "throttled" : "server";
}
