-- Q1, Q3: taking work. Fair between owners and between an owner's sessions, within what vendors allow.
--
-- How it stays cheap: the ready items are looked at lane by lane, a lane being (session, kind, provider,
-- priority). A loose index scan hops from lane to lane, then each lane gives its oldest few: 10,000 items
-- waiting in one lane cost no more than 10. It begins at a random session and goes round, so that with
-- more lanes than one claim looks at every session still gets its turn.

create type otis.work_lane as (owner_id uuid, session_id uuid, kind text, provider text, priority smallint);

create function otis.ready_lanes(p_kinds text[], p_from uuid, p_limit int)
returns setof otis.work_lane
language plpgsql -- keeps its plan, which costs more than running it
stable
set search_path = ''
-- The plan must not depend on how stale the statistics of a table are that fills and empties all day.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with recursive onward as (
    (select w.owner_id, w.session_id, w.kind, w.provider, w.priority from otis.work_items w
      where w.state = 'ready' and not w.held and w.session_id >= p_from
      order by w.session_id, w.kind, w.provider, w.priority limit 1)
    union all
    select n.* from onward l cross join lateral (
      select w.owner_id, w.session_id, w.kind, w.provider, w.priority from otis.work_items w
      where w.state = 'ready' and not w.held
        and (w.session_id, w.kind, w.provider, w.priority) > (l.session_id, l.kind, l.provider, l.priority)
      order by w.session_id, w.kind, w.provider, w.priority limit 1) n
  ), around as (
    (select w.owner_id, w.session_id, w.kind, w.provider, w.priority from otis.work_items w
      where w.state = 'ready' and not w.held and w.session_id < p_from
      order by w.session_id, w.kind, w.provider, w.priority limit 1)
    union all
    select n.* from around l cross join lateral (
      select w.owner_id, w.session_id, w.kind, w.provider, w.priority from otis.work_items w
      where w.state = 'ready' and not w.held and w.session_id < p_from
        and (w.session_id, w.kind, w.provider, w.priority) > (l.session_id, l.kind, l.provider, l.priority)
      order by w.session_id, w.kind, w.provider, w.priority limit 1) n
  ), ring as (
    select * from onward union all select * from around limit p_limit
  )
  select r.owner_id, r.session_id, r.kind, r.provider, r.priority
  from ring r join public.otis_workflow_sessions s on s.id = r.session_id
  where s.status = 'active' and r.kind = any (p_kinds);
end $$;
comment on function otis.ready_lanes(text[], uuid, int) is 'The lanes with ready items of sessions that are not paused, from a session on and around.';

create function otis.lane_items(p_lane otis.work_lane, p_limit int)
returns table (id uuid, run_after timestamptz, seq bigint)
language plpgsql
stable
set search_path = ''
set enable_seqscan = off -- as ready_lanes
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select w.id, w.run_after, w.seq from otis.work_items w
  where w.state = 'ready' and not w.held and w.session_id = p_lane.session_id and w.kind = p_lane.kind
    and w.provider = p_lane.provider and w.priority = p_lane.priority and w.run_after <= now()
  order by w.run_after, w.seq limit p_limit;
end $$;
comment on function otis.lane_items(otis.work_lane, int) is 'The items of a lane that are due, the longest waiting first.';

create function otis.claim_work(p_worker text, p_kinds text[], p_limit int default 10, p_lease interval default '60 seconds')
returns table (id uuid, lease bigint, kind text, provider text, owner_id uuid, session_id uuid, group_id uuid,
               subject_id uuid, priority smallint, attempts int, max_attempts int, payload jsonb, leased_until timestamptz)
language plpgsql
set search_path = ''
set enable_seqscan = off -- as ready_lanes
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_lanes otis.work_lane[];
  v_depth int;
