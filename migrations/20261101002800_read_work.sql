-- What a step needs to know of its subject, read fresh when it starts: the queue itself holds no personal data.
create function otis.load_work(p_ids uuid[])
returns table (id uuid, task jsonb)
language sql
stable
set search_path = ''
as $$
  select w.id, case w.kind
    when 'scrape' then jsonb_build_object('source', w.payload -> 'source')
    when 'enrich' then (
      select jsonb_build_object(
        'status_id', e.id, 'batch_id', b.id, 'providers', b.providers, 'ceiling_left', b.cost_ceiling - b.cost_spent,
        'company', jsonb_build_object('id', c.id, 'name', c.name, 'domain', c.domain, 'website_url', c.website_url,
          'description', c.description, 'industry', c.industry, 'employees', c.employees, 'city', c.city, 'country', c.country),
        'has', jsonb_build_object('email', k.emails > 0, 'phone', k.phones > 0, 'person', k.people > 0))
      from public.enrichment_status e join public.enrichment_batches b on b.id = e.batch_id
      join public.companies c on c.id = e.company_id join otis.company_copies k on k.id = c.id
      where e.id = w.subject_id)
    when 'noop' then '{}'
    else (
      select jsonb_build_object(
        'campaign', jsonb_build_object('id', c.id, 'session_id', c.session_id, 'name', c.name, 'channel', c.channel, 'status', c.status,
          'provider_campaign_id', c.provider_campaign_id, 'leads_total', c.leads_total, 'leads_ready', c.leads_ready, 'leads_sent', c.leads_sent),
        'texts', jsonb_build_object('subject', t.subject, 'body', t.body, 'personal_line', t.personal_line,
          'unsubscribe_text', t.unsubscribe_text, 'sender', t.sender))
      from public.campaigns c left join public.campaign_texts t on t.campaign_id = c.id where c.id = w.subject_id)
    end
  from otis.work_items w where w.id = any (p_ids)
$$;
comment on function otis.load_work(uuid[]) is
  'scrape {source}; enrich {status_id, batch_id, providers, ceiling_left, company, has: {email, phone, person}}; campaign kinds {campaign, texts}.';

create function otis.leads_to_personalise(p_campaign uuid, p_limit int default 100)
returns table (id uuid, "position" int, email text, full_name text, role text, company_name text, domain text, industry text,
               city text, country text, description text, jobs_count int, job_title text, variables jsonb)
language sql
stable
set search_path = ''
as $$
  select l.id, l.position, l.email, l.full_name, k.role, l.company_name, c.domain, c.industry, c.city, c.country, c.description, s.jobs_count,
    (select j.title from public.job_postings j
      where j.session_id = l.session_id and j.company_id = l.company_id and j.status = 'open'
      order by j.posted_at desc nulls last, j.id limit 1), l.variables
  from public.campaign_leads l
  left join public.companies c on c.id = l.company_id
  left join public.contacts k on k.id = l.contact_id
  left join public.session_companies s on s.session_id = l.session_id and s.company_id = l.company_id
  where l.campaign_id = p_campaign and l.status in ('pending', 'personalising')
  order by l.position, l.id limit p_limit
$$;
comment on function otis.leads_to_personalise(uuid, int) is
  'The next leads without a personal line, with all that a line may say. They leave this list with the step''s effect.';

create function otis.pushable_leads(p_item uuid, p_lease bigint, p_limit int default 1000)
returns table (id uuid, email text, full_name text, company_name text, personal_line text)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_item otis.work_items;
  v_page uuid[];
begin
  perform otis.lock_scopes_of(array[p_item]);
  select * into v_item from otis.work_items w where w.id = p_item and w.kind = 'push' and w.state = 'leased' and w.lease = p_lease;
  if v_item.id is null then
    return;
  end if;
  -- 'pushing' comes before 'ready': whose fate is unknown goes first.
  v_page := array(select l.id from public.campaign_leads l
    where l.campaign_id = v_item.subject_id and l.status in ('pushing', 'ready')
    order by l.status, l.position, l.id limit p_limit);
  return query
  with pushed as (
    -- The update asks the suppression list once more, at this very moment.
    update public.campaign_leads l set status = 'pushing' where l.id = any (v_page) returning l.*
  )
  select x.id, x.email, x.full_name, x.company_name, x.personal_line from pushed x
  where x.status = 'pushing' order by x.position, x.id;
end $$;
comment on function otis.pushable_leads(uuid, bigint, int) is
  'The next page to push, marked pushing; suppressed ones are left out. Those handed out before, whose fate is unknown, come first: push with the vendor''s skip flags. Empty: done, or the lease is lost.';
