-- What a session does while it scrapes: its log, and one run per source.
create table public.otis_progress_events (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  level text not null default 'info',
  event_type text not null,
  message text not null,
  event_data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint otis_progress_events_level check (level in ('debug', 'info', 'success', 'warning', 'error')),
  constraint otis_progress_events_type_length check (char_length(event_type) between 1 and 60),
  constraint otis_progress_events_live_size check (octet_length(message) <= 600 and octet_length(event_data::text) <= 1000)
);
comment on table public.otis_progress_events is 'Append-only log of a session. Live.';
create index otis_progress_events_revision on public.otis_progress_events (session_id, revision);
create index otis_progress_events_created on public.otis_progress_events (created_at);
create index otis_progress_events_owner on public.otis_progress_events (owner_id);

alter table public.otis_progress_events enable row level security;
revoke all on public.otis_progress_events from public, anon, authenticated;
grant select on public.otis_progress_events to authenticated;
grant all on public.otis_progress_events to service_role;
create policy "owner reads" on public.otis_progress_events for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.scraping_runs (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  source_kind text not null,
  source_key text not null,
  source_label text not null,
  config jsonb not null default '{}',
  status text not null default 'queued',
  outcome text,
  step text not null default '',
  items_total int,
  items_done int not null default 0,
  items_found int not null default 0,
  items_seen int not null default 0,
  percent smallint not null default 0,
  errors_count int not null default 0,
  error_code text,
  error_message text,
  cost_usd numeric(12, 6) not null default 0,
  priority smallint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint scraping_runs_status check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  constraint scraping_runs_outcome check (outcome in ('found', 'zero', 'unknown', 'failed')),
  constraint scraping_runs_outcome_of_finished check (outcome is null or status in ('completed', 'failed', 'cancelled')),
  constraint scraping_runs_percent check (percent between 0 and 100),
  constraint scraping_runs_counters check (least(items_done, items_found, items_seen, errors_count) >= 0 and coalesce(items_total, 0) >= 0),
  constraint scraping_runs_priority check (priority between -100 and 100),
  constraint scraping_runs_live_size check (
    octet_length(source_key) + octet_length(source_label) <= 700 and octet_length(step) <= 200
    and octet_length(coalesce(error_message, '')) <= 400 and octet_length(config::text) <= 600)
);
comment on table public.scraping_runs is 'One source being scraped in a session. Live. Its checkpoint is the payload of its work item.';
comment on column public.scraping_runs.source_key is 'Canonical name of the source: the same source in a later run has the same key, so that gone postings can be closed.';
comment on column public.scraping_runs.outcome is 'zero = read and empty; unknown = no such board; failed = could not be read.';
comment on column public.scraping_runs.items_found is 'Postings first found by this run; kept by statement triggers.';
comment on column public.scraping_runs.items_seen is 'Postings the source named by the end of this run, those known before included.';
create index scraping_runs_revision on public.scraping_runs (session_id, revision);
create index scraping_runs_source on public.scraping_runs (session_id, source_key);
create index scraping_runs_owner on public.scraping_runs (owner_id);

alter table public.scraping_runs enable row level security;
revoke all on public.scraping_runs from public, anon, authenticated;
grant select on public.scraping_runs to authenticated;
grant all on public.scraping_runs to service_role;
create policy "owner reads" on public.scraping_runs for select to authenticated
  using (owner_id = (select auth.uid()));
