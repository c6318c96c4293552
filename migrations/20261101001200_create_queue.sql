-- The queue (Q1–Q6): work items, what each step took, and how much each vendor allows.
-- What a claim never changes is checked by its type: a check of the table is evaluated at each of its updates.
create domain otis.work_kind as text constraint work_kind check (value in
  ('scrape', 'enrich', 'import', 'personalise', 'push', 'activate', 'analytics', 'noop'));
create domain otis.work_priority as smallint constraint work_priority check (value between -100 and 100);
create domain otis.work_attempts as int constraint work_attempts check (value between 1 and 100);
create domain otis.work_payload as jsonb constraint work_payload check (pg_column_size(value) <= 262144);

-- Its columns stand in the order of their widths, fixed ones first: each is found without walking over texts.
create table otis.work_items (
  -- As a posting's id, so that what is claimed together stands together in the index.
  id uuid primary key default encode(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((date_part('epoch', clock_timestamp()) * 65536)::bigint) from 3) from 1), 'hex')::uuid,
  owner_id uuid not null,
  session_id uuid not null,
  group_id uuid not null,
  subject_id uuid not null,
  seq bigint generated always as identity,
  lease bigint not null default 0,
  run_after timestamptz not null default now(),
  created_at timestamptz not null default now(),
  attempts int not null default 0,
  max_attempts otis.work_attempts not null default 5,
  priority otis.work_priority not null default 0,
  held boolean not null default false,
  kind otis.work_kind not null,
  provider text not null,
  state text not null default 'ready',
  finished_at timestamptz,
  leased_at timestamptz,
  leased_until timestamptz,
  leased_by text,
  payload otis.work_payload not null default '{}',
  error_code text,
  error_message text,
  constraint work_items_attempts check (attempts >= 0),
  constraint work_items_state check (case
    when state = 'ready' then leased_until is null and finished_at is null
    when state = 'leased' then leased_until is not null and leased_by is not null and finished_at is null
    else state in ('done', 'failed', 'cancelled') and leased_until is null and finished_at is not null end)
) with (fillfactor = 40);
comment on table otis.work_items is
  'The queue. An item is one subject''s work of one kind, done step by step: each step is one claim and one complete. What is done leaves it for work_timings. No personal data in it.';
comment on column otis.work_items.group_id is 'What it belongs to: its run, batch or campaign. Pause, cancel and priority work on groups.';
comment on column otis.work_items.subject_id is 'scraping_runs, enrichment_status or campaigns row, by kind.';
comment on column otis.work_items.held is 'Paused with its group. A paused session is looked up at claim instead.';
comment on column otis.work_items.lease is 'Counts the claims. A result that names an earlier lease is refused, even from the same worker.';
comment on column otis.work_items.payload is '{"checkpoint": …} and what its kind needs to start. At most 256 KiB.';

-- A claim touches no indexed column, so that it is a heap-only update beside the old row (hence the fillfactor; leased
-- rows are the wider ones): ready and leased items share the indexes. No index is there for a foreign key: a session's items go with it by trigger.
-- One active item a subject: starting twice is refused by the database, not by luck.
create unique index work_items_active on otis.work_items (subject_id, kind) where finished_at is null;
-- The claim reads nothing but this: a lane is (session, kind, provider, priority), oldest first.
create index work_items_lanes on otis.work_items (held, session_id, kind, provider, priority, run_after, seq) where finished_at is null;
create index work_items_given_up on otis.work_items (subject_id) where finished_at is not null;
alter table otis.work_items enable row level security;
grant select, insert, update, delete on otis.work_items to service_role;

create table otis.work_timings (
  kind text not null,
  provider text not null,
  session_id uuid not null,
  result text not null,
  due_at timestamptz[] not null,
  started_at timestamptz[] not null,
  finished_at timestamptz not null default clock_timestamp(),
  constraint work_timings_result check (result in ('done', 'next', 'retry', 'failed'))
);
comment on table otis.work_timings is
  'What each step took, and how long it had waited: the source of ETA and of bottleneck detection (Q6). One row for all steps of a kind that a worker ended alike at once.';
