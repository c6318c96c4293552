-- Work on a campaign: import, personal lines, push, activation, analytics. One at a time.
create function otis.refuse_while_running(p_campaign uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if exists (select from otis.work_items w where w.subject_id = p_campaign and w.finished_at is null) then
    perform otis.refuse(409, 'already_running', 'This campaign is being worked on: wait, or cancel that first. Nothing was started.');
  end if;
end $$;
comment on function otis.refuse_while_running(uuid) is 'Work on a campaign is done one after the other. Raises already_running.';

create function otis.enqueue_campaign(p_campaign public.campaigns, p_kind text, p_provider text, p_payload jsonb default '{}')
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform otis.refuse_while_running(p_campaign.id);
  insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, payload)
  values (p_kind, p_campaign.owner_id, p_campaign.session_id, p_campaign.id, p_campaign.id, p_provider, p_payload);
  update public.campaigns c set status = coalesce(otis.status_while(p_kind), c.status), step = '', error_code = null, error_message = null
  where c.id = p_campaign.id;
  perform otis.wake_workers();
end $$;
comment on function otis.enqueue_campaign(public.campaigns, text, text, jsonb) is 'An item for a campaign, and the status it has meanwhile. Raises already_running, invalid_transition.';

create function public.import_leads(p_campaign_id uuid, p_upload_id uuid)
returns jsonb
language plpgsql
security definer -- writes the queue and live rows, which no client may; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('import_leads', p_campaign_id);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign_id);
begin
  if not exists (select from public.uploads u where u.id = p_upload_id and u.owner_id = v_owner) then
    perform otis.refuse(404, 'not_found', 'There is no such file. Upload it again; nothing was changed.');
  elsif not (select u.complete from public.uploads u where u.id = p_upload_id) then
    perform otis.refuse(409, 'in_progress', 'The file is still being uploaded. Nothing was changed.');
  end if;
  perform otis.enqueue_campaign(v_campaign, 'import', 'import', jsonb_build_object('upload_id', p_upload_id));
  return jsonb_build_object('campaign_id', p_campaign_id, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function public.import_leads(uuid, uuid) is
  'The rows of an uploaded file become leads → {campaign_id, revision}. Raises not_found, in_progress, already_running, invalid_transition.';
grant execute on function public.import_leads(uuid, uuid) to authenticated, service_role;

create function public.prepare_campaign(p_campaign_id uuid, p_method text default 'rules')
returns jsonb
language plpgsql
security definer -- as import_leads
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('prepare_campaign', p_campaign_id);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign_id);
  v_count int;
  v_written boolean;
begin
  if p_method is null or p_method not in ('rules', 'llm') then
    perform otis.refuse(400, 'invalid_input', 'A personal line is written by rules or by llm. Nothing was started.');
  elsif v_campaign.leads_total = 0 then
    perform otis.refuse(409, 'stage_not_ready', 'The campaign has no leads yet: add or import some. Nothing was started.');
  end if;
  perform otis.refuse_while_running(p_campaign_id);
  update public.campaign_leads l set status = 'pending', error_code = null, error_message = null
  where l.campaign_id = p_campaign_id and l.status = 'failed' and l.email is not null;
  -- A line that the user wrote or imported stays as it is.
  update public.campaign_leads l set status = 'ready'
  where l.campaign_id = p_campaign_id and l.status in ('pending', 'personalising') and l.personal_line is not null and l.email is not null;
  v_written := found;
  select count(*) into v_count from public.campaign_leads l where l.campaign_id = p_campaign_id and l.status in ('pending', 'personalising');
  if v_count = 0 and v_written then
    update public.campaigns c set status = 'ready' where c.id = p_campaign_id and c.status <> 'ready';
    return jsonb_build_object('queued', 0, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
  elsif v_count = 0 then
    perform otis.refuse(409, 'stage_not_ready', 'Every lead has its line already, or cannot be contacted. Nothing was started.');
  end if;
  perform otis.enqueue_campaign(v_campaign, 'personalise', p_method, jsonb_build_object('method', p_method));
  return jsonb_build_object('queued', v_count, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function public.prepare_campaign(uuid, text) is
  'A personal line for each lead without one → {queued, revision}. Raises stage_not_ready, already_running, not_found, invalid_input, invalid_transition.';
grant execute on function public.prepare_campaign(uuid, text) to authenticated, service_role;

create function public.push_campaign(p_campaign_id uuid)
returns jsonb
language plpgsql
security definer -- as import_leads
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('push_campaign', p_campaign_id);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign_id);
  v_count int;
begin
  select count(*) into v_count from public.campaign_leads l where l.campaign_id = p_campaign_id and l.status in ('ready', 'pushing');
  if v_count = 0 then
    perform otis.refuse(409, 'stage_not_ready', 'No lead is ready: prepare the campaign first. Nothing was sent.');
  end if;
  if v_campaign.channel = 'instantly' then
    perform otis.enqueue_campaign(v_campaign, 'push', 'instantly', jsonb_build_object('was_active', v_campaign.status = 'active'));
  else
    -- A file is the user's to send: its leads count as sent once she takes it.
    update public.campaign_leads l set status = 'sent', sent_at = now() where l.campaign_id = p_campaign_id and l.status in ('ready', 'pushing');
    update public.campaigns c set status = 'completed' where c.id = p_campaign_id;
    perform otis.settle_groups(array[p_campaign_id]);
  end if;
  return jsonb_build_object('queued', v_count, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function public.push_campaign(uuid) is
  'Ready leads to Instantly as a draft there, or (csv) marked as exported → {queued, revision}. Raises stage_not_ready, already_running, not_found, invalid_transition.';
grant execute on function public.push_campaign(uuid) to authenticated, service_role;

create function otis.ask_vendor(p_campaign uuid, p_action text, p_kind text)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action(p_action, p_campaign);
  v_campaign public.campaigns := otis.own_campaign(v_owner, p_campaign);
begin
  if v_campaign.channel <> 'instantly' or v_campaign.provider_campaign_id is null then
    perform otis.refuse(409, 'stage_not_ready', 'Push the campaign to Instantly first. Nothing was changed.');
  end if;
  perform otis.enqueue_campaign(v_campaign, p_kind, 'instantly');
  return jsonb_build_object('campaign_id', p_campaign, 'revision', otis.enter_scope('s:' || v_campaign.session_id));
end $$;
comment on function otis.ask_vendor(uuid, text, text) is 'Queues a request about a pushed campaign. Raises stage_not_ready, and as enqueue_campaign.';

create function public.activate_campaign(p_campaign_id uuid)
returns jsonb
language sql
security definer -- as import_leads
set search_path = ''
as $$
  select otis.ask_vendor(p_campaign_id, 'activate_campaign', 'activate')
$$;
comment on function public.activate_campaign(uuid) is 'Instantly begins to send → {campaign_id, revision}. Raises stage_not_ready, already_running, not_found, invalid_transition.';
grant execute on function public.activate_campaign(uuid) to authenticated, service_role;

create function public.refresh_analytics(p_campaign_id uuid)
returns jsonb
language sql
security definer -- as import_leads
set search_path = ''
as $$
  select otis.ask_vendor(p_campaign_id, 'refresh_analytics', 'analytics')
$$;
comment on function public.refresh_analytics(uuid) is 'Reads replies and bounces back → {campaign_id, revision}. Raises as activate_campaign.';
grant execute on function public.refresh_analytics(uuid) to authenticated, service_role;
