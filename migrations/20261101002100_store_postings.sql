-- Postings into a session: found again they are updated, where and only where they differ; the same posting
-- from two sources is one row that names both; two openings that look alike stay two.

create function otis.store_postings(p_run public.scraping_runs, p_postings otis.scraped_posting[], p_texts jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_named otis.named_company[] := array(
    select distinct on (p.company_key, p.company_domain)
      row(p.company_name, p.company_key, p.company_domain, p.company_url, p.company_logo, null, null)::otis.named_company
    from unnest(p_postings) p order by p.company_key, p.company_domain, p.ord);
  v_companies otis.resolved_company[] := array(
    select row(r.key, r.domain, r.company_id)::otis.resolved_company from otis.resolve_companies(p_run.owner_id, v_named) r);
  v_placed otis.scraped_posting[] := otis.place_postings(p_run, p_postings, v_companies);
begin
  perform otis.show_companies(p_run.session_id, array(select distinct p.company_id from unnest(v_placed) p));
  insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title, department, location, city, region, country,
    workplace, employment_type, salary_min, salary_max, salary_currency, salary_period, url, sources, posted_at, valid_through)
  select p_run.session_id, p.company_id, p_run.id, p.dedupe_key, p.title, p.department, p.location, p.city, p.region, p.country,
    p.workplace, p.employment_type, p.salary_min, p.salary_max, p.salary_currency, p.salary_period, p.url,
    array[p_run.source_kind], p.posted_at, p.valid_through
  from unnest(v_placed) p
  cross join lateral (select c.status from public.session_companies c
    where c.session_id = p_run.session_id and c.company_id = p.company_id limit 1) c
  where p.posting_id is null and c.status = 'active'
  order by p.ord;
  update public.job_postings j set
    status = x.status, closed_at = case when x.status = 'closed' then j.closed_at end, sources = x.sources,
    dedupe_key = x.dedupe_key, title = x.title, department = x.department, location = x.location, city = x.city, region = x.region, country = x.country,
    workplace = x.workplace, employment_type = x.employment_type, salary_min = x.salary_min, salary_max = x.salary_max,
    salary_currency = x.salary_currency, salary_period = x.salary_period, url = x.url, posted_at = x.posted_at, valid_through = x.valid_through
  from (
    select o.id, p.dedupe_key, case when c.status = 'active' then 'open' else o.status end as status,
      case when o.sources @> array[p_run.source_kind] then o.sources
        else (array(select distinct s from unnest(o.sources || p_run.source_kind) s order by 1))[1:8] end as sources,
      case when p.leads then p.title else o.title end as title,
      case when p.leads then coalesce(p.department, o.department) else coalesce(o.department, p.department) end as department,
      case when p.leads then coalesce(p.location, o.location) else coalesce(o.location, p.location) end as location,
      case when p.leads then coalesce(p.city, o.city) else coalesce(o.city, p.city) end as city,
      case when p.leads then coalesce(p.region, o.region) else coalesce(o.region, p.region) end as region,
      case when p.leads then coalesce(p.country, o.country) else coalesce(o.country, p.country) end as country,
      case when p.leads then coalesce(p.workplace, o.workplace) else coalesce(o.workplace, p.workplace) end as workplace,
      case when p.leads then coalesce(p.employment_type, o.employment_type) else coalesce(o.employment_type, p.employment_type) end as employment_type,
      s.salary_min, s.salary_max, s.salary_currency, s.salary_period,
      case when p.leads then coalesce(p.url, o.url) else coalesce(o.url, p.url) end as url,
      case when p.leads then coalesce(p.posted_at, o.posted_at) else coalesce(o.posted_at, p.posted_at) end as posted_at,
      case when p.leads then coalesce(p.valid_through, o.valid_through) else coalesce(o.valid_through, p.valid_through) end as valid_through
    from unnest(v_placed) p
    join public.job_postings o on o.id = p.posting_id
    cross join lateral (select c.status from public.session_companies c
      where c.session_id = o.session_id and c.company_id = o.company_id limit 1) c
    -- A salary is one value: amounts never mix with another source's currency.
    cross join lateral (
      select p.salary_min, p.salary_max, p.salary_currency, p.salary_period
        where coalesce(p.salary_min, p.salary_max) is not null and (p.leads or coalesce(o.salary_min, o.salary_max) is null)
      union all
      select o.salary_min, o.salary_max, o.salary_currency, o.salary_period limit 1) s
  ) x
  where j.id = x.id
    and (j.status, j.sources, j.dedupe_key, j.title, j.department, j.location, j.city, j.region, j.country, j.workplace, j.employment_type,
         j.salary_min, j.salary_max, j.salary_currency, j.salary_period, j.url, j.posted_at, j.valid_through)
      is distinct from (x.status, x.sources, x.dedupe_key, x.title, x.department, x.location, x.city, x.region, x.country, x.workplace, x.employment_type,
         x.salary_min, x.salary_max, x.salary_currency, x.salary_period, x.url, x.posted_at, x.valid_through);
  with stored as materialized (
    select p.ord, p.url, p.external_id, p.leads, j.id from unnest(v_placed) p
    cross join lateral (select j.id from public.job_postings j
      where j.session_id = p_run.session_id and j.dedupe_key = p.dedupe_key limit 1) j
  ), texts as (
    insert into public.job_posting_texts as t (posting_id, owner_id, description_html, description_text)
    select s.id, p_run.owner_id, x.html, x.body
    from stored s
    join jsonb_array_elements(p_texts) with ordinality e (v, ord) on e.ord = s.ord
    cross join lateral (select otis.clip(coalesce(e.v ->> 'descriptionHtml', ''), 200000) as html,
      otis.clip(coalesce(e.v ->> 'descriptionText', ''), 200000) as body) x
    where x.html <> '' or x.body <> ''
    on conflict (posting_id) do update set description_html = excluded.description_html, description_text = excluded.description_text
      where (t.description_html, t.description_text) is distinct from (excluded.description_html, excluded.description_text)
        and (t.description_html = '' or exists (select from stored s where s.id = t.posting_id and s.leads))
  )
  insert into public.job_posting_sources as k (posting_id, session_id, owner_id, source_key, source_kind, url, external_id, last_seen_run)
  select s.id, p_run.session_id, p_run.owner_id, p_run.source_key, p_run.source_kind, s.url, s.external_id, p_run.id from stored s
  on conflict (posting_id, source_key) do update set
    last_seen_run = excluded.last_seen_run, url = excluded.url, external_id = coalesce(excluded.external_id, k.external_id), gone_at = null;
end $$;
comment on function otis.store_postings(public.scraping_runs, otis.scraped_posting[], jsonb) is
  'Inserts what is new, updates what differs, reopens what was closed, and notes which source names what. A company the user removed gets nothing new.';