comment on column otis.work_timings.due_at is 'When each step could have been claimed.';
comment on column otis.work_timings.started_at is 'When each was claimed, in the order of due_at.';
create index work_timings_recent on otis.work_timings (kind, provider, finished_at);
create index work_timings_finished on otis.work_timings using brin (finished_at);
alter table otis.work_timings enable row level security;
grant select, insert, delete on otis.work_timings to service_role;

create table otis.provider_limits (
  provider text primary key,
  max_concurrency int,
  capacity real,
  per_second real,
  tokens real not null default 0,
  refilled_at timestamptz not null default now(),
  one_host boolean not null default true,
  blocked_until timestamptz,
  constraint provider_limits_concurrency check (max_concurrency >= 0),
  constraint provider_limits_bucket check ((capacity is null) = (per_second is null) and capacity >= 1 and per_second > 0)
);
comment on table otis.provider_limits is
  'One vendor each: how many of its steps run at once, and how many start a second, over all workers. Hosts without a row are paced by the worker.';
comment on column otis.provider_limits.one_host is 'All its customers share a host or an account, so that its 429 is meant for everybody. Else it holds back only the step that met it.';
comment on column otis.provider_limits.blocked_until is 'Set by a 429 with Retry-After: until then nothing of this vendor is claimed.';
alter table otis.provider_limits enable row level security;
grant select, insert, update, delete on otis.provider_limits to service_role;

create table otis.provider_leases (
  item_id uuid primary key,
  lease bigint not null,
  provider text not null
);
comment on table otis.provider_leases is
  'The steps of vendors with limits that run. Only claims write it: an entry counts while its item still has that lease, whatever ended it.';
create index provider_leases_provider on otis.provider_leases (provider);
alter table otis.provider_leases enable row level security;
grant select, insert, update, delete on otis.provider_leases to service_role;

insert into otis.provider_limits (provider, max_concurrency, capacity, per_second, tokens) values
  ('greenhouse', 16, 50, 20, 50), ('lever', 16, 50, 20, 50), ('ashby', 16, 50, 20, 50), ('smartrecruiters', 8, 20, 10, 20), ('workable', 4, 10, 1, 10), ('apify', 16, 50, 20, 50),
  ('apollo', 4, 10, 0.8, 10), ('instantly', 4, 20, 10, 20), ('llm', 4, 20, 5, 20);
insert into otis.provider_limits (provider, max_concurrency, capacity, per_second, tokens, one_host) values
  ('recruitee', 16, 50, 20, 50, false), ('personio', 16, 50, 20, 50, false);

create function otis.drop_work()
returns trigger
language plpgsql
security definer -- a user is deleted by Supabase Auth, who has no rights here
set search_path = ''
as $$
begin
  delete from otis.work_items w where w.session_id = old.id;
  return null;
end $$;
comment on function otis.drop_work() is 'Row trigger: the work of a deleted session goes with it. Sessions go only with their user, so this may read the whole queue.';
create trigger drop_work after delete on public.otis_workflow_sessions
  for each row execute function otis.drop_work();

create function otis.wake_workers(p_reason text default 'ready')
returns void
language sql
set search_path = ''
as $$
  select pg_notify('otis_work', p_reason)
$$;
comment on function otis.wake_workers(text) is
  'A hint to workers: "ready" = there is work, "stop" = look whether your leases still hold. Postgres sends equal ones once a transaction.';

create function otis.lock_owners(p_owners uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_owner uuid;
begin
  for v_owner in select distinct x from unnest(p_owners) as x where x is not null order by x loop
    perform pg_advisory_xact_lock(hashtextextended('otis.owner:' || v_owner, 0));
  end loop;
end $$;
comment on function otis.lock_owners(uuid[]) is
  'R6: whoever writes to several sessions of one owner, or to her companies, holds this first, and may then lock any of her sessions in any order. Call it before lock_sessions.';

create function otis.try_uuid(p_text text)
returns uuid
language sql
immutable parallel safe
set search_path = ''
as $$
  select case when pg_input_is_valid(p_text, 'uuid') then p_text::uuid end
$$;
comment on function otis.try_uuid(text) is 'The id, or null where the text is none.';
