-- Q4, Q5: what a worker says while it works: it lives, how far it is, what it gives back; and when to come again.

create function otis.extend_lease(p_worker text, p_items jsonb, p_lease interval default '60 seconds')
returns uuid[]
language sql
set search_path = ''
as $$
  with held as (
    update otis.work_items w set leased_until = clock_timestamp() + least(greatest(p_lease, interval '1 second'), interval '1 hour')
    from otis.held_items(p_worker, p_items) h where w.id = h.id returning w.id
  )
  select coalesce(array_agg(h.id), '{}') from held h
$$;
comment on function otis.extend_lease(text, jsonb, interval) is
  'Q5. [{id, lease}] → the ids still held, their lease prolonged. Whatever is missing was paused, cancelled or lost: abort it, its result would be refused.';

create function otis.release_work(p_worker text, p_items jsonb)
returns uuid[]
language sql
set search_path = ''
as $$
  with freed as (
    update otis.work_items w set state = 'ready', leased_by = null, leased_until = null, attempts = w.attempts - 1
    from otis.held_items(p_worker, p_items) h where w.id = h.id returning w.id
  ), woken as (
    select otis.wake_workers() from freed limit 1
  )
  select coalesce(array_agg(f.id), '{}') from freed f left join woken on true
$$;
comment on function otis.release_work(text, jsonb) is
  'A worker whose time is up gives its items back at once, without the attempt being counted. [{id, lease}] → ids released.';

create function otis.first_of_lane(p_lane otis.work_lane)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
begin
  return least(
    (select w.run_after from otis.work_items w
      where w.finished_at is null and w.held = false and w.session_id = p_lane.session_id and w.kind = p_lane.kind
        and w.provider = p_lane.provider and w.priority = p_lane.priority and (w.run_after, w.seq) >= (p_lane.since, p_lane.since_seq) and w.leased_until is null
      order by w.run_after, w.seq limit 1),
    (select min(x.leased_until) from (
      select w.leased_until from otis.work_items w
      where w.finished_at is null and w.held = false and w.session_id = p_lane.session_id and w.kind = p_lane.kind
        and w.provider = p_lane.provider and w.priority = p_lane.priority and (w.run_after, w.seq) >= (p_lane.since, p_lane.since_seq)
      order by w.run_after, w.seq limit 500) x));
end $$;
comment on function otis.first_of_lane(otis.work_lane) is 'When something of a lane may have to be done: an item falls due, or a lease runs out.';

create function otis.work_due()
returns interval
language sql
volatile
set search_path = ''
set enable_seqscan = off -- as claim_work
set enable_bitmapscan = off
set enable_sort = off
set enable_incremental_sort = off
set plan_cache_mode = force_generic_plan
as $$
  -- greatest() passes over null, and "nothing waits" must not become "now".
  select case when n.due is not null then greatest(interval '0', n.due - clock_timestamp()) end
  from (select min(f.due) as due from otis.ready_lanes(null, '00000000-0000-0000-0000-000000000000', 10000) l
    cross join lateral otis.first_of_lane(l) f (due)) n
$$;
comment on function otis.work_due() is
  'Q4. Time until something may have to be done (an item falls due or a lease runs out); null: nothing at all. May be too short, never too long.';

create function otis.report_progress(p_worker text, p_updates jsonb)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[] := otis.ids_of(p_updates);
begin
  perform otis.lock_scopes_of(v_ids);
  -- Items are not locked: pause and cancel hold the session, so a lease that holds here holds to the end.
  v_ids := array(
    select w.id from otis.work_items w
    join (select distinct on (id) id, lease from jsonb_to_recordset(p_updates) as e (id uuid, lease bigint)) x on x.id = w.id
    where w.state = 'leased' and w.leased_by = p_worker and (x.lease is null or x.lease = w.lease));
  perform otis.show_progress(coalesce((
    select jsonb_agg(x.e || jsonb_build_object('kind', w.kind, 'subject_id', w.subject_id, 'session_id', w.session_id, 'provider', w.provider))
    from (select distinct on (u.e ->> 'id') u.e from jsonb_array_elements(p_updates) u (e)) x
    join otis.work_items w on w.id = otis.try_uuid(x.e ->> 'id')
    where w.id = any (v_ids)), '[]'));
  return v_ids;
