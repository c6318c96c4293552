-- What goes first among a user's own work.
create function public.set_priority(p_target text, p_id uuid, p_priority int)
returns jsonb
language plpgsql
security definer -- as retry
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('set_priority', p_id);
  v_target otis.work_target := otis.find_target(v_owner, p_target, p_id);
  v_items uuid[] := otis.target_items(v_target, true);
begin
  if p_priority is null or p_priority not between -100 and 100 then
    perform otis.refuse(400, 'invalid_input', 'A priority is a number from -100 to 100. Nothing was changed.');
  end if;
  update otis.work_items w set priority = p_priority where w.id = any (v_items);
  update public.scraping_runs r set priority = p_priority
  where r.session_id = v_target.session_id and r.status in ('queued', 'running', 'paused') and r.priority <> p_priority
    and (v_target.target = 'session' or (r.id = v_target.group_id and v_target.target = 'run'));
  update public.enrichment_batches b set priority = p_priority
  where b.session_id = v_target.session_id and b.status in ('queued', 'running', 'paused') and b.priority <> p_priority
    and (v_target.target = 'session' or (b.id = v_target.group_id and v_target.target = 'batch'));
  return otis.changed(v_target, cardinality(v_items), 'There is no work waiting that could be moved.');
end $$;
comment on function public.set_priority(text, uuid, int) is
  'What goes first among the caller''s own work, from -100 to 100 → {changed, revision}. Raises invalid_input, not_found, invalid_transition.';
grant execute on function public.set_priority(text, uuid, int) to authenticated, service_role;
