-- Q3: the user tries again what failed or was cancelled, alone or in bulk; and says what goes first.

create function otis.revive_items(p_subjects uuid[])
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_count int;
begin
  with latest as (
    select distinct on (w.subject_id) w.id from otis.work_items w
    where w.subject_id = any (p_subjects) and w.state in ('failed', 'cancelled')
      and not exists (select from otis.work_items a where a.subject_id = w.subject_id and a.finished_at is null)
    order by w.subject_id, w.finished_at desc, w.seq desc
  )
  update otis.work_items w set state = 'ready', held = false, attempts = 0, run_after = now(), finished_at = null,
    error_code = null, error_message = null
  from latest l where w.id = l.id;
  get diagnostics v_count = row_count;
  perform otis.wake_workers();
  return v_count;
end $$;
comment on function otis.revive_items(uuid[]) is 'The latest item of each subject, if it failed or was cancelled, goes on from its checkpoint with its attempts counted anew.';

create function otis.retry_runs(p_runs uuid[])
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_runs uuid[];
begin
  with again as (
    update public.scraping_runs r set status = 'queued', outcome = null, error_code = null, error_message = null, finished_at = null
    where r.id = any (p_runs) and r.status in ('failed', 'cancelled')
      -- The same source may be under way in a later run.
      and not exists (select from public.scraping_runs o
        where o.session_id = r.session_id and o.source_key = r.source_key and o.status in ('queued', 'running', 'paused'))
      and r.id in (select distinct on (o.source_key) o.id from public.scraping_runs o where o.id = any (p_runs) order by o.source_key, o.revision desc)
    returning r.id
  )
  select array_agg(a.id) into v_runs from again a;
  if v_runs is null then
    return 0;
  end if;
  perform otis.revive_items(v_runs);
  insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, priority, payload)
  select 'scrape', r.owner_id, r.session_id, r.id, r.id, r.source_kind, r.priority, jsonb_build_object('source',
    r.config || jsonb_build_object('kind', r.source_kind, 'key', r.source_key, 'label', r.source_label))
  from public.scraping_runs r
  where r.id = any (v_runs)
    and not exists (select from otis.work_items w where w.kind = 'scrape' and w.subject_id = r.id and w.finished_at is null);
  return cardinality(v_runs);
end $$;
comment on function otis.retry_runs(uuid[]) is 'Failed and cancelled runs go on from their checkpoint.';

create function otis.retry_statuses(p_statuses uuid[])
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_statuses uuid[];
begin
  with again as (
    update public.enrichment_status e set status = 'queued', attempts = 0, step = '', error_code = null, error_message = null, finished_at = null
    where e.id = any (p_statuses) and e.status in ('failed', 'cancelled', 'completed')
    returning e.id
  )
  select array_agg(a.id) into v_statuses from again a;
  if v_statuses is null then
    return 0;
  end if;
  update public.enrichment_batches b set status = 'queued', finished_at = null
  where b.status in ('completed', 'failed', 'cancelled')
    and b.id in (select e.batch_id from public.enrichment_status e where e.id = any (v_statuses));
  perform otis.revive_items(v_statuses);
  perform otis.enqueue_enrichment(v_statuses);
  return cardinality(v_statuses);
end $$;
comment on function otis.retry_statuses(uuid[]) is 'Companies are enriched again in their batch, which is open again.';

create function otis.retry_campaigns(p_campaigns uuid[])
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_count int;
begin
  perform otis.revive_items(p_campaigns);
  update public.campaigns c set status = coalesce(otis.status_while(w.kind), c.status), error_code = null, error_message = null
  from otis.work_items w
  where c.id = any (p_campaigns) and w.subject_id = c.id and w.state = 'ready' and c.status in ('failed', 'cancelled');
  get diagnostics v_count = row_count;
  update public.campaign_leads l set status = case c.status when 'pushing' then 'ready' else 'pending' end, error_code = null, error_message = null
  from public.campaigns c
  where c.id = any (p_campaigns) and c.status in ('preparing', 'pushing') and l.campaign_id = c.id and l.status = 'failed' and l.email is not null;
  return v_count;
end $$;
comment on function otis.retry_campaigns(uuid[]) is 'The work of a campaign that failed or was cancelled goes on, its failed leads included.';

create function public.retry(p_target text, p_id uuid)
returns jsonb
language plpgsql
security definer -- writes the queue and live rows, which no client may; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('retry', p_id);
  v_target otis.work_target := otis.find_target(v_owner, p_target, p_id);
  v_count int;
begin
  v_count := case v_target.target
    when 'run' then otis.retry_runs(array[v_target.group_id])
    when 'company' then otis.retry_statuses(array[v_target.subject_id])
    when 'batch' then otis.retry_statuses(array(
      select e.id from public.enrichment_status e where e.batch_id = v_target.group_id and e.status in ('failed', 'cancelled')))
    when 'campaign' then otis.retry_campaigns(array[v_target.group_id])
    else otis.retry_runs(array(select r.id from public.scraping_runs r
        where r.session_id = v_target.session_id and r.status in ('failed', 'cancelled')))
      + otis.retry_statuses(array(select distinct on (e.company_id) e.id from public.enrichment_status e
        where e.session_id = v_target.session_id and e.status in ('failed', 'cancelled')
          and not exists (select from public.enrichment_status o
            where o.session_id = e.session_id and o.company_id = e.company_id and o.status in ('queued', 'running', 'completed'))
        order by e.company_id, e.revision desc))
      + otis.retry_campaigns(array(select c.id from public.campaigns c
        where c.session_id = v_target.session_id and c.status in ('failed', 'cancelled')))
  end;
  update public.otis_workflow_sessions s set status = 'active', expires_at = now() + interval '30 days'
  where s.id = v_target.session_id and s.status not in ('active', 'paused') and v_count > 0;
  return otis.changed(v_target, v_count, 'There is nothing that failed or was cancelled.');
end $$;
comment on function public.retry(text, uuid) is
  'Tries again what failed or was cancelled; a company also when it is done → {changed, revision}. Raises not_found, invalid_transition.';
grant execute on function public.retry(text, uuid) to authenticated, service_role;
