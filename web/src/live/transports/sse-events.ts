import * as z from "zod/mini";

/** What travels with a page of delta besides the delta itself. */
const rows = z.object({
  since: z.number(),
  /** When the newest change was committed, ISO 8601, if the server knows. */
  committed_at: z.optional(z.nullable(z.string())),
});

const heartbeat = z.object({ revision: z.number() });

/** "resume": the server ends the stream by plan. "flags": transports were switched. */
const notice = z.object({ kind: z.string() });

export function parseSince(value: unknown): { since: number; committedAt: number | null } {
  const { since, committed_at } = z.parse(rows, value);
  const committedAt = committed_at ? Date.parse(committed_at) : Number.NaN;
  return { since, committedAt: Number.isNaN(committedAt) ? null : committedAt };
}

export const parseHeartbeat = (value: unknown): z.infer<typeof heartbeat> =>
  z.parse(heartbeat, value);

export const parseNotice = (value: unknown): z.infer<typeof notice> => z.parse(notice, value);
