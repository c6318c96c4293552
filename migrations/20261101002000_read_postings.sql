-- From the postings of an effect (functions/_shared/postings/posting.ts) to rows: every value is clipped to
-- what a live row may hold, or dropped where it is no such thing, so that one odd posting costs nothing else.

create type otis.scraped_posting as (
  ord bigint, dedupe_key text, external_id text, url text, title text, department text,
  location text, city text, region text, country text, workplace text, employment_type text,
  salary_min numeric, salary_max numeric, salary_currency text, salary_period text,
  posted_at timestamptz, valid_through timestamptz,
  company_name text, company_key text, company_domain text, company_url text, company_logo text,
  company_id uuid, posting_id uuid, leads boolean
);
comment on type otis.scraped_posting is
  'A posting on its way into a session. company_id, posting_id (the row it is already) and leads (its values count) are filled by place_postings.';

create function otis.read_postings(p_postings jsonb, p_company jsonb, p_label text)
returns otis.scraped_posting[]
language plpgsql
stable
set search_path = ''
as $$
begin
  -- The clipping is otis.clip written out: a call of its own for each of 20,000 values would cost more than all the rest.
  return (
    with entry as (
      select e.ord, e.v ->> 'dedupeKey' as dedupe_key, e.v ->> 'externalId' as external_id, e.v ->> 'url' as url,
        left(btrim(e.v ->> 'title'), 200) as title, left(btrim(e.v ->> 'department'), 100) as department, left(btrim(l.v ->> 'raw'), 160) as location,
        left(btrim(l.v ->> 'city'), 80) as city, left(btrim(l.v ->> 'region'), 80) as region, l.v ->> 'country' as country, l.v ->> 'workplace' as workplace,
        e.v ->> 'employmentType' as employment_type, m.v ->> 'min' as salary_min, m.v ->> 'max' as salary_max,
        m.v ->> 'currency' as currency, m.v ->> 'period' as period, e.v ->> 'postedAt' as posted_at, e.v ->> 'validThrough' as valid_through,
        -- A board that does not name its company: the source knows it, else its label has to do.
        left(coalesce(nullif(btrim(c.v ->> 'name'), ''), nullif(btrim(p_company ->> 'name'), ''), nullif(c.v ->> 'domain', ''), p_label), 200) as company,
        lower(left(coalesce(nullif(c.v ->> 'domain', ''), case when c.v ->> 'name' is null then p_company ->> 'domain' end), 253)) as domain,
        c.v ->> 'url' as company_url, c.v ->> 'logoUrl' as company_logo
      from jsonb_array_elements(case when jsonb_typeof(p_postings) = 'array' then p_postings else '[]' end) with ordinality e (v, ord)
      cross join lateral (select e.v -> 'location' as v) l
      cross join lateral (select e.v -> 'salary' as v) m
      cross join lateral (select e.v -> 'company' as v) c
    ), company as (
      select n.company, left(otis.company_key(n.company), 200) as key from (select distinct x.company from entry x) n
    )
    select array_agg((
      x.ord, left(x.dedupe_key, 80), left(x.external_id, 200), case when octet_length(x.url) <= 500 then x.url end,
      left(x.title, greatest(90, 360 + char_length(x.title) - octet_length(x.title))),
      nullif(left(x.department, greatest(30, 120 + char_length(x.department) - octet_length(x.department))), ''),
      nullif(left(x.location, greatest(50, 200 + char_length(x.location) - octet_length(x.location))), ''),
      nullif(left(x.city, greatest(25, 100 + char_length(x.city) - octet_length(x.city))), ''),
      nullif(left(x.region, greatest(25, 100 + char_length(x.region) - octet_length(x.region))), ''),
      case when x.country ~ '^[A-Z]{2}$' then x.country end,
      case when x.workplace in ('remote', 'hybrid', 'onsite') then x.workplace end,
      case when x.employment_type in ('full_time', 'part_time', 'contract', 'temporary', 'internship', 'apprenticeship', 'volunteer', 'other')
        then x.employment_type end,
      case when pg_input_is_valid(x.salary_min, 'numeric(14,2)') then nullif(x.salary_min::numeric(14, 2), 'NaN') end,
      case when pg_input_is_valid(x.salary_max, 'numeric(14,2)') then nullif(x.salary_max::numeric(14, 2), 'NaN') end,
      case when x.currency ~ '^[A-Z]{3}$' then x.currency end,
      case when x.period in ('hour', 'day', 'week', 'month', 'year') then x.period end,
      case when x.posted_at ~ '^\d{4}-' and pg_input_is_valid(x.posted_at, 'timestamptz') then x.posted_at::timestamptz end,
      case when x.valid_through ~ '^\d{4}-' and pg_input_is_valid(x.valid_through, 'timestamptz') then x.valid_through::timestamptz end,
      x.company, c.key, x.domain, x.company_url, x.company_logo, null, null, null
    )::otis.scraped_posting order by x.ord)
    from entry x join company c on c.company = x.company
    where x.dedupe_key <> '' and x.title <> '' and c.key <> '');
end $$;
comment on function otis.read_postings(jsonb, jsonb, text) is
  'Posting[] as rows, null for none. p_company: what the source says of its company, p_label: its label, for postings that name none.';
