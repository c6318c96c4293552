-- The effect of one enrichment step: what was found, each value with where it comes from.
-- effect = {company: {name description industry employees address city country website_url logo_url domain}, facts, contacts,
--           step, provider, credits_saved, log; and with the last step: outcome (completed | failed), error_code, message}

create function otis.store_facts(p_owner uuid, p_company uuid, p_facts jsonb)
returns void
language sql
set search_path = ''
as $$
  insert into public.company_facts as f (owner_id, company_id, key, value, provider, source_url, method, confidence, cost, found_at)
  select distinct on (left(x.key, 60), coalesce(x.provider, 'unknown'), md5(left(x.value, 4000)))
    p_owner, p_company, left(x.key, 60), left(x.value, 4000), coalesce(x.provider, 'unknown'), x.source_url, x.method,
    least(greatest(coalesce(x.confidence, 0.5), 0), 1), coalesce(x.cost, 0), coalesce(x.found_at, now())
  from jsonb_to_recordset(case when jsonb_typeof(p_facts) = 'array' then p_facts else '[]' end)
    as x (key text, value text, provider text, source_url text, method text, confidence numeric, cost numeric, found_at timestamptz)
  where x.key <> '' and x.value <> ''
  order by left(x.key, 60), coalesce(x.provider, 'unknown'), md5(left(x.value, 4000)), x.confidence desc nulls last
  on conflict (company_id, key, provider, md5(value)) do update set
    source_url = excluded.source_url, method = excluded.method, confidence = excluded.confidence,
    cost = f.cost + excluded.cost, found_at = excluded.found_at
$$;
comment on function otis.store_facts(uuid, uuid, jsonb) is 'Facts by (key, provider, value): found again, their time and confidence are the newest.';