begin
  if coalesce(p_worker, '') = '' or p_limit is null or p_limit not between 1 and 1000
     or p_lease is null or p_lease not between interval '1 second' and interval '1 hour' then
    perform otis.refuse(400, 'invalid_limit', 'A worker has a name, claims 1 to 1000 items, and leases them for 1 s to 1 h.');
  end if;
  perform otis.sweep_leases();
  select array_agg(l) into v_lanes from otis.ready_lanes(p_kinds, gen_random_uuid(), 100) l;
  if v_lanes is null then
    return;
  end if;
  -- Deep enough that four workers claiming the same lane at once each find items the others have not locked.
  v_depth := greatest(p_limit, 4 * p_limit / cardinality(v_lanes));
  -- Vendors with limits are counted by one claim at a time; the next statement sees what the one before took.
  perform from otis.provider_limits l
    where l.provider in (select n.provider from unnest(v_lanes) n) order by l.provider for update;
  return query
  with busy as materialized (
    select w.owner_id, w.session_id, w.provider, count(*) as n from otis.work_items w where w.state = 'leased' group by 1, 2, 3
  ), headroom as materialized (
    select l.provider, otis.free_tokens(l) as tokens,
      case when l.blocked_until > now() then 0 else greatest(0, least(floor(otis.free_tokens(l)),
        l.max_concurrency - coalesce((select sum(b.n) from busy b where b.provider = l.provider), 0), 1000)) end::int as free
    from otis.provider_limits l where l.provider in (select n.provider from unnest(v_lanes) n)
  ), waiting as (
    select n.owner_id, n.session_id, n.provider, n.priority, c.id, c.run_after, c.seq, h.free
    from unnest(v_lanes) n
    left join headroom h on h.provider = n.provider
    cross join lateral otis.lane_items(n, least(v_depth, coalesce(h.free, v_depth))) c
  ), in_session as (
    -- What a session, or an owner, has running already counts as turns taken.
    select x.*, row_number() over (partition by x.session_id order by x.priority desc, x.run_after, x.seq)
      + coalesce((select sum(b.n) from busy b where b.session_id = x.session_id), 0) as session_turn
    from waiting x
  ), in_owner as (
    select x.*, random() as tie, row_number() over (partition by x.owner_id order by x.priority desc, x.session_turn, x.run_after, x.seq)
      + coalesce((select sum(b.n) from busy b where b.owner_id = x.owner_id), 0) as owner_turn
    from in_session x
  ), in_line as (
    select x.id, x.free, row_number() over (order by x.owner_turn, x.tie) as turn,
      row_number() over (partition by x.provider order by x.owner_turn, x.tie) as provider_turn
    from in_owner x
  ), picked as (
    select w.id from (
      select i.id from in_line i where i.free is null or i.provider_turn <= i.free order by i.turn
    ) x
    -- Still ready and not held, said so that no index but the primary key comes into question.
    cross join lateral (
      select w.id from otis.work_items w
      where w.id = x.id and w.leased_by is null and w.finished_at is null and w.held is not true for update skip locked) w
    limit p_limit
  ), claimed as (
    update otis.work_items w set
      state = 'leased', leased_by = p_worker, leased_at = clock_timestamp(), leased_until = clock_timestamp() + p_lease,
      lease = w.lease + 1, attempts = w.attempts + 1, waited_ms = extract(epoch from clock_timestamp() - w.run_after) * 1000
    where w.id = any (array(select x.id from picked x))
    returning w.*
  ), paid as (
    update otis.provider_limits l set tokens = h.tokens - x.n, refilled_at = clock_timestamp()
    from headroom h, (select c.provider, count(*) as n from claimed c group by 1) x
    where h.provider = l.provider and x.provider = l.provider and l.capacity is not null
  )
  select c.id, c.lease, c.kind, c.provider, c.owner_id, c.session_id, c.group_id, c.subject_id, c.priority,
         c.attempts, c.max_attempts, c.payload, c.leased_until
  from claimed c order by c.priority desc, c.run_after, c.seq;
end $$;
comment on function otis.claim_work(text, text[], int, interval) is
  'Q1. Leases up to p_limit ready items to a worker. Give `lease` back with every result. Raises invalid_limit.';

create function otis.free_tokens(p_limit otis.provider_limits)
returns real
language sql
volatile
set search_path = ''
as $$
  select case when p_limit.capacity is null then 'infinity'::real
    else least(p_limit.capacity, p_limit.tokens
      + greatest(0, extract(epoch from clock_timestamp() - p_limit.refilled_at))::real * p_limit.per_second) end
$$;
comment on function otis.free_tokens(otis.provider_limits) is 'The tokens in a vendor''s bucket at this moment.';
