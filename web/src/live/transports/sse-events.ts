import { asRow, numberAt, textAt } from "../wire.ts";

/** What travels with a page of delta besides the delta itself. */
export function parseSince(value: unknown): { since: number; committedAt: number | null } {
  const rows = asRow(value, "rows");
  // When the newest change was committed, ISO 8601, if the server knows.
  const time = typeof rows.committed_at === "string" ? Date.parse(rows.committed_at) : Number.NaN;
  return { since: numberAt(rows, "since"), committedAt: Number.isNaN(time) ? null : time };
}

export const parseHeartbeat = (value: unknown): { readonly revision: number } => ({
  revision: numberAt(asRow(value, "heartbeat"), "revision"),
});

/** "resume": the server ends the stream by plan. "flags": transports were switched. */
export const parseNotice = (value: unknown): { readonly kind: string } => ({
  kind: textAt(asRow(value, "notice"), "kind"),
});
