-- The effects of campaign work: leads imported, given their personal line, pushed, read back.

create function otis.show_campaign(p_item otis.work_items, p_effect jsonb)
returns void
language sql
set search_path = ''
as $$
  select otis.show_progress(jsonb_build_array(jsonb_build_object('kind', p_item.kind, 'subject_id', p_item.subject_id,
    'session_id', p_item.session_id, 'step', p_effect -> 'progress' -> 'step', 'log', p_effect -> 'log')))
$$;
comment on function otis.show_campaign(otis.work_items, jsonb) is 'The step and the log lines of an effect of campaign work.';

create function otis.leads_of(p_effect jsonb)
returns table (id uuid, status text, personal_line text, provider_lead_id text, error_code text, message text)
language sql
immutable
set search_path = ''
as $$
  select distinct on (x.id) x.id, x.status, x.personal_line, x.provider_lead_id, x.error_code, x.message
  from jsonb_to_recordset(case when jsonb_typeof(p_effect -> 'leads') = 'array' then p_effect -> 'leads' else '[]' end)
    as x (id uuid, status text, personal_line text, provider_lead_id text, error_code text, message text)
  where x.id is not null
$$;
comment on function otis.leads_of(jsonb) is 'What an effect says of leads, each once.';

create function otis.apply_import(p_item otis.work_items, p_effect jsonb, p_ends boolean)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_campaign public.campaigns;
begin
  select * into v_campaign from public.campaigns c where c.id = p_item.subject_id;
  insert into public.campaign_leads (session_id, campaign_id, status, email, full_name, company_name, personal_line, variables, position, error_code, error_message)
  select v_campaign.session_id, v_campaign.id, case when x.email is null then 'skipped' else 'pending' end, x.email,
    otis.short(x.full_name, 240), otis.short(x.company_name, 240), otis.short(x.personal_line, 500),
    case when octet_length(x.variables::text) <= 400 then x.variables else '{}' end, x.row,
    case when x.email is null then 'invalid_email' end, case when x.email is null then 'This row has no valid e-mail address.' end
  from (
    select r.row, r.full_name, r.company_name, r.personal_line, coalesce(r.variables, '{}') as variables, e.email,
      row_number() over (partition by e.email order by r.row) as copy
    from jsonb_to_recordset(case when jsonb_typeof(p_effect -> 'leads') = 'array' then p_effect -> 'leads' else '[]' end)
      as r (row int, email text, full_name text, company_name text, personal_line text, variables jsonb)
    cross join lateral (select case when btrim(r.email) ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' and octet_length(r.email) <= 254
      then lower(btrim(r.email)) end as email) e
  ) x
  where x.email is null or (x.copy = 1 and not exists (
    select from public.campaign_leads l where l.campaign_id = v_campaign.id and l.email_hash = otis.hash_email(x.email)))
  order by x.row;
  perform otis.show_campaign(p_item, p_effect);
  if p_ends then
    update public.campaigns c set status = 'draft', step = '' where c.id = v_campaign.id and c.status = 'preparing';
  end if;
end $$;
comment on function otis.apply_import(otis.work_items, jsonb, boolean) is
  'effect = {leads: [{row, email, full_name?, company_name?, personal_line?, variables?}], progress, log}. An address comes once; a row without one is kept as skipped.';

