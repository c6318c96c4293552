-- The way back from 20261101001000_guard_transitions.sql.
drop trigger guard_update on public.otis_workflow_sessions;
drop trigger guard_insert on public.otis_workflow_sessions;
drop trigger guard_update on public.scraping_runs;
drop trigger guard_insert on public.scraping_runs;
drop trigger guard_update on public.enrichment_status;
drop trigger guard_insert on public.enrichment_status;
drop trigger guard_update on public.enrichment_batches;
drop trigger guard_insert on public.enrichment_batches;
drop trigger guard_update on public.campaigns;
drop trigger guard_insert on public.campaigns;
drop trigger guard_update on public.campaign_leads;
drop trigger guard_insert on public.campaign_leads;
drop table otis.transitions cascade;
drop function if exists otis.guard_transition();