end $$;
comment on function otis.report_progress(text, jsonb) is
  'Batched. [{id, lease, step?, done?, total?, log?: [{level, message, event_type?, data?}]}] → the ids still held. Send one right after a claim: it shows the subject as running.';

create function otis.begun_at(p_subject uuid)
returns timestamptz
language sql
stable
set search_path = ''
as $$
  select coalesce((select w.leased_at from otis.work_items w where w.subject_id = p_subject and w.finished_at is null limit 1), now())
$$;
comment on function otis.begun_at(uuid) is
  'When the step of a subject that runs now was claimed: what is over in one step began then, not when its result came.';

create function otis.show_progress(p_updates jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.scraping_runs r set
    status = 'running', started_at = coalesce(r.started_at, otis.begun_at(r.id)), step = x.step,
    items_done = x.done, items_total = x.total, percent = x.percent
  from (
    select t.id, otis.clip(coalesce(u.step, t.step), 200) as step, greatest(t.items_done, u.done) as done,
      coalesce(greatest(t.items_total, u.total), u.total, t.items_total) as total,
      greatest(t.percent, least(99, 100 * greatest(t.items_done, u.done) / nullif(greatest(t.items_total, u.total), 0))) as percent
    from jsonb_to_recordset(p_updates) as u (kind text, subject_id uuid, step text, done int, total int)
    join public.scraping_runs t on t.id = u.subject_id and u.kind = 'scrape' and t.status in ('queued', 'running')
  ) x
  where r.id = x.id and (r.status, r.step, r.items_done, r.items_total, r.percent)
    is distinct from ('running', x.step, x.done, x.total, x.percent::smallint);
  update public.enrichment_status e set
    status = 'running', started_at = coalesce(e.started_at, otis.begun_at(e.id)), step = x.step, provider = x.provider
  from (
    select t.id, otis.clip(coalesce(u.step, t.step), 200) as step, coalesce(u.provider, t.provider) as provider
    from jsonb_to_recordset(p_updates) as u (kind text, subject_id uuid, step text, provider text)
    join public.enrichment_status t on t.id = u.subject_id and u.kind = 'enrich' and t.status in ('queued', 'running')
  ) x
  where e.id = x.id and (e.status, e.step, e.provider) is distinct from ('running', x.step, x.provider);
  update public.enrichment_batches b set status = 'running', started_at = coalesce(b.started_at, now())
  where b.status = 'queued' and b.id in (
    select e.batch_id from jsonb_to_recordset(p_updates) as u (kind text, subject_id uuid)
    join public.enrichment_status e on e.id = u.subject_id and u.kind = 'enrich');
  update public.campaigns c set step = otis.clip(u.step, 200)
  from jsonb_to_recordset(p_updates) as u (kind text, subject_id uuid, step text)
  where c.id = u.subject_id and u.kind in ('import', 'personalise', 'push', 'activate', 'analytics')
    and u.step is not null and c.step is distinct from otis.clip(u.step, 200);
  insert into public.otis_progress_events (session_id, level, event_type, message, event_data)
  select u.session_id, case when l.e ->> 'level' in ('debug', 'success', 'warning', 'error') then l.e ->> 'level' else 'info' end, left(coalesce(l.e ->> 'event_type', u.kind), 60),
    otis.clip(coalesce(l.e ->> 'message', ''), 600),
    case when octet_length((l.e -> 'data')::text) <= 900 and jsonb_typeof(l.e -> 'data') = 'object' then l.e -> 'data' else '{}' end
      || jsonb_build_object('subject_id', u.subject_id)
  from jsonb_to_recordset(p_updates) as u (kind text, subject_id uuid, session_id uuid, log jsonb)
  cross join lateral jsonb_array_elements(case when jsonb_typeof(u.log) = 'array' then u.log else '[]' end) with ordinality l (e, n)
  order by u.session_id, u.subject_id, l.n;
end $$;
comment on function otis.show_progress(jsonb) is
  'One statement a table; what did not change is not written; counts and percentages only ever grow; 100 % is left to the end.';
