-- The leads of a campaign: more of them, one's own words for them, in or out.
create function public.add_leads(p_campaign_id uuid, p_company_ids uuid[] default null, p_per_company int default 1)
returns jsonb
language plpgsql
security definer -- as create_campaign
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('add_leads', p_campaign_id);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign_id);
  v_leads int;
begin
  if cardinality(p_company_ids) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 companies at once. Nothing was changed.');
  elsif p_per_company is null or p_per_company not between 1 and 10 then
    perform otis.refuse(400, 'invalid_input', 'Take 1 to 10 contacts of each company. Nothing was changed.');
  end if;
  v_leads := otis.insert_leads(v_campaign, p_company_ids, p_per_company);
  if v_leads = 0 and v_campaign.leads_total = 0 then
    perform otis.refuse(409, 'stage_not_ready', 'None of these companies has a contact with an e-mail address: enrich them first. Nothing was changed.');
  end if;
  return jsonb_build_object('added', v_leads, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function public.add_leads(uuid, uuid[], int) is
  'Contacts of the given, else the selected companies that are no leads yet → {added, revision}. Raises not_found, stage_not_ready, too_many, invalid_input, invalid_transition.';
grant execute on function public.add_leads(uuid, uuid[], int) to authenticated, service_role;

create function public.set_lead(p_lead_id uuid, p_personal_line text)
returns jsonb
language plpgsql
security definer -- as create_campaign
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('set_lead', p_lead_id);
  v_lead public.campaign_leads;
begin
  select * into v_lead from public.campaign_leads l where l.id = p_lead_id and l.owner_id = v_owner;
  if v_lead.id is null then
    perform otis.refuse(404, 'not_found', 'There is no such lead, or it is not yours. Nothing was changed.');
  elsif octet_length(p_personal_line) > 500 then
    perform otis.refuse(413, 'too_large', 'A personal line has at most 500 bytes. Nothing was changed.');
  end if;
  perform otis.own_session(v_owner, v_lead.session_id);
  update public.campaign_leads l set personal_line = nullif(btrim(p_personal_line), '')
  where l.id = p_lead_id and l.status in ('pending', 'personalising', 'ready', 'failed', 'skipped');
  if not found then
    perform otis.refuse(409, 'invalid_transition', 'This lead was sent already, or cannot be contacted. Nothing was changed.');
  end if;
  return jsonb_build_object('lead_id', p_lead_id, 'revision', otis.enter_scope('s:' || v_lead.session_id));
end $$;
comment on function public.set_lead(uuid, text) is
  'The user''s own line for a lead; blank: none → {lead_id, revision}. Raises not_found, too_large, invalid_transition.';
grant execute on function public.set_lead(uuid, text) to authenticated, service_role;

create function public.include_leads(p_campaign_id uuid, p_lead_ids uuid[], p_included boolean)
returns jsonb
language plpgsql
security definer -- as create_campaign
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('include_leads', p_campaign_id);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign_id);
  v_count int;
begin
  if coalesce(cardinality(p_lead_ids), 0) = 0 or p_included is null then
    perform otis.refuse(400, 'invalid_input', 'Name at least one lead, and whether it takes part. Nothing was changed.');
  elsif cardinality(p_lead_ids) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 leads at once. Nothing was changed.');
  end if;
  update public.campaign_leads l set
    status = case when p_included then 'pending' else 'skipped' end, error_code = case when p_included then null else 'excluded' end
  where l.campaign_id = v_campaign.id and l.id = any (p_lead_ids)
    and case when p_included then l.status = 'skipped' and l.email is not null
      else l.status in ('pending', 'personalising', 'ready', 'failed') end;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    perform otis.refuse(409, 'invalid_transition', 'These leads were sent already, or cannot be contacted. Nothing was changed.');
  end if;
  return jsonb_build_object('changed', v_count, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function public.include_leads(uuid, uuid[], boolean) is
  'Whether these leads of a campaign take part; those that were sent stay as they are → {changed, revision}. Raises not_found, invalid_input, too_many, invalid_transition.';
grant execute on function public.include_leads(uuid, uuid[], boolean) to authenticated, service_role;
