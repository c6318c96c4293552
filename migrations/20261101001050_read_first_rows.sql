-- What the views of a session show first. A large session takes seconds to read in revision order, and what was
-- written last (every company, after an enrichment) comes last: the delta read sends these rows along at once.
create function public.session_first_rows(p_session_id uuid)
returns json
language sql
stable
set search_path = ''
set enable_sort = on -- only the delta read may not sort
set enable_bitmapscan = on
as $$
  -- Ids first: a body in a sorted list would be built for every row of the session.
  with first_postings as (
    select t.id, t.company_id from public.job_postings t
    where t.session_id = p_session_id order by t.created_at desc, t.id limit 50
  ), first_ids as (
    (select t.id from public.session_companies t
      where t.session_id = p_session_id and t.status = 'active' order by t.jobs_count desc, t.id limit 100)
    union
    select t.id from public.session_companies t
      where t.session_id = p_session_id and t.company_id in (select p.company_id from first_postings p)
  ), first_companies as (
    select t.* from public.session_companies t where t.id in (select i.id from first_ids i)
  )
  select json_agg(json_build_object('table', r.name, 'revision', r.revision, 'row', r.body))
  from (
    select 'otis_workflow_sessions' as name, t.revision, to_json(t) as body from public.otis_workflow_sessions t
      where t.id = p_session_id
    union all
    (select 'otis_progress_events', t.revision, to_json(t) from public.otis_progress_events t
      where t.session_id = p_session_id order by t.revision desc limit 100)
    union all
    (select 'scraping_runs', t.revision, to_json(t) from public.scraping_runs t
      where t.session_id = p_session_id order by t.revision desc limit 100)
    union all
    select 'session_companies', c.revision, to_json(c) from first_companies c
    union all
    select 'job_postings', t.revision, to_json(t) from public.job_postings t
      where t.id in (select p.id from first_postings p)
    union all
    (select 'enrichment_batches', t.revision, to_json(t) from public.enrichment_batches t
      where t.session_id = p_session_id order by t.revision desc limit 100)
    union all
    select 'enrichment_status', t.revision, to_json(t) from public.enrichment_status t
      where t.session_id = p_session_id and t.company_id in (select c.company_id from first_companies c)
    union all
    (select 'campaigns', t.revision, to_json(t) from public.campaigns t
      where t.session_id = p_session_id order by t.revision desc limit 100)
    union all
    (select 'campaign_leads', t.revision, to_json(t) from public.campaign_leads t
      where t.campaign_id = (select c.id from public.campaigns c
        where c.session_id = p_session_id order by c.created_at desc limit 1)
      order by t.position limit 100)
  ) r
$$;
comment on function public.session_first_rows(uuid) is
  'The rows that a session''s views show first, in their usual order: [{table, revision, row}], some hundreds at most.';
grant execute on function public.session_first_rows(uuid) to authenticated, service_role;