create function otis.apply_personalise(p_item otis.work_items, p_effect jsonb, p_ends boolean)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.campaign_leads l set
    personal_line = coalesce(otis.short(x.personal_line, 500), l.personal_line),
    status = case when x.error_code is not null then 'failed' when l.email is null then 'skipped' else 'ready' end,
    error_code = case when x.error_code is not null then left(x.error_code, 60) when l.email is null then 'no_email' end,
    error_message = case when x.error_code is not null then otis.clip(x.message, 200) when l.email is null then 'There is no e-mail address.' end
  from otis.leads_of(p_effect) x
  where l.id = x.id and l.campaign_id = p_item.subject_id and l.status in ('pending', 'personalising', 'failed');
  update public.campaigns c set cost = c.cost + (p_effect ->> 'cost')::numeric
    where c.id = p_item.subject_id and (p_effect ->> 'cost')::numeric > 0;
  perform otis.show_campaign(p_item, p_effect);
  if p_ends then
    update public.campaigns c set step = '',
      status = case when c.leads_ready > 0 then 'ready' else 'failed' end,
      error_code = case when c.leads_ready = 0 then 'no_lead_ready' end,
      error_message = case when c.leads_ready = 0 then 'No lead can be contacted: see the reason of each.' end
    where c.id = p_item.subject_id and c.status = 'preparing';
  end if;
end $$;
comment on function otis.apply_personalise(otis.work_items, jsonb, boolean) is
  'effect = {leads: [{id, personal_line?, error_code?, message?}], cost?, progress, log}. A lead with an address becomes ready; one that failed does not stop the others.';

create function otis.apply_push(p_item otis.work_items, p_effect jsonb, p_ends boolean)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_hashes text[];
begin
  update public.campaign_leads l set
    status = x.status,
    provider_lead_id = coalesce(left(x.provider_lead_id, 100), l.provider_lead_id),
    sent_at = case when x.status = 'sent' then now() else l.sent_at end,
    error_code = left(x.error_code, 60), error_message = otis.clip(x.message, 200)
  from otis.leads_of(p_effect) x
  where l.id = x.id and l.campaign_id = p_item.subject_id and l.status is distinct from x.status
    -- Analytics repeat what is known: only what the lifecycle allows is news.
    and exists (select from otis.transitions t
      where t.entity = 'campaign_leads' and t.from_status = l.status and t.to_status = x.status);
  -- Whom a suppression met on her way: the vendor has her now, and the worker takes her out again.
  update public.campaign_leads l set provider_lead_id = left(x.provider_lead_id, 100)
  from otis.leads_of(p_effect) x
  where l.id = x.id and l.campaign_id = p_item.subject_id and l.status = 'suppressed' and l.provider_lead_id is null
    and x.provider_lead_id is not null;
  if found then
    perform otis.wake_workers('stop');
  end if;
  update public.campaigns c set
    provider_campaign_id = coalesce(p_effect ->> 'provider_campaign_id', c.provider_campaign_id),
    cost = c.cost + coalesce((p_effect ->> 'cost')::numeric, 0), error_code = null, error_message = null,
    step = case when p_ends then '' else c.step end,
    status = case
      when not p_ends then c.status
      when p_item.kind = 'push' and c.status = 'pushing' then case when p_item.payload ->> 'was_active' = 'true' then 'active' else 'ready' end
      when p_item.kind = 'activate' and c.status in ('ready', 'paused') then 'active'
      when p_item.kind = 'analytics' and c.status = 'active' and p_effect ->> 'campaign_status' = 'completed' then 'completed'
      else c.status end
  where c.id = p_item.subject_id
    and (p_ends or p_effect ? 'provider_campaign_id' or coalesce((p_effect ->> 'cost')::numeric, 0) > 0);
  perform otis.show_campaign(p_item, p_effect);
  v_hashes := array(select l.email_hash from otis.leads_of(p_effect) x join public.campaign_leads l on l.id = x.id
    where x.status = 'unsubscribed' and l.campaign_id = p_item.subject_id and l.email_hash is not null);
  if v_hashes <> '{}' then
    perform otis.suppress_for(p_item.owner_id, v_hashes, '{}', 'unsubscribed');
  end if;
end $$;
comment on function otis.apply_push(otis.work_items, jsonb, boolean) is
  'Of push, activate and analytics. effect = {provider_campaign_id?, leads?: [{id, status: sent|skipped|failed|replied|bounced|unsubscribed, provider_lead_id?, error_code?, message?}], campaign_status?: completed, cost?, progress, log}.';
