-- Q2, Q3: the end of a step. Its effect and the end of its item are one transaction, and only the holder
-- of the lease may write either: whatever is killed when, an effect happens exactly once.

create function otis.lock_scopes_of(p_ids uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_owners uuid[];
  v_sessions uuid[];
begin
  select array_agg(distinct w.owner_id), array_agg(distinct w.session_id) into v_owners, v_sessions
    from otis.work_items w where w.id = any (p_ids);
  perform otis.lock_owners(v_owners);
  perform otis.lock_sessions(v_sessions);
end $$;
comment on function otis.lock_scopes_of(uuid[]) is 'R6: the locks for whoever writes live rows on behalf of work items: owners, then sessions, then (by the caller) items.';

create function otis.ids_of(p_entries jsonb)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  -- By path, since an effect can be megabytes, and taking the list apart would copy it.
  v_ids text[] := array(select x.id #>> '{}' from jsonb_path_query(p_entries, '$[*].id') x (id));
begin
  if jsonb_typeof(p_entries) is distinct from 'array' or jsonb_array_length(p_entries) > 1000 then
    perform otis.refuse(400, 'invalid_input', 'Expected a list of at most 1000 entries, each with the id of its item.');
  elsif cardinality(v_ids) <> jsonb_array_length(p_entries)
     or exists (select from unnest(v_ids) x where not coalesce(pg_input_is_valid(x, 'uuid'), false)) then
    perform otis.refuse(400, 'invalid_input', 'Each entry names the id of its item.');
  end if;
  return v_ids::uuid[];
end $$;
comment on function otis.ids_of(jsonb) is 'The item ids of a worker''s report, in its order. Raises invalid_input.';

create function otis.held_items(p_worker text, p_entries jsonb)
returns setof otis.work_items
language sql
set search_path = ''
as $$
  select w.* from otis.work_items w
  join (select distinct on (id) id, lease from jsonb_to_recordset(p_entries) as e (id uuid, lease bigint)) x on x.id = w.id
  where w.state = 'leased' and w.leased_by = p_worker and (x.lease is null or x.lease = w.lease)
  order by w.id for update of w
$$;
comment on function otis.held_items(text, jsonb) is 'Of the items a worker reports on, those whose lease it still holds, locked.';

create function otis.apply_effect(p_item otis.work_items, p_effect jsonb, p_ends boolean)
returns void
language plpgsql
set search_path = ''
as $$
begin
  case p_item.kind
    when 'scrape' then perform otis.apply_scrape(p_item, p_effect, p_ends);
    when 'enrich' then perform otis.apply_enrichment(p_item, p_effect, p_ends);
    when 'import' then perform otis.apply_import(p_item, p_effect, p_ends);
    when 'personalise' then perform otis.apply_personalise(p_item, p_effect, p_ends);
    when 'noop' then null;
    else perform otis.apply_push(p_item, p_effect, p_ends);
  end case;
end $$;
comment on function otis.apply_effect(otis.work_items, jsonb, boolean) is 'Writes the domain rows of one step; p_ends: it was the last.';

create function otis.continue_items(p_worker text, p_results jsonb)
returns uuid[]
language plpgsql
set search_path = ''
set enable_seqscan = off -- each item by its id, whatever the statistics say
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
declare
  v_ids uuid[];
begin
  with continued as (
    update otis.work_items w set
      state = 'ready', payload = w.payload || jsonb_build_object('checkpoint', x.next), provider = coalesce(x.provider, w.provider),
      attempts = 0, error_code = null, error_message = null, leased_by = null, leased_until = null,
      run_after = now() + make_interval(secs => coalesce(x.resume_after_seconds, 0))
    from jsonb_to_recordset(p_results) as x (id uuid, lease bigint, next jsonb, provider text, resume_after_seconds double precision)
    join otis.work_items before on before.id = x.id
    where x.next is not null and w.id = x.id
      and w.state = 'leased' and w.leased_by = p_worker and (x.lease is null or x.lease = w.lease)
    returning w.id, w.kind, before.provider, w.session_id, before.run_after, w.leased_at
  ), timed as (
    insert into otis.work_timings (kind, provider, session_id, result, due_at, started_at)
    select c.kind, c.provider, c.session_id, 'next', array_agg(c.run_after), array_agg(c.leased_at)
    from continued c group by 1, 2, 3
  )
  select array_agg(c.id) into v_ids from continued c;
  return v_ids;
end $$;
comment on function otis.continue_items(text, jsonb) is
  'The part of end_items for those with a next checkpoint. → their ids (null: none).';

create function otis.end_items(p_worker text, p_results jsonb, out ids uuid[], out groups uuid[])
language plpgsql
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  with ended as (
    delete from otis.work_items w using jsonb_to_recordset(p_results) as x (id uuid, lease bigint, next jsonb)
    where x.next is null and w.id = x.id
      and w.state = 'leased' and w.leased_by = p_worker and (x.lease is null or x.lease = w.lease)
    returning w.id, w.kind, w.provider, w.session_id, w.group_id, w.run_after, w.leased_at
  ), timed as (
    insert into otis.work_timings (kind, provider, session_id, result, due_at, started_at)
    select e.kind, e.provider, e.session_id, 'done', array_agg(e.run_after), array_agg(e.leased_at)
    from ended e group by 1, 2, 3
  )
  select array_agg(e.id), array_agg(e.group_id) filter (where e.kind <> 'noop') into ids, groups from ended e;
  if p_results @? '$[*].next' then
    ids := ids || otis.continue_items(p_worker, p_results);
  end if;
end $$;
comment on function otis.end_items(text, jsonb) is
  'Of the items a worker still holds: those with a next checkpoint are ready again, the others are done and leave the queue. Their durations are kept. → their ids, and the groups of those that are done (null: none).';

