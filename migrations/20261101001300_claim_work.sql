-- Q1, Q3: taking work: lined up fairly where several lanes have some, leased in one update.

create function otis.line_up(p_lanes otis.work_lane[], p_limit int)
returns tid[]
language plpgsql
set search_path = ''
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  -- Twice an even share, so that workers claiming at once find items the others have not locked.
  v_share int := greatest(8, 2 * p_limit / cardinality(p_lanes));
begin
  return array(
    with free as materialized (
      select f.provider, f.slots from otis.free_slots(array(select distinct l.provider from unnest(p_lanes) l)) f
    ), waiting as materialized (
      select l.owner_id, l.session_id, l.provider, l.priority, c.id, c.run_after, c.seq, c.busy, f.slots,
        row_number() over (partition by l.lane order by c.run_after, c.seq) = 1 as first_of_lane
      from (
        -- What an owner put first may fill the whole claim.
        select n as lane, n.*, case when n.priority > min(n.priority) over (partition by n.owner_id) then greatest(p_limit, v_share) else v_share end as depth
        from unnest(p_lanes) n
      ) l
      left join free f on f.provider = l.provider
      cross join lateral otis.look_into_lane(l.lane, least(l.depth, f.slots)) c
    ), in_session as (
      -- What a session, or an owner, has in work already counts as turns taken.
      select x.*, sum(x.busy) filter (where x.first_of_lane) over (partition by x.session_id)
        + row_number() over (partition by x.session_id order by x.priority desc, x.run_after, x.seq) as session_turn
      from waiting x
    ), in_owner as (
      select x.*, random() as tie, sum(x.busy) filter (where x.first_of_lane) over (partition by x.owner_id)
        + row_number() over (partition by x.owner_id order by x.priority desc, x.session_turn, x.run_after, x.seq) as owner_turn
      from in_session x
    ), in_line as (
      select x.id, x.slots, row_number() over (order by x.owner_turn, x.tie) as turn,
        row_number() over (partition by x.provider order by x.owner_turn, x.tie) as provider_turn
      from in_owner x
    )
    select w.ctid from (
      select i.id from in_line i where i.slots is null or i.provider_turn <= i.slots order by i.turn
    ) x
    -- Still available, said so that no index but the primary key comes into question.
    cross join lateral (
      select w.ctid from otis.work_items w
      where w.id = x.id and w.state in ('ready', 'leased') and w.held is not true and (w.leased_until is null or w.leased_until < now())
      for update skip locked) w
    limit p_limit);
end $$;
comment on function otis.line_up(otis.work_lane[], int) is
  'Locks the next items of several lanes: owners take turns, an owner''s sessions take turns, her priorities go first, vendors'' limits hold.';

create function otis.count_leases(p_rows tid[], p_limited text[])
returns void
language sql
set search_path = ''
as $$
  with taken as (
    insert into otis.provider_leases as p (item_id, lease, provider)
    select w.id, w.lease + 1, w.provider from otis.work_items w where w.ctid = any (p_rows) and w.provider = any (p_limited)
    on conflict (item_id) do update set lease = excluded.lease, provider = excluded.provider
    returning p.provider
  )
  update otis.provider_limits l set tokens = otis.free_tokens(l) - x.n, refilled_at = clock_timestamp()
  from (select t.provider, count(*) as n from taken t group by 1) x
  where l.provider = x.provider and l.capacity is not null
$$;
comment on function otis.count_leases(tid[], text[]) is 'Books the items about to be claimed on their vendors: a place each, and a token.';

create function otis.lanes_to_serve(p_kinds text[])
returns otis.work_lane[]
language plpgsql
set search_path = ''
as $$
declare
  v_only otis.work_lane;
begin
  select first.* into v_only from (
    select w.owner_id, w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq from otis.work_items w
    where w.finished_at is null and w.held = false
    order by w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq limit 1) first, (
    select w.session_id, w.kind, w.provider, w.priority from otis.work_items w
    where w.finished_at is null and w.held = false
    order by w.session_id desc, w.kind desc, w.provider desc, w.priority desc, w.run_after desc, w.seq desc limit 1) last
  where (first.session_id, first.kind, first.provider, first.priority) = (last.session_id, last.kind, last.provider, last.priority);
  if found then
    return case when v_only.kind = any (p_kinds) then array[v_only] else '{}' end;
  end if;
  return array(select l from otis.ready_lanes(coalesce(p_kinds, '{}'), gen_random_uuid(), 100) l);
