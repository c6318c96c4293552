-- Wires the live tables: a stamp before each row, counters and the pulse after each statement, no deletes,
-- and the publication that Realtime reads.
do $$
declare
  v_table text;
  v_event text;
  v_tables jsonb := $json${
    "otis_progress_events": {},
    "scraping_runs": {"pulse": ["runs_total", "true", "runs_finished", "status in ('completed', 'failed', 'cancelled')"]},
    "session_companies": {"pulse": ["companies_count", "status = 'active'", "selected_count", "selected"]},
    "job_postings": {
      "parents": {"count_company": ["session_companies", "company_id", "jobs_count", "status = 'open'"],
                  "count_run": ["scraping_runs", "run_id", "items_found", "true"]},
      "pulse": ["jobs_count", "status = 'open'"]},
    "enrichment_batches": {},
    "enrichment_status": {
      "parents": {"count_batch": ["enrichment_batches", "batch_id", "total", "true",
                  "completed", "status = 'completed'", "failed", "status in ('failed', 'cancelled')"]},
      "pulse": ["enrichment_total", "true", "enrichment_completed", "status = 'completed'",
                "enrichment_failed", "status in ('failed', 'cancelled')"]},
    "campaigns": {},
    "campaign_leads": {
      "parents": {"count_campaign": ["campaigns", "campaign_id", "leads_total", "true", "leads_ready", "status = 'ready'",
                  "leads_sent", "status in ('sent', 'replied', 'bounced', 'unsubscribed')",
                  "leads_failed", "status = 'failed'", "leads_replied", "status = 'replied'"]},
      "pulse": ["leads_total", "true", "leads_sent", "status in ('sent', 'replied', 'bounced', 'unsubscribed')"]}
  }$json$;
  v_trigger record;
begin
  for v_table in select jsonb_object_keys(v_tables) loop
    execute format('create trigger a_stamp before insert or update on public.%I for each row execute function otis.stamp_revision()', v_table);
    execute format('create trigger keep before delete on public.%I for each row when (pg_trigger_depth() = 0) execute function otis.refuse_delete()', v_table);
    foreach v_event in array array['insert', 'update'] loop
      for v_trigger in
        select p.key as name, 'count_parent' as function, p.value as arguments
          from jsonb_each(coalesce(v_tables -> v_table -> 'parents', '{}')) p
        union all
        select 'pulse', 'pulse', coalesce(v_tables -> v_table -> 'pulse', '[]')
      loop
        execute format('create trigger %I after %s on public.%I referencing new table as new_rows%s for each statement execute function otis.%I(%s)',
          v_trigger.name || '_' || v_event, v_event, v_table,
          case v_event when 'update' then ' old table as old_rows' else '' end, v_trigger.function,
          (select coalesce(string_agg(quote_literal(a), ', '), '') from jsonb_array_elements_text(v_trigger.arguments) a));
      end loop;
    end loop;
    if v_table <> 'otis_progress_events' then
      execute format('create trigger touch before update on public.%I for each row execute function otis.touch_updated_at()', v_table);
    end if;
  end loop;
end $$;

create trigger keep before delete on public.notifications for each row when (pg_trigger_depth() = 0)
  execute function otis.refuse_delete();
create trigger a_stamp before insert or update on public.notifications
  for each row execute function otis.stamp_inbox_revision();
create trigger pulse_insert after insert on public.notifications referencing new table as new_rows
  for each statement execute function otis.pulse_inbox();
create trigger pulse_update after update on public.notifications referencing new table as new_rows
  for each statement execute function otis.pulse_inbox();

create function otis.announce_flags()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_notify('otis_progress', json_build_object('table', tg_table_name, 'action', tg_op, 'scope', null, 'revision', 0)::text);
  return null;
end $$;
comment on function otis.announce_flags() is 'Statement trigger: a switched flag reaches every stream, whatever its scope.';
create trigger announce after insert or update or delete on public.feature_flags
  for each statement execute function otis.announce_flags();

do $$
begin
  if not exists (select from pg_publication p where p.pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end $$;
alter publication supabase_realtime add table
  public.otis_workflow_sessions, public.otis_progress_events, public.scraping_runs, public.session_companies,
  public.job_postings, public.enrichment_batches, public.enrichment_status, public.campaigns, public.campaign_leads,
  public.otis_inboxes, public.notifications, public.feature_flags;
