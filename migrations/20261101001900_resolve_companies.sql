-- Companies belong to an owner, and every session of hers shows copies of them. Who calls these functions
-- holds the owner's lock, so that no two effects decide about the same company at once.

create function otis.company_key(p_name text)
returns text
language sql
immutable parallel safe
set search_path = ''
as $$
  select replace(coalesce(nullif(regexp_replace(k.key,
      '(\s+(and|inc|incorporated|llc|llp|lp|ltd|limited|plc|corp|corporation|co|company|gmbh|mbh|ag|kg|kgaa|ohg|ug|se|eg|ev|gbr|bv|nv|vof|'
      'sa|sas|sasu|sarl|eurl|srl|spa|sl|slu|oy|oyj|ab|as|asa|aps|sro|kft|zrt|doo|pty|pvt|private|pte|holding|group|e v|b v|n v|s a|s l|a s|'
      's a s|s r l|s p a|s r o|s a r l|sp z o o|z o o|d o o))+$', ''), ''), k.key), ' ', '')
  from (
    select regexp_replace(btrim(regexp_replace(
      regexp_replace(normalize(lower(replace(replace(p_name, '&', ' and '), 'ß', 'ss')), nfkd), '[\u0300-\u036f]', '', 'g'),
      '[^[:alnum:]]+', ' ', 'g')), '^the\s+', '') as key
  ) k
$$;
comment on function otis.company_key(text) is
  'What two spellings of one company have in common: folded, without legal forms. "ACME Inc." and "Acme" are equal.';

create type otis.named_company as (name text, key text, domain text, website_url text, logo_url text, city text, country text);

create view otis.company_copies with (security_invoker = true) as
  select c.id, c.owner_id, otis.clip(c.name, 600) as name, c.domain, otis.clip(c.industry, 200) as industry, c.employees,
    otis.clip(c.city, 300) as city, c.country, c.enriched_at, n.emails, n.phones, n.people
  from public.companies c
  cross join lateral (
    select count(distinct k.email_hash)::int as emails, count(distinct k.phone)::int as phones, count(*) filter (where k.kind = 'person')::int as people
    from public.contacts k where k.company_id = c.id) n;
comment on view otis.company_copies is 'Of each company what session_companies copies.';
grant select on otis.company_copies to service_role;

create function otis.refresh_copies(p_companies uuid[])
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform otis.lock_sessions(array(select s.session_id from public.session_companies s where s.company_id = any (p_companies)));
  update public.session_companies s set
    name = c.name, domain = c.domain, industry = c.industry, employees = c.employees, city = c.city, country = c.country,
    enriched_at = c.enriched_at, emails_count = c.emails, phones_count = c.phones, people_count = c.people
  from otis.company_copies c
  where s.company_id = any (p_companies) and c.id = s.company_id
    and (s.name, s.domain, s.industry, s.employees, s.city, s.country, s.enriched_at, s.emails_count, s.phones_count, s.people_count)
      is distinct from (c.name, c.domain, c.industry, c.employees, c.city, c.country, c.enriched_at, c.emails, c.phones, c.people);
end $$;
comment on function otis.refresh_copies(uuid[]) is
  'Brings a changed company to every session of its owner that shows it. Under the owner''s lock it may lock further sessions.';

create function otis.resolve_companies(p_owner uuid, p_named otis.named_company[])
returns table (key text, domain text, company_id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_ids uuid[];
begin
  -- Known by name only, and now it shows a domain that nobody else has.
  with fresh as (
    select distinct on (n.key) n.* from unnest(p_named) n
    where n.domain is not null
      and not exists (select from public.companies c where c.owner_id = p_owner and c.domain = n.domain)
    order by n.key, n.domain
  ), merged as (
    update public.companies c set domain = f.domain, website_url = coalesce(c.website_url, f.website_url)
    from (select distinct on (f.domain) f.* from fresh f order by f.domain, f.key) f
    where c.owner_id = p_owner and c.normalised_name = f.key and c.domain is null
    returning c.id
  )
  select array_agg(m.id) into v_ids from merged m;
  if v_ids is not null then
    perform otis.refresh_copies(v_ids);
  end if;
  insert into public.companies (owner_id, name, normalised_name, domain, website_url, logo_url, city, country)
  select distinct on (n.domain) p_owner, n.name, n.key, n.domain, n.website_url, n.logo_url, n.city, n.country
  from unnest(p_named) n
  where n.domain is not null
    and not exists (select from public.companies c where c.owner_id = p_owner and c.domain = n.domain)
  order by n.domain;
  insert into public.companies (owner_id, name, normalised_name, website_url, logo_url, city, country)
  select distinct on (n.key) p_owner, n.name, n.key, n.website_url, n.logo_url, n.city, n.country
  from unnest(p_named) n
  where n.domain is null
    and not exists (select from public.companies c where c.owner_id = p_owner and c.normalised_name = n.key)
  order by n.key;
  return query
  select n.key, n.domain, c.id
  from (select distinct x.key, x.domain from unnest(p_named) x) n
  cross join lateral (
    (select c.id from public.companies c where c.owner_id = p_owner and c.domain = n.domain)
    union all
    (select c.id from public.companies c where c.owner_id = p_owner and n.domain is null and c.normalised_name = n.key
      order by c.domain is not null, c.created_at, c.id limit 1)) c;
end $$;
comment on function otis.resolve_companies(uuid, otis.named_company[]) is
  'The owner''s companies by domain, else by name; new ones are made, and a name that shows a domain gets it. Needs the owner''s lock.';

create function otis.show_companies(p_session uuid, p_companies uuid[])
returns void
language sql
set search_path = ''
as $$
  insert into public.session_companies (session_id, company_id, name, domain, industry, employees, city, country,
    enriched_at, emails_count, phones_count, people_count)
  select p_session, c.id, c.name, c.domain, c.industry, c.employees, c.city, c.country, c.enriched_at, c.emails, c.phones, c.people
  from otis.company_copies c
  where c.id = any (p_companies)
    and not exists (select from public.session_companies s where s.session_id = p_session and s.company_id = c.id)
$$;
comment on function otis.show_companies(uuid, uuid[]) is 'Puts companies into a session that are not in it yet. Needs the owner''s lock and the session''s.';
