import type { ActionName } from "../contract/workflow.ts";
import { callSql, type Run, type Runs } from "./run.ts";

/** An action that is one call of the SQL function of the same name: every rule is SQL's. */
const sql =
  <A extends ActionName>(name: A): Run<A> =>
  (data, context) =>
    callSql(context, name, data);

export const sqlRuns = {
  create_session: sql("create_session"),
  rename_session: sql("rename_session"),
  duplicate_session: sql("duplicate_session"),
  archive_session: sql("archive_session"),
  set_stage: sql("set_stage"),
  start_enrichment: sql("start_enrichment"),
  pause: sql("pause"),
  resume: sql("resume"),
  cancel: sql("cancel"),
  retry: sql("retry"),
  set_priority: sql("set_priority"),
  select_companies: sql("select_companies"),
  set_lead_status: sql("set_lead_status"),
  remove_companies: sql("remove_companies"),
  why_waiting: sql("why_waiting"),
  create_campaign: sql("create_campaign"),
  edit_campaign: sql("edit_campaign"),
  add_leads: sql("add_leads"),
  import_leads: sql("import_leads"),
  activate_campaign: sql("activate_campaign"),
  refresh_analytics: sql("refresh_analytics"),
  set_lead: sql("set_lead"),
  include_leads: sql("include_leads"),
  suppress: sql("suppress"),
  erase_person: sql("erase_person"),
  mark_read: sql("mark_read"),
} satisfies Partial<Runs<ActionName>>;
