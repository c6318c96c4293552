-- Q2: a worker's results: effects and ends in one transaction.

create function otis.apply_effects(p_worker text, p_results jsonb, p_ids uuid[])
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_item otis.work_items;
  v_at text;
  v_effect jsonb;
  v_ends boolean;
  v_message text;
  v_detail text;
  v_constraint text;
  v_refused jsonb := '[]';
begin
  for v_item in select h.* from otis.held_items(p_worker, p_results) h where h.kind <> 'noop' order by h.id loop
    v_at := array_position(p_ids, v_item.id) - 1;
    v_effect := nullif(p_results #> array[v_at, 'effect'], 'null');
    v_ends := coalesce(p_results #> array[v_at, 'next'], 'null') = 'null';
    continue when v_effect is null and not v_ends;
    begin
      perform otis.apply_effect(v_item, coalesce(v_effect, '{}'), v_ends);
    exception when others then
      -- One bad effect must not take the others with it. What another moment may mend is raised: nothing is lost.
      if left(sqlstate, 2) in ('40', '53', '55', '57', '58') then
        raise;
      end if;
      get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail, v_constraint = constraint_name;
      -- A rule of ours says itself what is wrong; what Postgres says is for operators, and may quote what was scraped.
      v_message := case when sqlstate like 'PT%' then coalesce(nullif(v_detail, ''), v_message)
        else format('The database refused the result (%s).', concat_ws(', ', sqlstate, nullif(v_constraint, ''))) end;
      v_refused := v_refused || jsonb_build_object('id', v_item.id, 'code', 'effect_refused', 'message', v_message, 'permanent', true);
    end;
  end loop;
  return v_refused;
end $$;
comment on function otis.apply_effects(text, jsonb, uuid[]) is
  'Writes the effects of the items a worker still holds; returns, as failures, those that the database refused.';

create function otis.complete_work(p_worker text, p_results jsonb)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_ended uuid[];
  v_groups uuid[];
  v_seen uuid[]; -- campaigns whose numbers were read
  v_over uuid[];
begin
  -- Without any effect there is nothing to lock but the items.
  if jsonb_typeof(p_results) = 'array' and not p_results @? '$[*].effect' then
    begin
      select e.ids, e.groups into v_ended, v_groups from otis.end_items(p_worker, p_results) e;
      if v_groups is not null then
        raise sqlstate 'OT001'; -- the end of a subject is an effect, if an empty one: take this back, lock, and write it
      elsif cardinality(v_ended) = jsonb_array_length(p_results) then
        return v_ended;
      end if;
      perform otis.ids_of(p_results);
      return coalesce(v_ended, '{}');
    exception when sqlstate 'OT001' or data_exception then
      null;
    end;
  end if;
  v_ids := otis.ids_of(p_results);
  perform otis.lock_scopes_of(v_ids);
  select array_agg(c.id), array_agg(c.id) filter (where c.status = 'completed') into v_seen, v_over
    from otis.work_items w join public.campaigns c on c.id = w.group_id where w.id = any (v_ids) and w.kind = 'analytics';
  perform otis.fail_items(otis.apply_effects(p_worker, p_results, v_ids));
  select e.ids, e.groups into v_ended, v_groups from otis.end_items(p_worker, p_results) e;
  -- That somebody looked at a campaign's numbers is no news, unless they say for the first time that it is over.
  perform otis.settle_groups(array(
    select distinct g from unnest(v_groups) g
    where (g = any (v_seen)) is not true
      or ((g = any (v_over)) is not true and exists (select from public.campaigns c where c.id = g and c.status = 'completed'))));
  return coalesce(v_ended, '{}');
end $$;
comment on function otis.complete_work(text, jsonb) is
  'Q2. [{id, lease, effect?, next?: checkpoint, resume_after_seconds?, provider?}] → the ids accepted. Without next the item is done. An effect the database refuses fails its item.';
