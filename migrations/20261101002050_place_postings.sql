-- Which row is a posting? Known again by its source's own id, even if it was edited, else by its key; two openings that
-- look alike stay two.

create type otis.resolved_company as (key text, domain text, company_id uuid);

create function otis.place_postings(p_run public.scraping_runs, p_postings otis.scraped_posting[], p_companies otis.resolved_company[])
returns otis.scraped_posting[]
language plpgsql
set search_path = ''
-- Lists are joined to lists by hashing, however short they are thought to be; tables are looked up by lateral with limit.
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
  v_placed otis.scraped_posting[];
begin
  with incoming as materialized (
    select p.ord, p.dedupe_key, p.external_id, split_part(p.dedupe_key, '~', 1) as base,
      '~' || left(encode(sha256(convert_to(p.external_id, 'UTF8')), 'hex'), 12) as mark,
      row_number() over (partition by p.dedupe_key order by p.ord) as copy
    from unnest(p_postings) p
  ), mine as materialized (
    -- What this source named before, under its own ids: the surest way to know a posting again.
    select distinct on (o.dedupe_key) o.dedupe_key, split_part(o.dedupe_key, '~', 1) as base, s.external_id, s.seen
    from (
      select i.dedupe_key as key from incoming i union select i.base from incoming i union select i.base || i.mark from incoming i
    ) i
    cross join lateral (
      select j.id, j.dedupe_key from public.job_postings j where j.session_id = p_run.session_id and j.dedupe_key = i.key limit 1) o
    cross join lateral (
      select n.external_id, n.last_seen_run = p_run.id as seen from public.job_posting_sources n
      where n.posting_id = o.id and n.source_key = p_run.source_key and n.external_id is not null limit 1) s
    order by o.dedupe_key
  ), known as materialized (
    select distinct on (m.external_id, m.base) m.external_id, m.base, m.dedupe_key from mine m order by m.external_id, m.base, m.dedupe_key
  ), keyed as materialized (
    select i.ord, row_number() over (partition by i.external_id order by i.ord) = 1 as first_of_id, case
      when k.dedupe_key is not null then k.dedupe_key
      when i.external_id is not null and (i.copy > 1 or (t.external_id <> i.external_id and (t.seen or o.external_id is not null)))
        then left(i.base, 67) || i.mark
      else i.dedupe_key end as dedupe_key
    from incoming i
    left join known k on k.external_id = i.external_id and k.base = i.base
    -- The plain key is taken if this source gave it to another id that is still there.
    left join mine t on t.dedupe_key = i.dedupe_key
    left join (select distinct x.external_id from incoming x) o on o.external_id = t.external_id
  )
  select array_agg(x.p) into v_placed from (
    select distinct on (k.dedupe_key) (
      p.ord, k.dedupe_key, p.external_id, p.url, p.title, p.department, p.location, p.city, p.region, p.country, p.workplace,
      p.employment_type, p.salary_min, p.salary_max, p.salary_currency, p.salary_period, p.posted_at, p.valid_through,
      p.company_name, p.company_key, p.company_domain, p.company_url, p.company_logo,
      coalesce(j.company_id, c.company_id), coalesce(j.id, r.id),
      -- A posting follows the source that has named it longest; others only fill what that one leaves open.
      r.id is not null or j.id is not null and not exists (
        select from public.job_posting_sources elder
        where elder.posting_id = j.id and elder.gone_at is null and elder.source_key <> p_run.source_key
          and elder.first_seen_at < coalesce((select own.first_seen_at from public.job_posting_sources own
            where own.posting_id = j.id and own.source_key = p_run.source_key), 'infinity'))
    )::otis.scraped_posting as p
    from unnest(p_postings) p
    join keyed k on k.ord = p.ord
    join unnest(p_companies) c on c.key = p.company_key and coalesce(c.domain, '') = coalesce(p.company_domain, '')
    left join lateral (select o.id, o.company_id from public.job_postings o
      where o.session_id = p_run.session_id and o.dedupe_key = k.dedupe_key limit 1) j on true
    -- A new key, but an id of a posting that only this source names, and not elsewhere in this run: its title or place was edited.
    left join lateral (select n.posting_id as id from public.job_posting_sources n
      where n.session_id = p_run.session_id and n.source_key = p_run.source_key and n.external_id = p.external_id
        and n.gone_at is null and n.last_seen_run <> p_run.id and k.first_of_id and j.id is null limit 1) n on true
    left join lateral (select o.id from public.job_postings o
      where o.id = n.id and o.company_id = c.company_id and o.dedupe_key not in (select other.dedupe_key from keyed other)
        and not exists (select from public.job_posting_sources other
          where other.posting_id = n.id and other.source_key <> p_run.source_key and other.gone_at is null) limit 1) r on true
    order by k.dedupe_key, p.ord
  ) x;
  return v_placed;
end $$;
comment on function otis.place_postings(public.scraping_runs, otis.scraped_posting[], otis.resolved_company[]) is
  'Gives each posting its company, its final key, and the row it is already, if any. Needs the owner''s lock and the session''s.';
