-- What a session has come to: the funnel, and each source and provider with what it found, cost, failed and took.
create function public.session_results(p_session_id uuid)
returns table (part text, name text, found bigint, failed bigint, cost numeric, seconds numeric)
language plpgsql
stable
set search_path = ''
as $$
begin
  if not exists (select from public.otis_workflow_sessions s where s.id = p_session_id) then
    perform otis.refuse(404, 'session_not_found', 'There is no such session, or it is not yours.');
  end if;
  return query
  select 'funnel', f.name, f.found, null::bigint, null::numeric, null::numeric
  from public.otis_workflow_sessions s
  cross join lateral (values
    (1, 'postings', s.jobs_count::bigint),
    (2, 'companies', s.companies_count::bigint),
    (3, 'enriched', (select count(*) from public.session_companies c
      where c.session_id = s.id and c.status = 'active' and c.enriched_at is not null)),
    (4, 'contacted', s.leads_sent::bigint),
    (5, 'replied', (select count(*) from public.campaign_leads l where l.session_id = s.id and l.status = 'replied'))
  ) f (rank, name, found)
  where s.id = p_session_id
  order by f.rank;

  return query
  select 'source', r.source_label, sum(r.items_found)::bigint, sum(r.errors_count)::bigint, sum(r.cost_usd)::numeric,
    round(sum(extract(epoch from coalesce(r.finished_at, now()) - r.started_at)), 1)
  from public.scraping_runs r
  where r.session_id = p_session_id
  group by r.source_label
  order by 3 desc, 2;

  return query
  with found_by as (
    select v.provider, count(*) as values_found, sum(v.cost) as spent
    from (
      select k.company_id, k.provider, k.cost from public.contacts k
      union all
      select f.company_id, f.provider, f.cost from public.company_facts f
    ) v
    join public.session_companies c on c.company_id = v.company_id
    where c.session_id = p_session_id
    group by v.provider
  ), failed_by as (
    select e.provider, count(*) filter (where e.status = 'failed') as failures,
      sum(extract(epoch from e.finished_at - e.started_at)) as took
    from public.enrichment_status e
    where e.session_id = p_session_id and e.provider is not null
    group by e.provider
  )
  select 'provider', coalesce(b.provider, f.provider), coalesce(b.values_found, 0), coalesce(f.failures, 0),
    coalesce(b.spent, 0)::numeric, round(f.took::numeric, 1)
  from found_by b full join failed_by f on f.provider = b.provider
  order by 3 desc, 2;
end $$;
comment on function public.session_results(uuid) is
  'Rows of part funnel, source or provider: found, failed, cost (US dollars of a source, credits of a provider), seconds. Raises session_not_found.';
grant execute on function public.session_results(uuid) to authenticated, service_role;
