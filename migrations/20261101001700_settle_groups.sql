-- When the last item of a run, batch or campaign has ended: close the batch, move the session on, tell the user.

create function otis.stage_number(p_stage text)
returns int
language sql
immutable parallel safe
set search_path = ''
as $$
  select array_position(array['scraping', 'enrichment', 'campaigns', 'results'], p_stage)
$$;
comment on function otis.stage_number(text) is 'The place of a stage in the workflow, from 1.';

create function otis.session_has_contact(p_session uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from public.session_companies sc join public.contacts c on c.company_id = sc.company_id
    where sc.session_id = p_session and sc.status = 'active' and sc.emails_count > 0 and c.email is not null)
    or exists (select from public.campaigns c where c.session_id = p_session and c.leads_total > 0)
$$;
comment on function otis.session_has_contact(uuid) is 'Stage dependency: a campaign needs somebody to write to, found or imported.';

create function otis.settle_groups(p_groups uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_news jsonb;
begin
  if coalesce(p_groups, '{}') = '{}' then
    return;
  end if;
  -- In step with the batch's counters, which the triggers have just kept.
  update public.enrichment_batches b set
    status = case when b.completed = 0 and b.total > 0 then 'failed' else 'completed' end, finished_at = now()
  where b.id = any (p_groups) and b.status in ('queued', 'running') and b.completed + b.failed >= b.total;

  select jsonb_agg(n) into v_news from (
    select s.id as session_id, s.owner_id, s.name, 'scraping_finished' as kind, case when r.read > 0 then 'success' else 'error' end as level,
      'enrichment' as stage, s.companies_count > 0 as ready, case when r.read > 0
        then format('%s postings of %s companies found', s.jobs_count, s.companies_count)
        else 'None of the sources could be read' end as message
    from public.otis_workflow_sessions s
    cross join lateral (
      select count(*) filter (where r.status = 'completed') as read, count(*) filter (where r.status = 'failed') as failed
      from public.scraping_runs r where r.session_id = s.id) r
    where s.runs_finished >= s.runs_total and r.read + r.failed > 0
      and s.id in (select r.session_id from public.scraping_runs r where r.id = any (p_groups))
    union all
    select b.session_id, b.owner_id, s.name, 'enrichment_finished', case b.status when 'failed' then 'error' else 'success' end,
      'campaigns', otis.session_has_contact(b.session_id), format('%s of %s companies enriched', b.completed, b.total)
    from public.enrichment_batches b join public.otis_workflow_sessions s on s.id = b.session_id
    where b.id = any (p_groups) and b.status in ('completed', 'failed')
    union all
    select c.session_id, c.owner_id, c.name, 'campaign_' || c.status, case c.status when 'failed' then 'error' else 'success' end,
      'results', c.status in ('active', 'completed'), case c.status when 'failed' then coalesce(c.error_message, 'failed')
        else format('%s leads: %s ready, %s sent, %s failed', c.leads_total, c.leads_ready, c.leads_sent, c.leads_failed) end
    from public.campaigns c
    where c.id = any (p_groups) and c.status in ('ready', 'active', 'completed', 'failed')
  ) n;
  if v_news is null then
    return;
  end if;
  update public.otis_workflow_sessions s set current_stage = n.stage
  from jsonb_to_recordset(v_news) as n (session_id uuid, stage text, ready boolean)
  where s.id = n.session_id and n.ready and s.auto_advance
    and otis.stage_number(s.current_stage) = otis.stage_number(n.stage) - 1;
  insert into public.otis_progress_events (session_id, level, event_type, message)
  select n.session_id, n.level, n.kind, otis.clip(n.message, 600)
  from jsonb_to_recordset(v_news) as n (session_id uuid, level text, kind text, message text) order by n.session_id;
  insert into public.notifications (owner_id, session_id, kind, title, body, link)
  select n.owner_id, n.session_id, n.kind, otis.clip(n.name, 300), otis.clip(n.message, 900), '/s/' || n.session_id
  from jsonb_to_recordset(v_news) as n (session_id uuid, owner_id uuid, name text, kind text, message text)
  order by n.owner_id, n.session_id;
end $$;
comment on function otis.settle_groups(uuid[]) is
  'Of runs, batches and campaigns whose work just ended: closes batches, advances the stage (auto_advance), tells log and inbox. Locks inboxes: last of all.';
