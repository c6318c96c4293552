-- Views for the SQL console: what an operator asks, each in one query. docs/operations.md shows how.
create view inspect.sessions with (security_invoker = true) as
  select s.id, s.owner_id, s.name, s.status, s.current_stage, s.revision, s.companies_count, s.jobs_count,
    s.enrichment_completed, s.enrichment_failed, s.enrichment_total,
    count(w.id) filter (where w.state = 'ready') as ready, count(w.id) filter (where w.state = 'leased') as leased,
    count(w.id) filter (where w.state = 'failed') as failed, s.last_activity_at, s.expires_at
  from public.otis_workflow_sessions s left join otis.work_items w on w.session_id = s.id
  group by s.id;
comment on view inspect.sessions is 'Every session with what it holds and what it waits for.';
comment on column inspect.sessions.id is 'The session.';
comment on column inspect.sessions.owner_id is 'Its user.';
comment on column inspect.sessions.name is 'As the user named it.';
comment on column inspect.sessions.status is 'active, paused, completed, cancelled or expired.';
comment on column inspect.sessions.current_stage is 'Where the user is.';
comment on column inspect.sessions.revision is 'Newest revision of its scope.';
comment on column inspect.sessions.companies_count is 'Companies in it.';
comment on column inspect.sessions.jobs_count is 'Open postings.';
comment on column inspect.sessions.enrichment_completed is 'Companies enriched.';
comment on column inspect.sessions.enrichment_failed is 'Enrichments that failed or were cancelled.';
comment on column inspect.sessions.enrichment_total is 'Enrichments started.';
comment on column inspect.sessions.ready is 'Work items that wait.';
comment on column inspect.sessions.leased is 'Work items in a worker''s hands.';
comment on column inspect.sessions.failed is 'Work items given up.';
comment on column inspect.sessions.last_activity_at is 'Last write to a live row.';
comment on column inspect.sessions.expires_at is 'When it becomes expired.';
grant select on inspect.sessions to service_role;

create view inspect.queue with (security_invoker = true) as
  select w.kind, w.provider, w.state, w.held, count(*) as items, min(w.created_at) as oldest,
    round(extract(epoch from now() - min(w.run_after))) as overdue_seconds, max(w.attempts) as most_attempts
  from otis.work_items w
  group by w.kind, w.provider, w.state, w.held;
comment on view inspect.queue is 'The queue by kind, provider and state, with the age of the oldest.';
comment on column inspect.queue.kind is 'scrape, enrich, import, personalise, push, activate or analytics.';
comment on column inspect.queue.provider is 'Whose limits it counts against.';
comment on column inspect.queue.state is 'ready, leased, done, failed or cancelled.';
comment on column inspect.queue.held is 'Paused with its run, batch or campaign.';
comment on column inspect.queue.items is 'How many.';
comment on column inspect.queue.oldest is 'Creation of the oldest.';
comment on column inspect.queue.overdue_seconds is 'Seconds since the earliest was due; negative when it lies ahead.';
comment on column inspect.queue.most_attempts is 'Most attempts any of them has had.';
grant select on inspect.queue to service_role;

create view inspect.stuck_work with (security_invoker = true) as
  select w.id, w.kind, w.provider, w.session_id, w.state, w.attempts, w.leased_by, w.leased_until,
    case when w.state = 'leased' then 'lease ran out' when p.blocked_until > now() then 'provider asked to wait'
      when s.status = 'paused' then 'session paused' when w.held then 'paused' else 'overdue' end as reason,
    greatest(now() - case when w.state = 'leased' then w.leased_until else w.run_after end, interval '0') as since,
    w.error_code, w.error_message
  from otis.work_items w
  join public.otis_workflow_sessions s on s.id = w.session_id
  left join otis.provider_limits p on p.provider = w.provider
  where (w.state = 'leased' and w.leased_until < now()) or (w.state = 'ready' and w.run_after < now() - interval '1 minute');
