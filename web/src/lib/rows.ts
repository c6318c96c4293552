import type { Database } from "./database.types.ts";

type Tables = Database["public"]["Tables"];
export type RowOf<T extends keyof Tables> = Tables[T]["Row"];

export type SessionRow = RowOf<"otis_workflow_sessions">;
export type EventRow = RowOf<"otis_progress_events">;
export type RunRow = RowOf<"scraping_runs">;
export type CompanyRow = RowOf<"session_companies">;
export type PostingRow = RowOf<"job_postings">;
export type BatchRow = RowOf<"enrichment_batches">;
export type EnrichmentRow = RowOf<"enrichment_status">;
export type CampaignRow = RowOf<"campaigns">;
export type LeadRow = RowOf<"campaign_leads">;
export type NotificationRow = RowOf<"notifications">;
