-- A user's inbox (its own scope), saved searches, feature flags, and what clients measured.
create table public.otis_inboxes (
  owner_id uuid primary key references auth.users (id) on delete cascade,
  revision bigint not null default 1,
  unread_count int not null default 0,
  updated_at timestamptz not null default now(),
  constraint otis_inboxes_unread check (unread_count >= 0)
);
comment on table public.otis_inboxes is 'One row a user: the scope of her notifications, and how many are unread. Live.';

alter table public.otis_inboxes enable row level security;
revoke all on public.otis_inboxes from public, anon, authenticated;
grant select on public.otis_inboxes to authenticated;
grant all on public.otis_inboxes to service_role;
create policy "owner reads" on public.otis_inboxes for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id) on delete cascade,
  revision bigint not null default 0,
  session_id uuid references public.otis_workflow_sessions (id) on delete set null,
  kind text not null,
  title text not null,
  body text not null default '',
  link text,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  constraint notifications_kind check (char_length(kind) between 1 and 60),
  constraint notifications_live_size check (octet_length(title) <= 300 and octet_length(body) <= 900 and octet_length(coalesce(link, '')) <= 300)
);
comment on table public.notifications is 'An entry of the inbox. Live, scope: the inbox.';
create index notifications_revision on public.notifications (owner_id, revision);
create index notifications_session on public.notifications (session_id);

alter table public.notifications enable row level security;
revoke all on public.notifications from public, anon, authenticated;
grant select on public.notifications to authenticated;
grant all on public.notifications to service_role;
create policy "owner reads" on public.notifications for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.saved_searches (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  name text not null,
  query jsonb not null default '{}',
  active boolean not null default true,
  last_matched_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint saved_searches_name check (char_length(name) between 1 and 120),
  constraint saved_searches_query check (octet_length(query::text) <= 4000)
);
comment on table public.saved_searches is 'An alert on new postings: {"text","city","country","workplace","company"}.';
create index saved_searches_owner on public.saved_searches (owner_id);

alter table public.saved_searches enable row level security;
revoke all on public.saved_searches from public, anon, authenticated;
grant select on public.saved_searches to authenticated;
grant all on public.saved_searches to service_role;
create policy "owner reads" on public.saved_searches for select to authenticated
  using (owner_id = (select auth.uid()));
grant insert (name, query, active) on public.saved_searches to authenticated;
grant update (name, query, active) on public.saved_searches to authenticated;
grant delete on public.saved_searches to authenticated;
create policy "owner creates" on public.saved_searches for insert to authenticated
  with check (owner_id = (select auth.uid()));
create policy "owner edits" on public.saved_searches for update to authenticated
  using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
create policy "owner deletes" on public.saved_searches for delete to authenticated
  using (owner_id = (select auth.uid()));
create trigger touch before update on public.saved_searches
  for each row execute function otis.touch_updated_at();

create function otis.bound_saved_searches()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (select count(*) from public.saved_searches s where s.owner_id = new.owner_id) >= 100 then
    perform otis.refuse(409, 'too_many', 'There are 100 alerts already: delete one first. Nothing was saved.');
  end if;
  return new;
end $$;
comment on function otis.bound_saved_searches() is 'Row trigger: every run that ends is held against all of them.';
create trigger bound before insert on public.saved_searches
  for each row execute function otis.bound_saved_searches();

create table public.feature_flags (
  key text primary key,
  enabled boolean not null default true,
  rollout_percent smallint not null default 100,
  description text not null default '',
  updated_at timestamptz not null default now(),
  constraint feature_flags_key check (key ~ '^[a-z][a-z0-9_]{0,59}$'),
  constraint feature_flags_percent check (rollout_percent between 0 and 100)
);
comment on table public.feature_flags is 'Switches an operator flips in the SQL console; a roll-out by percentage is stable per user.';

alter table public.feature_flags enable row level security;
revoke all on public.feature_flags from public, anon, authenticated;
grant select on public.feature_flags to authenticated;
grant all on public.feature_flags to service_role;
create policy "everyone signed in reads" on public.feature_flags for select to authenticated
  using (true);
create trigger touch before update on public.feature_flags
  for each row execute function otis.touch_updated_at();
insert into public.feature_flags (key, description) values
  ('websocket', 'Live rows over Supabase Realtime'),
  ('sse', 'Live rows over server-sent events'),
  ('polling', 'Live rows over smart polling');

create table public.client_metrics (
  id bigint generated always as identity primary key,
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  session_id uuid,
  transport text not null,
  latency_p50_ms real,
  latency_p95_ms real,
  reconnects int not null default 0,
  gaps_healed int not null default 0,
  requests int not null default 0,
  dropped_frames int not null default 0,
  created_at timestamptz not null default now(),
  constraint client_metrics_transport check (transport in ('realtime', 'sse', 'polling', 'none'))
);
comment on table public.client_metrics is 'What a client measured of its own connection, sampled. A user may write only for herself.';
create index client_metrics_owner on public.client_metrics (owner_id);
create index client_metrics_created on public.client_metrics (created_at);

alter table public.client_metrics enable row level security;
revoke all on public.client_metrics from public, anon, authenticated;
grant select on public.client_metrics to authenticated;
grant all on public.client_metrics to service_role;
create policy "owner reads" on public.client_metrics for select to authenticated
  using (owner_id = (select auth.uid()));
grant insert (session_id, transport, latency_p50_ms, latency_p95_ms, reconnects, gaps_healed, requests, dropped_frames) on public.client_metrics to authenticated;
create policy "owner creates" on public.client_metrics for insert to authenticated
  with check (owner_id = (select auth.uid()));