comment on view inspect.stuck_work is 'Items that should be moving and are not: overdue by a minute, or held by a worker past its lease.';
comment on column inspect.stuck_work.id is 'The item.';
comment on column inspect.stuck_work.kind is 'Its kind.';
comment on column inspect.stuck_work.provider is 'Its provider.';
comment on column inspect.stuck_work.session_id is 'Its session.';
comment on column inspect.stuck_work.state is 'ready or leased.';
comment on column inspect.stuck_work.attempts is 'Attempts so far.';
comment on column inspect.stuck_work.leased_by is 'The worker that has or had it.';
comment on column inspect.stuck_work.leased_until is 'End of the lease.';
comment on column inspect.stuck_work.reason is 'Why it does not move.';
comment on column inspect.stuck_work.since is 'For how long.';
comment on column inspect.stuck_work.error_code is 'Last error''s code.';
comment on column inspect.stuck_work.error_message is 'Last error''s sentence.';
grant select on inspect.stuck_work to service_role;

create view inspect.throughput with (security_invoker = true) as
  select date_trunc('minute', t.finished_at) as minute, t.kind, count(*) as steps,
    count(*) filter (where t.result = 'failed') as failed,
    percentile_cont(0.5) within group (order by 1000 * date_part('epoch', t.finished_at - s.started_at)) as took_p50_ms,
    percentile_cont(0.95) within group (order by 1000 * date_part('epoch', t.finished_at - s.started_at)) as took_p95_ms,
    percentile_cont(0.5) within group (order by 1000 * date_part('epoch', s.started_at - s.due_at)) as waited_p50_ms
  from otis.work_timings t cross join lateral unnest(t.due_at, t.started_at) s (due_at, started_at)
  where t.finished_at > now() - interval '1 hour'
  group by 1, 2;
comment on view inspect.throughput is 'Steps finished a minute over the last hour, by kind.';
comment on column inspect.throughput.minute is 'The minute.';
comment on column inspect.throughput.kind is 'Kind of work.';
comment on column inspect.throughput.steps is 'Steps finished in it.';
comment on column inspect.throughput.failed is 'Of them, given up.';
comment on column inspect.throughput.took_p50_ms is 'Median duration, ms.';
comment on column inspect.throughput.took_p95_ms is '95th percentile of the duration, ms.';
comment on column inspect.throughput.waited_p50_ms is 'Median wait before it, ms.';
grant select on inspect.throughput to service_role;

create view inspect.recent_errors with (security_invoker = true) as
  select w.kind, w.provider, w.error_code, count(*) as items, count(distinct w.session_id) as sessions,
    max(coalesce(w.finished_at, w.created_at)) as latest, (array_agg(w.error_message order by w.seq desc))[1] as example
  from otis.work_items w
  where w.error_code is not null and coalesce(w.finished_at, w.created_at) > now() - interval '1 day'
  group by w.kind, w.provider, w.error_code
  order by latest desc;
comment on view inspect.recent_errors is 'What failed in the last day, by code, newest first.';
comment on column inspect.recent_errors.kind is 'Kind of work.';
comment on column inspect.recent_errors.provider is 'Provider.';
comment on column inspect.recent_errors.error_code is 'Stable code.';
comment on column inspect.recent_errors.items is 'Items whose last error it is.';
comment on column inspect.recent_errors.sessions is 'Sessions concerned.';
comment on column inspect.recent_errors.latest is 'When last.';
comment on column inspect.recent_errors.example is 'The sentence of the newest.';
grant select on inspect.recent_errors to service_role;

create view inspect.provider_headroom with (security_invoker = true) as
  select p.provider, p.max_concurrency, count(w.id) as running, p.max_concurrency - count(w.id) as free_places,
    case when p.capacity is null then null else
      least(p.capacity, p.tokens + extract(epoch from now() - p.refilled_at)::real * p.per_second) end as tokens,
    p.capacity, p.per_second, p.blocked_until
  from otis.provider_limits p left join otis.work_items w on w.provider = p.provider and w.state = 'leased'
  group by p.provider;
