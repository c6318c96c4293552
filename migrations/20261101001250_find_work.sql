-- Q1, Q3: finding work to take. Fair between owners and between an owner's sessions, within what vendors allow.
--
-- How it stays cheap: the ready items are looked at lane by lane, a lane being (session, kind, provider,
-- priority). A loose index scan hops from lane to lane, then each lane gives its oldest few: 10,000 items
-- waiting in one lane cost no more than 10. It begins at a random session and goes round, so that with
-- more lanes than one claim looks at every session still gets its turn. Where only one lane has work,
-- which is most of the time, there is nothing to be fair about and the lane's oldest are taken at once.
-- A lease that ran out needs no sweeping: its item is simply available again, where it always stood.
--
-- The settings on claim_work and work_due keep the plans of all of these on the one index made for them: what the
-- statistics say of a table that fills and empties all day is never true. Written in plpgsql, they keep their plans.

create type otis.work_lane as (owner_id uuid, session_id uuid, kind otis.work_kind, provider text, priority otis.work_priority, since timestamptz, since_seq bigint);

create function otis.ready_lanes(p_kinds text[], p_from uuid, p_limit int)
returns setof otis.work_lane
language plpgsql
stable
set search_path = ''
as $$
begin
  return query
  with recursive onward as (
    (select w.owner_id, w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq, 1 as hop from otis.work_items w
      where w.finished_at is null and w.held = false and w.session_id >= p_from
      order by w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq limit 1)
    union all
    select n.*, l.hop + 1 from onward l cross join lateral (
      select w.owner_id, w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq from otis.work_items w
      where w.finished_at is null and w.held = false
        and (w.session_id, w.kind, w.provider, w.priority) > (l.session_id, l.kind, l.provider, l.priority)
      order by w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq limit 1) n
    where l.hop < 50 * p_limit
  ), around as (
    (select w.owner_id, w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq, 1 as hop from otis.work_items w
      where w.finished_at is null and w.held = false and w.session_id < p_from
      order by w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq limit 1)
    union all
    select n.*, l.hop + 1 from around l cross join lateral (
      select w.owner_id, w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq from otis.work_items w
      where w.finished_at is null and w.held = false and w.session_id < p_from
        and (w.session_id, w.kind, w.provider, w.priority) > (l.session_id, l.kind, l.provider, l.priority)
      order by w.session_id, w.kind, w.provider, w.priority, w.run_after, w.seq limit 1) n
    where l.hop < 50 * p_limit
  ), ring as (
    select * from onward union all select * from around
  )
  -- Walked only as far as needed; over what is paused 50 lanes either way for each that is asked for.
  select r.owner_id, r.session_id, r.kind, r.provider, r.priority, r.run_after, r.seq
  from ring r cross join lateral (
    select from public.otis_workflow_sessions s where s.id = r.session_id and s.status = 'active' limit 1) active
  where p_kinds is null or r.kind = any (p_kinds)
  limit p_limit;
end $$;
comment on function otis.ready_lanes(text[], uuid, int) is
  'The lanes with active items of sessions that are not paused, from a session on and around; kinds null: all. since, since_seq: the earliest item, so that nobody has to pass over the dead ones before it again.';

create function otis.take_from_lane(p_lane otis.work_lane, p_limit int)
returns tid[]
language plpgsql
set search_path = ''
as $$
begin
  return array(
    select w.ctid from otis.work_items w
    where w.finished_at is null and w.held = false and w.session_id = p_lane.session_id and w.kind = p_lane.kind
      and w.provider = p_lane.provider and w.priority = p_lane.priority and (w.run_after, w.seq) >= (p_lane.since, p_lane.since_seq) and w.run_after <= now()
      and (w.leased_until is null or w.leased_until < now())
    order by w.run_after, w.seq limit p_limit for update skip locked);
end $$;
comment on function otis.take_from_lane(otis.work_lane, int) is 'Locks the items of a lane that are due, the longest waiting first, passing over those that another claim holds.';

create function otis.look_into_lane(p_lane otis.work_lane, p_limit int)
returns table (id uuid, run_after timestamptz, seq bigint, busy bigint)
language plpgsql
stable
set search_path = ''
as $$
declare
  -- Items in work stand at the head of their lane, having waited longest.
  v_busy bigint := (select count(*) from (
    select w.leased_until from otis.work_items w
    where w.finished_at is null and w.held = false and w.session_id = p_lane.session_id and w.kind = p_lane.kind
      and w.provider = p_lane.provider and w.priority = p_lane.priority and (w.run_after, w.seq) >= (p_lane.since, p_lane.since_seq)
    order by w.run_after, w.seq limit 50) x where x.leased_until >= now());
begin
  return query
  select w.id, w.run_after, w.seq, v_busy from otis.work_items w
  where w.finished_at is null and w.held = false and w.session_id = p_lane.session_id and w.kind = p_lane.kind
    and w.provider = p_lane.provider and w.priority = p_lane.priority and (w.run_after, w.seq) >= (p_lane.since, p_lane.since_seq) and w.run_after <= now()
    and (w.leased_until is null or w.leased_until < now())
  order by w.run_after, w.seq limit p_limit;
end $$;
comment on function otis.look_into_lane(otis.work_lane, int) is
  'As take_from_lane, without locking, and with the number of items of the lane in work: for lining up.';

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

create function otis.forget_ended_leases(p_providers text[])
returns void
language sql
set search_path = ''
as $$
  delete from otis.provider_leases p
  where p.provider = any (p_providers) and not exists (
    select from otis.work_items w
    where w.id = p.item_id and w.lease = p.lease and w.leased_by is not null and w.leased_until >= now())
$$;
comment on function otis.forget_ended_leases(text[]) is 'Drops what no longer runs, however it ended. Called with the vendors'' rows locked.';

create function otis.free_slots(p_providers text[])
returns table (provider text, slots int)
language sql
set search_path = ''
as $$
  select l.provider, case when l.blocked_until > now() then 0 else greatest(0, least(floor(otis.free_tokens(l)), 1000,
    l.max_concurrency - (select count(*) from otis.provider_leases p where p.provider = l.provider))) end::int
  from otis.provider_limits l where l.provider = any (p_providers)
$$;
comment on function otis.free_slots(text[]) is 'How many steps each vendor with limits takes now. Exact while their rows are locked.';
