/** What a delta read answers (`session_changes`, `inbox_changes`). */
export interface WireDelta {
  readonly revision: number;
  readonly upto: number;
  readonly more: boolean;
  readonly rows: readonly {
    readonly table: string;
    readonly revision: number;
    readonly row: Readonly<Record<string, unknown>>;
  }[];
  readonly flags: Readonly<Record<string, boolean>>;
}

/** One server-sent event, as text. `id` is the revision a reader resumes from. */
export function formatEvent(event: string, data: unknown, id?: number): string {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return `${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * Written first: some proxies pass nothing on before they have seen a few kilobytes, and a reader
 * that is cut off without notice shall wait a moment before it returns.
 */
export const OPENING = `: ${" ".repeat(2_048)}\nretry: 2000\n\n`;

type SessionRow = Readonly<Record<string, unknown>>;

const number = (row: SessionRow, column: string): number => Number(row[column] ?? 0);

/** The countable parts of a session, and when all of a part is done. */
const parts = {
  scraping: (row: SessionRow) => [number(row, "runs_total"), number(row, "runs_finished")],
  enrichment: (row: SessionRow) => [
    number(row, "enrichment_total"),
    number(row, "enrichment_completed") + number(row, "enrichment_failed"),
  ],
  campaigns: (row: SessionRow) => [number(row, "leads_total"), number(row, "leads_sent")],
} as const;

const isComplete = ([total = 0, done = 0]: readonly number[]): boolean =>
  total > 0 && done >= total;

/**
 * The events that put a change of the session's own row into words, for readers who want no rows:
 * `progress` with the counters, `stage` when it moved on, `complete` when a part has been done.
 */
export function sessionEvents(before: SessionRow | null, after: SessionRow): string[] {
  const counters = Object.fromEntries(
    Object.entries(parts).map(([part, count]) => {
      const [total, done] = count(after);
      return [part, { total, done }];
    }),
  );
  const { revision, status, current_stage: stage } = after;
  const events = [formatEvent("progress", { revision, status, stage, ...counters })];
  if (before === null) return events;
  if (before.current_stage !== stage) {
    events.push(formatEvent("stage", { stage, from: before.current_stage }));
  }
  for (const [part, count] of Object.entries(parts)) {
    if (isComplete(count(after)) && !isComplete(count(before))) {
      events.push(formatEvent("complete", { part, ...counters[part] }));
    }
  }
  if (before.status !== status && status === "completed") {
    events.push(formatEvent("complete", { part: "session" }));
  }
  return events;
}
