-- Q5: pause, resume, cancel act at once: leases are taken back here and now, so a result that is still under
-- way is refused; workers learn it by NOTIFY or at their next heartbeat, and abort. What was committed stays.
create function public.pause(p_target text, p_id uuid)
returns jsonb
language plpgsql
security definer -- writes the queue and live rows, which no client may; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('pause', p_id);
  v_target otis.work_target := otis.find_target(v_owner, p_target, p_id);
  v_items uuid[] := otis.target_items(v_target, true);
  v_count int;
begin
  update otis.work_items w set
    state = 'ready', leased_by = null, leased_until = null, held = v_target.target <> 'session',
    attempts = case w.state when 'leased' then w.attempts - 1 else w.attempts end
  where w.id = any (v_items) and (w.state = 'leased' or v_target.target <> 'session') and not w.held;
  get diagnostics v_count = row_count;
  case v_target.target
    when 'session' then
      update public.otis_workflow_sessions s set status = 'paused' where s.id = v_target.session_id and s.status = 'active';
      if not found then
        v_count := 0;
      else
        v_count := greatest(v_count, 1);
      end if;
    when 'run' then
      update public.scraping_runs r set status = 'paused' where r.id = v_target.group_id and r.status in ('queued', 'running');
    when 'batch' then
      update public.enrichment_batches b set status = 'paused' where b.id = v_target.group_id and b.status in ('queued', 'running');
    when 'campaign' then
      update public.campaigns c set status = 'paused' where c.id = v_target.group_id and c.status in ('preparing', 'pushing');
    else null;
  end case;
  perform otis.wake_workers('stop');
  return otis.changed(v_target, v_count, 'There is nothing running that could be paused.');
end $$;
comment on function public.pause(text, uuid) is
  'Stops a session, run, batch, company, campaign or item where it is → {changed, revision}. Raises not_found, invalid_transition.';
grant execute on function public.pause(text, uuid) to authenticated, service_role;

create function public.resume(p_target text, p_id uuid)
returns jsonb
language plpgsql
security definer -- as pause
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('resume', p_id);
  v_target otis.work_target := otis.find_target(v_owner, p_target, p_id);
  v_items uuid[] := otis.target_items(v_target, false);
  v_count int;
begin
  if v_target.target = 'company' and exists (
    select from public.enrichment_batches b where b.id = v_target.group_id and b.status = 'paused') then
    perform otis.refuse(409, 'invalid_transition', 'Its batch is paused: resume that. Nothing was changed.');
  end if;
  if v_target.target = 'session' then
    update public.otis_workflow_sessions s set status = 'active', expires_at = now() + interval '30 days'
    where s.id = v_target.session_id and s.status <> 'active';
  else
    update otis.work_items w set held = false where w.id = any (v_items) and w.held;
  end if;
  get diagnostics v_count = row_count;
  case v_target.target
    when 'run' then
      update public.scraping_runs r set status = 'queued' where r.id = v_target.group_id and r.status = 'paused';
    when 'batch' then
      update public.enrichment_batches b set status = case when b.started_at is null then 'queued' else 'running' end
      where b.id = v_target.group_id and b.status = 'paused';
    when 'campaign' then
      update public.campaigns c set status = coalesce(otis.status_while(w.kind), 'active')
      from otis.work_items w where w.id = any (v_items) and c.id = w.subject_id and c.status = 'paused';
    else null;
  end case;
  perform otis.wake_workers();
  return otis.changed(v_target, v_count, 'There is nothing paused that could go on.');
end $$;
comment on function public.resume(text, uuid) is
  'Goes on from the last checkpoint, with nothing lost or repeated → {changed, revision}. A session also from completed, cancelled or expired. Raises not_found, invalid_transition.';
grant execute on function public.resume(text, uuid) to authenticated, service_role;

create function otis.status_while(p_kind text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case p_kind when 'import' then 'preparing' when 'personalise' then 'preparing' when 'push' then 'pushing' end
$$;
comment on function otis.status_while(text) is 'The status of a campaign while work of this kind is under way; null: unchanged.';

create function public.cancel(p_target text, p_id uuid)
returns jsonb
language plpgsql
security definer -- as pause
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('cancel', p_id);
  v_target otis.work_target := otis.find_target(v_owner, p_target, p_id);
  v_items uuid[] := otis.target_items(v_target, true);
  v_count int;
begin
  update otis.work_items w set state = 'cancelled', leased_by = null, leased_until = null, held = false, finished_at = now()
  where w.id = any (v_items);
  get diagnostics v_count = row_count;
  update public.scraping_runs r set status = 'cancelled', finished_at = now()
  where r.session_id = v_target.session_id and r.status in ('queued', 'running', 'paused')
    and (v_target.target = 'session' or r.id = v_target.group_id);
  update public.enrichment_status e set status = 'cancelled', finished_at = now()
  where e.session_id = v_target.session_id and e.status in ('queued', 'running')
    and (v_target.target = 'session' or e.batch_id = v_target.group_id) and (v_target.subject_id is null or e.id = v_target.subject_id);
  update public.enrichment_batches b set status = 'cancelled', finished_at = now()
  where b.session_id = v_target.session_id and b.status in ('queued', 'running', 'paused')
    and (v_target.target = 'session' or (b.id = v_target.group_id and v_target.target = 'batch'));
  update public.campaigns c set status = 'cancelled', step = ''
  where c.session_id = v_target.session_id and c.status in ('preparing', 'pushing', 'paused')
    and (v_target.target = 'session' or c.id = v_target.group_id);
  if v_target.target = 'session' then
    update public.otis_workflow_sessions s set status = 'cancelled' where s.id = v_target.session_id and s.status in ('active', 'paused');
    if found then
      v_count := greatest(v_count, 1);
    end if;
  elsif v_target.target in ('company', 'run') then
    perform otis.settle_groups(array[v_target.group_id]);
  end if;
  perform otis.wake_workers('stop');
  return otis.changed(v_target, v_count, 'There is nothing left that could be cancelled.');
end $$;
comment on function public.cancel(text, uuid) is
  'Ends what has not ended; what was found stays → {changed, revision}. Can be retried. Raises not_found, invalid_transition.';
grant execute on function public.cancel(text, uuid) to authenticated, service_role;
