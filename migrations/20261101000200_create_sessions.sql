-- A workflow session: the scope of the revision protocol, and one stage's configuration each.
create table public.otis_workflow_sessions (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  revision bigint not null default 1,
  name text not null default 'Untitled session',
  status text not null default 'active',
  current_stage text not null default 'scraping',
  companies_count int not null default 0,
  selected_count int not null default 0,
  jobs_count int not null default 0,
  runs_total int not null default 0,
  runs_finished int not null default 0,
  enrichment_total int not null default 0,
  enrichment_completed int not null default 0,
  enrichment_failed int not null default 0,
  leads_total int not null default 0,
  leads_sent int not null default 0,
  auto_advance boolean not null default true,
  archived_at timestamptz,
  last_activity_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '30 days',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint otis_workflow_sessions_name_length check (char_length(name) between 1 and 120),
  constraint otis_workflow_sessions_status check (status in ('active', 'paused', 'completed', 'cancelled', 'expired')),
  constraint otis_workflow_sessions_stage check (current_stage in ('scraping', 'enrichment', 'campaigns', 'results')),
  constraint otis_workflow_sessions_counters check (
    least(companies_count, selected_count, jobs_count, runs_total, runs_finished,
          enrichment_total, enrichment_completed, enrichment_failed, leads_total, leads_sent) >= 0)
);
comment on table public.otis_workflow_sessions is
  'A workflow session. Its row is the scope of the revision protocol: every write to a live row of the session ends in one update of this row, the pulse.';
comment on column public.otis_workflow_sessions.revision is 'The newest revision of the scope; the pulse takes the last one itself.';
comment on column public.otis_workflow_sessions.jobs_count is 'Open postings; kept by statement triggers, never by hand.';
comment on column public.otis_workflow_sessions.leads_sent is 'Leads pushed or exported, whatever came of them.';
comment on column public.otis_workflow_sessions.expires_at is '30 days after the last activity.';

create index otis_workflow_sessions_owner on public.otis_workflow_sessions (owner_id, last_activity_at desc);
create index otis_workflow_sessions_expiry on public.otis_workflow_sessions (expires_at) where status in ('active', 'paused');

alter table public.otis_workflow_sessions enable row level security;
revoke all on public.otis_workflow_sessions from public, anon, authenticated;
grant select on public.otis_workflow_sessions to authenticated;
grant update (name, auto_advance, archived_at) on public.otis_workflow_sessions to authenticated;
grant all on public.otis_workflow_sessions to service_role;
create policy "owner reads" on public.otis_workflow_sessions for select to authenticated
  using (owner_id = (select auth.uid()));
create policy "owner edits" on public.otis_workflow_sessions for update to authenticated
  using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));

create table public.otis_workflow_data (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  stage text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint otis_workflow_data_stage check (stage in ('scraping', 'enrichment', 'campaigns', 'results')),
  constraint otis_workflow_data_size check (octet_length(data::text) <= 65536),
  constraint otis_workflow_data_session_stage unique (session_id, stage)
);
comment on table public.otis_workflow_data is 'The configuration of one stage of a session, at most 64 KiB.';
create index otis_workflow_data_owner on public.otis_workflow_data (owner_id);

alter table public.otis_workflow_data enable row level security;
revoke all on public.otis_workflow_data from public, anon, authenticated;
grant select on public.otis_workflow_data to authenticated;
grant insert (session_id, stage, data), update (session_id, stage, data) on public.otis_workflow_data to authenticated;
grant all on public.otis_workflow_data to service_role;
create policy "owner reads" on public.otis_workflow_data for select to authenticated
  using (owner_id = (select auth.uid()));
create policy "owner creates" on public.otis_workflow_data for insert to authenticated
  with check (
    owner_id = (select auth.uid())
    and session_id in (select s.id from public.otis_workflow_sessions s where s.owner_id = (select auth.uid())));
create policy "owner edits" on public.otis_workflow_data for update to authenticated
  using (owner_id = (select auth.uid()))
  with check (
    owner_id = (select auth.uid())
    and session_id in (select s.id from public.otis_workflow_sessions s where s.owner_id = (select auth.uid())));
create trigger touch before update on public.otis_workflow_data
  for each row execute function otis.touch_updated_at();
