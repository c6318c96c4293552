import * as z from "zod/mini";

/** Switches may come as booleans, text or nothing; what cannot be read counts as off. */
const flag = z.catch(z.boolean(), false);

const joinSchema = z.object({
  access_token: z.catch(z.nullish(z.string()), null),
  user_token: z.catch(z.nullish(z.string()), null),
  config: z.catch(
    z.object({
      broadcast: z.catch(z.object({ ack: flag }), { ack: false }),
      presence: z.catch(z.object({ enabled: flag }), { enabled: false }),
      postgres_changes: z.catch(z.array(z.nullable(z.record(z.string(), z.unknown()))), []),
      postgres_changes_options: z.catch(
        z.object({ wait: flag, timeout: z.catch(z.number(), 15_000) }),
        { wait: false, timeout: 15_000 },
      ),
    }),
    {
      broadcast: { ack: false },
      presence: { enabled: false },
      postgres_changes: [],
      postgres_changes_options: { wait: false, timeout: 15_000 },
    },
  ),
});

/** What a channel wants, as far as this endpoint cares. */
export interface JoinRequest {
  /** A user's token; undefined: the connection's API key decides. */
  readonly token: string | undefined;
  /** As the client wrote them, for they are to be echoed. */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly acknowledgeBroadcasts: boolean;
  readonly presence: boolean;
  /** Milliseconds for which the reply may be held back until changes flow; undefined: reply at once. */
  readonly waitMs: number | undefined;
}

/** The longest that a client may have its reply held back, as on Supabase. */
const MOST_WAIT_MS = 20_000;

/** Reads the payload of `phx_join`. As on Supabase, what makes no sense is taken for its default. */
export function readJoin(payload: unknown): JoinRequest {
  const join = joinSchema.safeParse(payload).data;
  const config = join?.config;
  const token = join?.access_token ?? join?.user_token ?? undefined;
  const wait = config?.postgres_changes_options;
  return {
    // An API key in this place means "no user".
    token: token?.startsWith("sb_") ? undefined : token,
    entries: config?.postgres_changes.filter((entry) => entry !== null) ?? [],
    acknowledgeBroadcasts: config?.broadcast.ack ?? false,
    presence: config?.presence.enabled ?? false,
    waitMs: wait?.wait ? Math.min(wait.timeout, MOST_WAIT_MS) : undefined,
  };
}
