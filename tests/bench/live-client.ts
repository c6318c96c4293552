import { createClient } from "@supabase/supabase-js";
import type { Database } from "../../web/src/lib/database.types.ts";
import { isWorking, sessionScope } from "../../web/src/lib/live/live-tables.ts";
import { readDelta } from "../../web/src/lib/live/supabase-delta.ts";
import { realtimeClient } from "../../web/src/lib/live/supabase-realtime.ts";
import { Activity } from "../../web/src/live/activity.ts";
import { systemClock } from "../../web/src/live/clock.ts";
import { LiveScope } from "../../web/src/live/live-scope.ts";
import type { Transport } from "../../web/src/live/transport.ts";
import { pollingTransport } from "../../web/src/live/transports/polling.ts";
import { realtimeTransport } from "../../web/src/live/transports/realtime.ts";
import { sseTransport } from "../../web/src/live/transports/sse.ts";

export const WAYS = ["websocket", "sse", "polling", "baseline"] as const;
export type Way = (typeof WAYS)[number];

export interface Address {
  readonly apiUrl: string;
  readonly publishableKey: string;
}

export interface Seat {
  readonly sessionId: string;
  readonly token: string;
}

/** What OTIS replaces: the same read, every two seconds, whatever happens. */
const baseline: Transport = {
  kind: "polling",
  open(sink) {
    sink.up();
    const timer = setInterval(() => void sink.recheck(), 2_000);
    return () => clearInterval(timer);
  },
};

/** One client with its own connections, as a tab has. */
export function openScope({ apiUrl, publishableKey }: Address, seat: Seat, way: Way): LiveScope {
  const { sessionId, token } = seat;
  const clock = systemClock;
  const supabase = createClient<Database>(apiUrl, publishableKey, {
    accessToken: async () => token,
  });
  const scope = sessionScope(sessionId);
  const live = new LiveScope({
    scope,
    clock,
    random: Math.random,
    activity: new Activity(clock),
    rules: { pinned: way === "baseline" ? ["polling"] : [way, "polling"], configured: [] },
    read: readDelta(supabase, scope),
    working: isWorking,
    transports: (context) => [
      realtimeTransport({ scope, clock, client: realtimeClient(supabase) }),
      sseTransport({
        ...context,
        url: `${apiUrl}/functions/v1/events?session=${sessionId}`,
        fetch: (input, init) => fetch(input, init),
        headers: async () => ({ apikey: publishableKey, authorization: `Bearer ${token}` }),
      }),
      way === "baseline" ? baseline : pollingTransport(context),
    ],
  });
  return live;
}

/** Milliseconds since a message "at <ms since the epoch>" was written; null for another. */
export function age(message: unknown): number | null {
  const at = /^at (\d+\.?\d*)/.exec(String(message))?.[1];
  return at === undefined ? null : performance.timeOrigin + performance.now() - Number(at);
}
