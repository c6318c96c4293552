-- What pause, resume, cancel, retry and priority act on: a session, a run, a batch, one company of a batch,
-- a campaign, or a queue item (which stands for its subject).
create type otis.work_target as (target text, session_id uuid, group_id uuid, subject_id uuid);

create function otis.look_up_target(p_owner uuid, p_target text, p_id uuid)
returns otis.work_target
language plpgsql
stable
set search_path = ''
as $$
declare
  v_target otis.work_target;
begin
  v_target := case p_target
    when 'session' then (select row('session', s.id, null, null)::otis.work_target
      from public.otis_workflow_sessions s where s.id = p_id and s.owner_id = p_owner)
    when 'run' then (select row('run', r.session_id, r.id, null)::otis.work_target
      from public.scraping_runs r where r.id = p_id and r.owner_id = p_owner)
    when 'batch' then (select row('batch', b.session_id, b.id, null)::otis.work_target
      from public.enrichment_batches b where b.id = p_id and b.owner_id = p_owner)
    when 'campaign' then (select row('campaign', c.session_id, c.id, null)::otis.work_target
      from public.campaigns c where c.id = p_id and c.owner_id = p_owner)
    -- By its status in a batch, or by its row in the session: then the latest batch is meant.
    when 'company' then coalesce(
      (select row('company', e.session_id, e.batch_id, e.id)::otis.work_target
        from public.enrichment_status e where e.id = p_id and e.owner_id = p_owner),
      (select row('company', e.session_id, e.batch_id, e.id)::otis.work_target
        from public.session_companies s join public.enrichment_status e on e.session_id = s.session_id and e.company_id = s.company_id
        where s.id = p_id and s.owner_id = p_owner order by e.created_at desc, e.revision desc limit 1))
    when 'item' then (
      select row(case w.kind when 'scrape' then 'run' when 'enrich' then 'company' else 'campaign' end, w.session_id, w.group_id,
        case w.kind when 'enrich' then w.subject_id end)::otis.work_target
      from otis.work_items w where w.id = p_id and w.owner_id = p_owner)
  end;
  if p_target is null or p_target not in ('session', 'run', 'batch', 'campaign', 'company', 'item') then
    perform otis.refuse(400, 'invalid_input', 'A target is a session, run, batch, company, campaign or item.');
  elsif v_target.session_id is null then
    perform otis.refuse(404, 'not_found', format('There is no such %s, or it is not yours. Nothing was changed.', p_target));
  end if;
  return v_target;
end $$;
comment on function otis.look_up_target(uuid, text, uuid) is
  'The caller''s target. An item stands for its run, company or campaign. Raises invalid_input, not_found.';

create function otis.find_target(p_owner uuid, p_target text, p_id uuid)
returns otis.work_target
language plpgsql
set search_path = ''
as $$
declare
  v_target otis.work_target := otis.look_up_target(p_owner, p_target, p_id);
begin
  perform otis.lock_sessions(array[v_target.session_id]);
  return v_target;
end $$;
comment on function otis.find_target(uuid, text, uuid) is 'The caller''s target, its session locked. Raises as look_up_target.';

create function otis.target_items(p_target otis.work_target, p_leased boolean)
returns uuid[]
language plpgsql
set search_path = ''
as $$
begin
  return array(
    select w.id from otis.work_items w
    where w.finished_at is null and w.held in (true, false) and w.session_id = p_target.session_id
      and (p_leased or w.state = 'ready')
      and (p_target.group_id is null or w.group_id = p_target.group_id)
      and (p_target.subject_id is null or w.subject_id = p_target.subject_id)
    order by w.id for update);
end $$;
comment on function otis.target_items(otis.work_target, boolean) is
  'The items of a target that are ready, and (p_leased) those in a worker''s hands; locked in id order. Needs the session''s lock.';

create function otis.changed(p_target otis.work_target, p_count int, p_nothing text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  if p_count = 0 then
    perform otis.refuse(409, 'invalid_transition', p_nothing);
  end if;
  return jsonb_build_object('changed', p_count, 'revision', otis.enter_scope('s:' || p_target.session_id));
end $$;
comment on function otis.changed(otis.work_target, int, text) is 'The answer {changed, revision}; raises invalid_transition if nothing was.';
