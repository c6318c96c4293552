import type { Cancel, Clock } from "../clock.ts";
import { keyOf, type Row, type Scope } from "../delta.ts";
import type { Transport } from "../transport.ts";

/** How long each of the two steps may take: until SUBSCRIBED, and (hosted, 1–3 s) until changes flow. */
export const STEP_TIMEOUT_MS = 5_000;

/** A change as supabase-js hands it on. */
export interface ChangePayload {
  readonly table: string;
  readonly commit_timestamp: string;
  readonly eventType: "INSERT" | "UPDATE" | "DELETE";
  readonly new: Row;
  readonly old: Row;
  readonly errors: readonly string[] | null;
}

export interface SystemPayload {
  readonly extension: string;
  readonly status: string;
}

export interface ChangeBinding {
  readonly event: "*";
  readonly schema: string;
  readonly table: string;
  readonly filter?: string;
}

/** What this transport needs of a channel; the wiring adapts supabase-js to it. */
export interface RealtimeChannelLike {
  onChange(binding: ChangeBinding, listener: (payload: ChangePayload) => void): void;
  onSystem(listener: (payload: SystemPayload) => void): void;
  subscribe(listener: (status: string) => void): void;
  /** Leaves and releases the channel. */
  remove(): void;
}

export interface RealtimeClientLike {
  /** A new channel. The topic must not be in use: an existing channel would be handed out. */
  channel(topic: string): RealtimeChannelLike;
  /** Makes sure that the socket carries a token that has not expired. */
  refreshAuth(): Promise<void>;
}

interface RealtimeDeps {
  readonly scope: Scope;
  readonly client: RealtimeClientLike;
  readonly clock: Clock;
}

/** Tells apart the topics of one page; a topic is never used twice. */
let openings = 0;

/**
 * Supabase Realtime: one channel, one filtered binding a live table.
 *
 * A channel is used once. supabase-js would rejoin it for ever on CHANNEL_ERROR and TIMED_OUT
 * and never on CLOSED; here every one of them ends the channel, and the machine decides when
 * there is another. SUBSCRIBED means little: changes flow from the `system` message on, which
 * comes again after a rejoin, a token refresh and a restart, each time after a possible loss.
 */
export function realtimeTransport({ scope, client, clock }: RealtimeDeps): Transport {
  return {
    kind: "websocket",
    open(sink) {
      let open = true;
      let flowing = false;
      let cancelTimeout: Cancel = () => {};
      let channel: RealtimeChannelLike | null = null;

      const close = (): void => {
        open = false;
        cancelTimeout();
        channel?.remove();
        channel = null;
      };
      const down = (): void => {
        if (!open) return;
        close();
        sink.down("unreachable");
      };
      const allowOneStep = (): void => {
        cancelTimeout();
        cancelTimeout = clock.after(STEP_TIMEOUT_MS, down);
      };

      const onChange = (payload: ChangePayload): void => {
        if (!open) return;
        const { table, eventType, errors, new: row } = payload;
        if (eventType === "DELETE") {
          // Live rows go with their session only.
          if (table === scope.pulseTable && payload.old[scope.keys[table] ?? "id"] === scope.id) {
            close();
            sink.down("gone");
          }
          return;
        }
        const { revision } = row;
        // An event that could not carry its row (too large, not allowed) still says: look.
        if ((errors !== null && errors.length > 0) || typeof revision !== "number") {
          void sink.recheck();
          return;
        }
        const committedAt = Date.parse(payload.commit_timestamp);
        sink.change(
          { table, id: keyOf(scope, table, row), revision, row },
          Number.isNaN(committedAt) ? null : committedAt,
        );
      };

      const join = (): void => {
        if (!open) return;
        openings += 1;
        channel = client.channel(`${scope.kind}:${scope.id}:${openings}`);
        for (const [table, { scopeColumn }] of Object.entries(scope.tables)) {
          const filter = `${scopeColumn}=eq.${scope.id}`;
          channel.onChange({ event: "*", schema: "public", table, filter }, onChange);
        }
        channel.onChange({ event: "*", schema: "public", table: "feature_flags" }, () => {
          if (open) void sink.recheck();
        });
        channel.onSystem(({ extension, status }) => {
          if (!open || extension !== "postgres_changes") return;
          if (status !== "ok") return down();
          flowing = true;
          cancelTimeout();
          sink.up();
        });
        channel.subscribe((status) => {
          if (status !== "SUBSCRIBED") down();
          else if (open && !flowing) allowOneStep();
        });
      };

      allowOneStep();
      client.refreshAuth().then(join, down);
      return close;
    },
  };
}
