import type { Row, Scope } from "../../live/delta.ts";
import type { RowOf } from "../rows.ts";

/** Every live table and the column that says to which scope a row belongs. */
const sessionTables = {
  otis_workflow_sessions: { scopeColumn: "id" },
  otis_progress_events: { scopeColumn: "session_id" },
  scraping_runs: { scopeColumn: "session_id" },
  session_companies: { scopeColumn: "session_id" },
  job_postings: { scopeColumn: "session_id" },
  enrichment_batches: { scopeColumn: "session_id" },
  enrichment_status: { scopeColumn: "session_id" },
  campaigns: { scopeColumn: "session_id" },
  campaign_leads: { scopeColumn: "session_id" },
} as const;

const inboxTables = {
  otis_inboxes: { scopeColumn: "owner_id" },
  notifications: { scopeColumn: "owner_id" },
} as const;

export type LiveTable = keyof typeof sessionTables | keyof typeof inboxTables;
export type LiveRow<T extends LiveTable> = Readonly<RowOf<T>>;

export const sessionScope = (sessionId: string): Scope => ({
  kind: "session",
  id: sessionId,
  pulseTable: "otis_workflow_sessions",
  tables: sessionTables,
  keys: {},
});

export const inboxScope = (userId: string): Scope => ({
  kind: "inbox",
  id: userId,
  pulseTable: "otis_inboxes",
  tables: inboxTables,
  keys: { otis_inboxes: "owner_id" },
});

/**
 * Where untyped rows become typed ones: everything in a live table came out of the database
 * whose generated types these are, so only what makes it a live row is checked.
 */
export function isRowOf<T extends LiveTable>(_table: T, row: Row): row is Row & LiveRow<T> {
  return typeof row.revision === "number";
}

/** Whether work of a session is under way, by its counters. Inboxes never work. */
export function isWorking(row: Row): boolean {
  if (row.status !== "active" || !isRowOf("otis_workflow_sessions", row)) return false;
  return (
    row.runs_finished < row.runs_total ||
    row.enrichment_completed + row.enrichment_failed < row.enrichment_total
  );
}