create function otis.store_contacts(p_owner uuid, p_company uuid, p_contacts jsonb)
returns void
language sql
set search_path = ''
as $$
  insert into public.contacts as k (owner_id, company_id, kind, full_name, role, email, email_status, phone, linkedin_url,
    value_key, provider, source_url, method, confidence, cost, found_at)
  select distinct on (c.value_key) p_owner, p_company, c.kind, left(c.full_name, 200), left(c.role, 200), c.email, c.email_status,
    left(c.phone, 60), c.linkedin_url, c.value_key, c.provider, c.source_url, c.method, c.confidence, c.cost, c.found_at
  from jsonb_to_recordset(case when jsonb_typeof(p_contacts) = 'array' then p_contacts else '[]' end)
    as x (kind text, full_name text, role text, email text, email_status text, phone text, linkedin_url text, provider text,
          source_url text, method text, confidence numeric, cost numeric, found_at timestamptz)
  cross join lateral (select case when x.email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' and char_length(x.email) <= 254 then lower(x.email) end as email) e
  cross join lateral (select
    x.kind, nullif(btrim(x.full_name), '') as full_name, nullif(btrim(x.role), '') as role, e.email, nullif(btrim(x.phone), '') as phone, x.linkedin_url,
    case when e.email is not null then case when x.email_status in ('found', 'guessed', 'verified') then x.email_status else 'found' end end as email_status,
    case x.kind when 'email' then 'email:' || e.email
      when 'phone' then 'phone:' || regexp_replace(x.phone, '[^0-9]', '', 'g')
      when 'person' then 'person:' || left(nullif(otis.company_key(x.full_name), ''), 200) end as value_key,
    coalesce(x.provider, 'unknown') as provider, x.source_url, x.method, least(greatest(coalesce(x.confidence, 0.5), 0), 1) as confidence,
    coalesce(x.cost, 0) as cost, coalesce(x.found_at, now()) as found_at) c
  where c.value_key is not null and c.value_key <> 'phone:'
    -- Who asked to be forgotten is not found again.
    and not exists (select from public.suppressions s
      where s.owner_id = p_owner and s.kind = 'email' and s.reason = 'erased' and s.email_hash = otis.hash_email(c.email))
    and not exists (select from otis.erased_contacts g
      where g.company_id = p_company and g.key_hash = otis.hash_contact(p_company, c.value_key))
  order by c.value_key, c.confidence desc
  on conflict (company_id, value_key) do update set
    full_name = coalesce(k.full_name, excluded.full_name), role = coalesce(excluded.role, k.role),
    email = coalesce(k.email, excluded.email), email_status = case when k.email is null then excluded.email_status
      when k.email = excluded.email and excluded.email_status = 'verified' then 'verified' else k.email_status end,
    phone = coalesce(k.phone, excluded.phone), linkedin_url = coalesce(k.linkedin_url, excluded.linkedin_url),
    confidence = greatest(k.confidence, excluded.confidence), cost = k.cost + excluded.cost,
    found_at = excluded.found_at, retain_until = now() + interval '1 year'
$$;
comment on function otis.store_contacts(uuid, uuid, jsonb) is
  'Contacts by kind and normalised value; found again they are completed, never replaced, and kept another year.';

create function otis.apply_enrichment(p_item otis.work_items, p_effect jsonb, p_ends boolean)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_status public.enrichment_status;
  v_new jsonb := coalesce(p_effect -> 'company', '{}');
  v_copies otis.company_copies;
  v_failed boolean := p_ends and p_effect ->> 'outcome' = 'failed';
begin
  select * into v_status from public.enrichment_status e where e.id = p_item.subject_id;
  perform otis.store_facts(v_status.owner_id, v_status.company_id, p_effect -> 'facts');
  perform otis.store_contacts(v_status.owner_id, v_status.company_id, p_effect -> 'contacts');
  update public.companies c set
    -- A name stays as it was found, unless it was only a stand-in.
    name = case when c.name = c.domain then coalesce(left(nullif(btrim(v_new ->> 'name'), ''), 200), c.name) else c.name end,
    description = coalesce(left(nullif(v_new ->> 'description', ''), 4000), c.description),
    industry = coalesce(left(nullif(v_new ->> 'industry', ''), 200), c.industry),
    employees = coalesce(case when pg_input_is_valid(v_new ->> 'employees', 'int') then (v_new ->> 'employees')::int end, c.employees),
    address = coalesce(left(nullif(v_new ->> 'address', ''), 500), c.address),
    city = coalesce(left(nullif(v_new ->> 'city', ''), 200), c.city),
    country = coalesce(substring(v_new ->> 'country' from '^[A-Z]{2}$'), c.country),
    website_url = coalesce(nullif(v_new ->> 'website_url', ''), c.website_url),
    logo_url = coalesce(nullif(v_new ->> 'logo_url', ''), c.logo_url),
    domain = coalesce(c.domain, (select lower(v_new ->> 'domain') where char_length(v_new ->> 'domain') between 3 and 253 and not exists (
      select from public.companies o where o.owner_id = c.owner_id and o.domain = lower(v_new ->> 'domain')))),
    enriched_at = case when p_ends and not v_failed then now() else c.enriched_at end
  where c.id = v_status.company_id;
  perform otis.refresh_copies(array[v_status.company_id]);
  select * into v_copies from otis.company_copies c where c.id = v_status.company_id;
  update public.enrichment_status e set
    status = case when not p_ends then 'running' when v_failed then 'failed' else 'completed' end,
    step = otis.clip(coalesce(p_effect ->> 'step', case when p_ends then '' else e.step end), 200),
    provider = left(coalesce(p_effect ->> 'provider', e.provider), 60), attempts = p_item.attempts,
    emails_found = v_copies.emails, phones_found = v_copies.phones, people_found = v_copies.people,
    error_code = case when v_failed then left(coalesce(p_effect ->> 'error_code', 'failed'), 60) end,
    error_message = case when p_ends then otis.clip(p_effect ->> 'message', 400) end,
    started_at = coalesce(e.started_at, p_item.leased_at, now()), finished_at = case when p_ends then now() end
  where e.id = v_status.id and e.status in ('queued', 'running');
  perform otis.spend(v_status.batch_id, v_status.id, 0, coalesce((p_effect ->> 'credits_saved')::numeric, 0));
  perform otis.show_progress(jsonb_build_array(jsonb_build_object('kind', 'enrich', 'subject_id', v_status.id,
    'session_id', v_status.session_id, 'log', p_effect -> 'log')));
end $$;
comment on function otis.apply_enrichment(otis.work_items, jsonb, boolean) is
  'Q2. Facts, contacts and the company itself; the copies in every session of its owner; the status of this company in its batch.';
