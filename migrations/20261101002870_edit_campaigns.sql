-- Campaigns as the user makes them: texts and leads.
create function otis.own_campaign(p_owner uuid, p_campaign uuid)
returns public.campaigns
language plpgsql
set search_path = ''
as $$
declare
  v_campaign public.campaigns;
begin
  select * into v_campaign from public.campaigns c where c.id = p_campaign and c.owner_id = p_owner;
  if v_campaign.id is null then
    perform otis.refuse(404, 'not_found', 'There is no such campaign, or it is not yours. Nothing was changed.');
  end if;
  perform otis.own_session(p_owner, v_campaign.session_id);
  select * into v_campaign from public.campaigns c where c.id = p_campaign;
  return v_campaign;
end $$;
comment on function otis.own_campaign(uuid, uuid) is 'The caller''s campaign, its session locked and active. Raises not_found, invalid_transition.';

create function otis.write_texts(p_campaign public.campaigns, p_texts jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if jsonb_typeof(p_texts) <> 'object' or jsonb_typeof(p_texts -> 'sender') <> 'object' then
    perform otis.refuse(400, 'invalid_input', 'Texts are given by name, the sender likewise. Nothing was changed.');
  elsif char_length(p_texts ->> 'subject') > 300 or char_length(p_texts ->> 'body') > 20000
     or char_length(p_texts ->> 'personal_line') > 2000 or char_length(p_texts ->> 'unsubscribe_text') > 1000
     or octet_length(p_texts ->> 'sender') > 4000 then
    perform otis.refuse(413, 'too_large', 'A subject has at most 300 characters, a body 20,000, a rule 2,000, the unsubscribe text 1,000. Nothing was changed.');
  end if;
  insert into public.campaign_texts as t (campaign_id, owner_id, subject, body, personal_line, unsubscribe_text, sender)
  values (p_campaign.id, p_campaign.owner_id, coalesce(p_texts ->> 'subject', ''), coalesce(p_texts ->> 'body', ''),
    coalesce(p_texts ->> 'personal_line', ''), coalesce(p_texts ->> 'unsubscribe_text', ''), coalesce(p_texts -> 'sender', '{}'))
  on conflict (campaign_id) do update set
    subject = coalesce(p_texts ->> 'subject', t.subject), body = coalesce(p_texts ->> 'body', t.body),
    personal_line = coalesce(p_texts ->> 'personal_line', t.personal_line),
    unsubscribe_text = coalesce(p_texts ->> 'unsubscribe_text', t.unsubscribe_text), sender = coalesce(p_texts -> 'sender', t.sender);
end $$;
comment on function otis.write_texts(public.campaigns, jsonb) is 'The given texts of a campaign; what is absent stays. Raises too_large, invalid_input.';

create function otis.insert_leads(p_campaign public.campaigns, p_companies uuid[], p_per_company int)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_count int;
begin
  insert into public.campaign_leads (session_id, campaign_id, company_id, contact_id, email, full_name, company_name, variables, position)
  select p_campaign.session_id, p_campaign.id, x.company_id, x.contact_id, x.email, otis.short(x.full_name, 240), otis.short(x.name, 240),
    jsonb_strip_nulls(jsonb_build_object('role', otis.short(x.role, 70), 'domain', case when octet_length(x.domain) <= 60 then x.domain end,
      'city', otis.short(x.city, 40), 'country', x.country, 'industry', otis.short(x.industry, 50), 'job_title', otis.short(x.job_title, 90))),
    p_campaign.leads_total + row_number() over (order by x.place, x.rank)
  from (
    select s.company_id, k.id as contact_id, k.email, k.full_name, k.role, s.name, s.domain, s.city, s.country, s.industry, s.revision as place,
      row_number() over (partition by s.company_id order by k.kind = 'person' desc, k.email_status = 'guessed', k.email_status = 'verified' desc,
        k.confidence desc, k.id) as rank,
      row_number() over (partition by k.email_hash order by k.kind = 'person' desc, s.revision, k.id) as copy,
      (select j.title from public.job_postings j where j.session_id = s.session_id and j.company_id = s.company_id and j.status = 'open'
        order by j.posted_at desc nulls last, j.id limit 1) as job_title
    from public.session_companies s
    join public.contacts k on k.company_id = s.company_id and k.email is not null
    where s.session_id = p_campaign.session_id and s.status = 'active'
      and case when p_companies is null then s.selected else s.company_id = any (p_companies) end
  ) x
  where x.copy = 1 and x.rank <= p_per_company and not exists (
    select from public.campaign_leads l where l.campaign_id = p_campaign.id and l.email_hash = otis.hash_email(x.email));
  get diagnostics v_count = row_count;
  return v_count;
end $$;
comment on function otis.insert_leads(public.campaigns, uuid[], int) is
  'The best addresses of the given, else the selected companies: people before mailboxes, verified before guessed.';

create function public.create_campaign(p_session_id uuid, p_name text, p_channel text default 'csv', p_texts jsonb default null, p_company_ids uuid[] default null)
returns jsonb
language plpgsql
security definer -- live rows are written by functions only; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('create_campaign', p_session_id);
  v_session public.otis_workflow_sessions := otis.own_session(v_owner, p_session_id);
  v_campaign public.campaigns;
  v_leads int;
begin
  if p_channel is null or p_channel not in ('csv', 'instantly') then
    perform otis.refuse(400, 'invalid_input', 'A campaign goes out as csv or by instantly. Nothing was changed.');
  elsif cardinality(p_company_ids) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 companies at once. Nothing was changed.');
  end if;
  insert into public.campaigns (session_id, name, channel) values (p_session_id, otis.checked_name(p_name), p_channel) returning * into v_campaign;
  perform otis.write_texts(v_campaign, coalesce(p_texts, '{}'));
  v_leads := otis.insert_leads(v_campaign, p_company_ids, 1);
  -- Where nothing is selected leads come by import; else a campaign needs somebody to write to.
  if v_leads = 0 and (p_company_ids is not null or v_session.selected_count > 0) then
    perform otis.refuse(409, 'stage_not_ready', 'None of these companies has a contact with an e-mail address: enrich them first. Nothing was changed.');
  end if;
  update public.otis_workflow_sessions s set current_stage = 'campaigns' where s.id = p_session_id and otis.stage_number(s.current_stage) < 3;
  return jsonb_build_object('campaign_id', v_campaign.id, 'leads', v_leads, 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.create_campaign(uuid, text, text, jsonb, uuid[]) is
  'A campaign, with the best contact of each given or selected company → {campaign_id, leads, revision}. Raises stage_not_ready, invalid_input, too_many, too_large, session_not_found, invalid_transition.';
grant execute on function public.create_campaign(uuid, text, text, jsonb, uuid[]) to authenticated, service_role;

create function public.edit_campaign(p_campaign_id uuid, p_name text default null, p_texts jsonb default null)
returns jsonb
language plpgsql
security definer -- as create_campaign
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('edit_campaign', p_campaign_id);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign_id);
begin
  if p_name is not null and p_name <> v_campaign.name then
    update public.campaigns c set name = otis.checked_name(p_name) where c.id = p_campaign_id;
  end if;
  if p_texts is not null then
    perform otis.write_texts(v_campaign, p_texts);
  end if;
  return jsonb_build_object('campaign_id', p_campaign_id, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function public.edit_campaign(uuid, text, jsonb) is '→ {campaign_id, revision}. Raises not_found, invalid_input, too_large, invalid_transition.';
grant execute on function public.edit_campaign(uuid, text, jsonb) to authenticated, service_role;
