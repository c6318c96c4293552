import type { RealtimePostgresChangesPayload, SupabaseClient } from "@supabase/supabase-js";
import type { Row } from "../../live/delta.ts";
import type { RealtimeClientLike } from "../../live/transports/realtime.ts";

type Channels = Pick<SupabaseClient, "channel" | "removeChannel" | "realtime">;

/** supabase-js as the Realtime transport wants it. */
export function realtimeClient(supabase: Channels): RealtimeClientLike {
  return {
    // Takes the token from the client's own `accessToken`, which refreshes it when it is due.
    refreshAuth: () => supabase.realtime.setAuth(),
    channel(topic) {
      const channel = supabase.channel(topic);
      return {
        onChange(binding, listener) {
          channel.on("postgres_changes", binding, (payload: RealtimePostgresChangesPayload<Row>) =>
            listener(payload),
          );
        },
        onSystem(listener) {
          channel.on("system", {}, listener);
        },
        subscribe(listener) {
          channel.subscribe(listener);
        },
        remove() {
          void supabase.removeChannel(channel);
        },
      };
    },
  };
}