end $$;
comment on function otis.lanes_to_serve(text[]) is 'The lanes a claim looks at: the only one, if the first is also the last, even of a session that is paused; else up to 100, from a random session on.';

create function otis.claim_work(p_worker text, p_kinds text[], p_limit int default 10, p_lease interval default '60 seconds')
returns table (id uuid, lease bigint, kind otis.work_kind, provider text, owner_id uuid, session_id uuid, group_id uuid,
               subject_id uuid, priority otis.work_priority, attempts int, max_attempts otis.work_attempts, payload otis.work_payload, leased_until timestamptz)
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_lanes otis.work_lane[];
  v_limited text[];
  v_paused uuid[];
  v_rows tid[]; -- locked by this transaction, so they stay where they are
  v_claimed int;
begin
  if coalesce(p_worker, '') = '' or p_limit is null or p_limit not between 1 and 1000
     or p_lease is null or p_lease not between interval '1 second' and interval '1 hour' then
    perform otis.refuse(400, 'invalid_limit', 'A worker has a name, claims 1 to 1000 items, and leases them for 1 s to 1 h.');
  end if;
  v_lanes := otis.lanes_to_serve(p_kinds);
  if v_lanes = '{}' then
    return;
  end if;
  -- Vendors with limits are counted by one claim at a time; what it took is seen by the next.
  v_limited := array(select l.provider from otis.provider_limits l
    where l.provider = any (array(select n.provider from unnest(v_lanes) n)) order by l.provider for update);
  if v_limited <> '{}' then
    perform otis.forget_ended_leases(v_limited);
  end if;
  v_rows := case when cardinality(v_lanes) = 1 and v_limited = '{}' then otis.take_from_lane(v_lanes[1], p_limit)
    else otis.line_up(v_lanes, p_limit) end;
  -- Looked at again now that the items are locked: who pauses from here on finds them leased, and takes them back.
  v_paused := array(select s.id from public.otis_workflow_sessions s
    where s.id = any (array(select n.session_id from unnest(v_lanes) n)) and s.status <> 'active');
  if v_paused <> '{}' then
    v_rows := array(select w.ctid from otis.work_items w where w.ctid = any (v_rows) and w.session_id <> all (v_paused));
  end if;
  if v_limited <> '{}' then
    perform otis.count_leases(v_rows, v_limited);
  end if;
  return query
  update otis.work_items w set
    state = 'leased', leased_by = p_worker, leased_at = clock_timestamp(), leased_until = clock_timestamp() + p_lease,
    lease = w.lease + 1, attempts = w.attempts + 1
  where w.ctid = any (v_rows) and w.attempts < w.max_attempts
  returning w.id, w.lease, w.kind, w.provider, w.owner_id, w.session_id, w.group_id, w.subject_id, w.priority,
    w.attempts, w.max_attempts, w.payload, w.leased_until;
  get diagnostics v_claimed = row_count;
  if v_claimed = cardinality(v_rows) then
    -- Leases need not wait for the disk: should the database die with them, the items are simply still there to take.
    perform set_config('synchronous_commit', 'off', true);
  else
    begin
      perform otis.give_up_lost(array(select w.id from otis.work_items w where w.ctid = any (v_rows)));
    exception when others then
      -- Whatever is wrong with one item must not keep all others from being claimed: it is passed over for a lease.
      raise warning 'lost work could not be given up (%)', sqlstate;
      update otis.work_items w set state = 'leased', leased_by = p_worker, leased_at = clock_timestamp(), leased_until = clock_timestamp() + p_lease
      where w.ctid = any (v_rows) and w.attempts >= w.max_attempts;
    end;
  end if;
end $$;
comment on function otis.claim_work(text, text[], int, interval) is
  'Q1. Leases up to p_limit ready items to a worker. Give `lease` back with every result. Raises invalid_limit.';