comment on view inspect.provider_headroom is 'How much each provider still takes: concurrency and tokens.';
comment on column inspect.provider_headroom.provider is 'The provider.';
comment on column inspect.provider_headroom.max_concurrency is 'Steps at once, over all workers; null is no limit.';
comment on column inspect.provider_headroom.running is 'Steps running now.';
comment on column inspect.provider_headroom.free_places is 'Steps that may start now by concurrency.';
comment on column inspect.provider_headroom.tokens is 'Steps that may start now by rate.';
comment on column inspect.provider_headroom.capacity is 'Most tokens.';
comment on column inspect.provider_headroom.per_second is 'Tokens that come back a second.';
comment on column inspect.provider_headroom.blocked_until is 'A 429 said: not before.';
grant select on inspect.provider_headroom to service_role;

create view inspect.table_sizes with (security_invoker = true) as
  select c.oid::regclass::text as table_name, pg_total_relation_size(c.oid) as total_bytes, pg_relation_size(c.oid) as table_bytes,
    pg_indexes_size(c.oid) as index_bytes, coalesce(s.n_live_tup, 0) as live_rows, coalesce(s.n_dead_tup, 0) as dead_rows, s.last_autovacuum
  from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
  where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'otis'::regnamespace)
  order by total_bytes desc;
comment on view inspect.table_sizes is 'Tables by size, with what autovacuum has to do.';
comment on column inspect.table_sizes.table_name is 'The table.';
comment on column inspect.table_sizes.total_bytes is 'With indexes and TOAST.';
comment on column inspect.table_sizes.table_bytes is 'Rows alone.';
comment on column inspect.table_sizes.index_bytes is 'Indexes.';
comment on column inspect.table_sizes.live_rows is 'Estimated rows.';
comment on column inspect.table_sizes.dead_rows is 'Estimated rows for vacuum.';
comment on column inspect.table_sizes.last_autovacuum is 'Last automatic vacuum.';
grant select on inspect.table_sizes to service_role;

create view inspect.replication with (security_invoker = true) as
  select s.slot_name::text as slot_name, s.plugin::text as plugin, s.active, s.temporary,
    pg_wal_lsn_diff(pg_current_wal_lsn(), s.confirmed_flush_lsn)::bigint as behind_bytes, s.wal_status
  from pg_replication_slots s;
comment on view inspect.replication is 'Replication slots and how far behind they are: Realtime reads from one.';
comment on column inspect.replication.slot_name is 'The slot.';
comment on column inspect.replication.plugin is 'Its output plugin.';
comment on column inspect.replication.active is 'Somebody reads it.';
comment on column inspect.replication.temporary is 'Goes with its connection.';
comment on column inspect.replication.behind_bytes is 'WAL it has not confirmed.';
comment on column inspect.replication.wal_status is 'reserved is well; lost means changes are gone.';
grant select on inspect.replication to service_role;

create view inspect.live_clients with (security_invoker = true) as
  select m.transport, count(*) as samples, count(distinct m.owner_id) as users,
    percentile_cont(0.5) within group (order by m.latency_p50_ms) as latency_p50_ms,
    percentile_cont(0.95) within group (order by m.latency_p95_ms) as latency_p95_ms,
    sum(m.reconnects) as reconnects, sum(m.gaps_healed) as gaps_healed, sum(m.dropped_frames) as dropped_frames
  from public.client_metrics m where m.created_at > now() - interval '1 hour'
  group by m.transport;
comment on view inspect.live_clients is 'What clients measured of their connections in the last hour, by transport.';
comment on column inspect.live_clients.transport is 'realtime, sse, polling or none.';
comment on column inspect.live_clients.samples is 'Samples sent.';
comment on column inspect.live_clients.users is 'Users who sent them.';
comment on column inspect.live_clients.latency_p50_ms is 'Median of commit to applied, ms.';
comment on column inspect.live_clients.latency_p95_ms is '95th percentile of commit to applied, ms.';
comment on column inspect.live_clients.reconnects is 'Reconnects in all.';
comment on column inspect.live_clients.gaps_healed is 'Gaps that a delta read closed.';
comment on column inspect.live_clients.dropped_frames is 'Frames the client dropped.';
grant select on inspect.live_clients to service_role;
