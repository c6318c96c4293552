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
begin
  if jsonb_typeof(p_entries) is distinct from 'array' or jsonb_array_length(p_entries) > 1000 then
    perform otis.refuse(400, 'invalid_input', 'Expected a list of at most 1000 entries, each with the id of its item.');
  end if;
  if exists (select from jsonb_array_elements(p_entries) x (e) where coalesce(otis.try_uuid(x.e ->> 'id')::text <> x.e ->> 'id', true)) then
    perform otis.refuse(400, 'invalid_input', 'Each entry names the id of its item, as claim_work wrote it.');
  end if;
  return array(select distinct (x.e ->> 'id')::uuid from jsonb_array_elements(p_entries) x (e));
end $$;
comment on function otis.ids_of(jsonb) is 'The item ids of a worker''s report. Raises invalid_input.';

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

create function otis.complete_work(p_worker text, p_results jsonb)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[] := otis.ids_of(p_results);
  v_heads jsonb := (select jsonb_agg(e.v - 'effect') from jsonb_array_elements(p_results) e (v)); -- effects can be megabytes
  v_step record;
  v_message text;
  v_refused jsonb := '[]';
  v_groups uuid[];
begin
  v_ids := array(select w.id from otis.work_items w where w.id = any (v_ids) and w.kind <> 'noop');
  if v_ids <> '{}' then
    perform otis.lock_scopes_of(v_ids);
    for v_step in
      select h as item, coalesce(x.effect, '{}') as effect, x.next is null as ends
      from otis.held_items(p_worker, v_heads) h
      join (
        select distinct on (e.v ->> 'id') e.v ->> 'id' as id, nullif(e.v -> 'effect', 'null') as effect, nullif(e.v -> 'next', 'null') as next
        from jsonb_array_elements(p_results) e (v)) x on x.id = h.id::text
      where h.kind <> 'noop' and (x.effect is not null or x.next is null)
      order by h.id
    loop
      begin
        perform otis.apply_effect(v_step.item, v_step.effect, v_step.ends);
      exception when others then
        -- One bad effect must not take the others with it. What another moment may mend is raised: nothing is lost.
        if left(sqlstate, 2) in ('40', '53', '55', '57', '58') then
          raise;
        end if;
        get stacked diagnostics v_message = message_text;
        v_refused := v_refused || jsonb_build_object('id', (v_step.item).id, 'code', 'effect_refused', 'message', v_message, 'permanent', true);
      end;
    end loop;
  end if;
  perform otis.fail_items(v_refused);
  with ended as (
    update otis.work_items w set
      state = case when x.next is null then 'done' else 'ready' end,
      payload = case when x.next is null then w.payload - 'checkpoint' else w.payload || jsonb_build_object('checkpoint', x.next) end,
      provider = coalesce(x.provider, w.provider),
      attempts = 0, error_code = null, error_message = null, leased_by = null, leased_until = null,
      run_after = case when x.next is null then w.run_after else now() + make_interval(secs => coalesce(x.resume_after_seconds, 0)) end,
      finished_at = case when x.next is null then now() end
    from (
      select distinct on (e.id) e.*
      from jsonb_to_recordset(v_heads) as e (id uuid, lease bigint, next jsonb, provider text, resume_after_seconds double precision)
    ) x
    where w.id = x.id and w.state = 'leased' and w.leased_by = p_worker and (x.lease is null or x.lease = w.lease)
    returning w.id, w.kind, w.provider, w.session_id, w.group_id, w.state, w.waited_ms, w.leased_at
  ), timed as (
    insert into otis.work_timings (kind, provider, session_id, waited_ms, took_ms, result)
    select e.kind, e.provider, e.session_id, e.waited_ms, extract(epoch from clock_timestamp() - e.leased_at) * 1000,
      case e.state when 'done' then 'done' else 'next' end
    from ended e
  )
  select array_agg(e.id), array_agg(distinct e.group_id) filter (where e.state = 'done' and e.kind <> 'noop')
    into v_ids, v_groups from ended e;
  perform otis.settle_groups(v_groups);
  return coalesce(v_ids, '{}');
end $$;
comment on function otis.complete_work(text, jsonb) is
  'Q2. [{id, lease, effect?, next?: checkpoint, resume_after_seconds?, provider?}] → the ids accepted. Without next the item is done. An effect the database refuses fails its item.';
