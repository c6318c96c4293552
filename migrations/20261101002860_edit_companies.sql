-- Companies of a session: selected, judged, removed.
create function otis.own_companies(p_owner uuid, p_session uuid, p_companies uuid[])
returns void
language plpgsql
set search_path = ''
as $$
begin
  if coalesce(cardinality(p_companies), 0) = 0 then
    perform otis.refuse(400, 'invalid_input', 'Name at least one company. Nothing was changed.');
  elsif cardinality(p_companies) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 companies at once. Nothing was changed.');
  end if;
  perform otis.own_session(p_owner, p_session, false);
  if exists (
    select x.id from unnest(p_companies) x (id)
    except select s.company_id from public.session_companies s where s.session_id = p_session) then
    perform otis.refuse(404, 'not_found', 'Some of these companies are not in this session. Nothing was changed.');
  end if;
end $$;
comment on function otis.own_companies(uuid, uuid, uuid[]) is
  'Refuses ids that are no companies of the caller''s session. Raises invalid_input, too_many, session_not_found, not_found.';

create function public.select_companies(p_session_id uuid, p_company_ids uuid[], p_selected boolean)
returns jsonb
language plpgsql
security definer -- live rows are written by functions only; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('select_companies', p_session_id);
  v_count int;
begin
  perform otis.own_companies(v_owner, p_session_id, p_company_ids);
  update public.session_companies s set selected = coalesce(p_selected, false)
  where s.session_id = p_session_id and s.company_id = any (p_company_ids) and s.status = 'active'
    and s.selected <> coalesce(p_selected, false);
  get diagnostics v_count = row_count;
  return jsonb_build_object('changed', v_count, 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.select_companies(uuid, uuid[], boolean) is '→ {changed, revision}; 0 if they were so already. Raises as own_companies.';
grant execute on function public.select_companies(uuid, uuid[], boolean) to authenticated, service_role;

create function public.set_lead_status(p_session_id uuid, p_company_ids uuid[], p_lead_status text)
returns jsonb
language plpgsql
security definer -- as select_companies
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('set_lead_status', p_session_id);
  v_count int;
begin
  if coalesce(p_lead_status, '') not in ('new', 'interesting', 'contacted', 'replied', 'won', 'ignored') then
    perform otis.refuse(400, 'invalid_input', 'A lead is new, interesting, contacted, replied, won or ignored. Nothing was changed.');
  end if;
  perform otis.own_companies(v_owner, p_session_id, p_company_ids);
  update public.session_companies s set lead_status = p_lead_status
  where s.session_id = p_session_id and s.company_id = any (p_company_ids) and s.lead_status <> p_lead_status;
  get diagnostics v_count = row_count;
  return jsonb_build_object('changed', v_count, 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.set_lead_status(uuid, uuid[], text) is '→ {changed, revision}. Raises invalid_input, and as own_companies.';
grant execute on function public.set_lead_status(uuid, uuid[], text) to authenticated, service_role;

create function public.remove_companies(p_session_id uuid, p_company_ids uuid[], p_removed boolean default true)
returns jsonb
language plpgsql
security definer -- as select_companies
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('remove_companies', p_session_id);
  v_ids uuid[];
begin
  perform otis.own_companies(v_owner, p_session_id, p_company_ids);
  with changed as (
    update public.session_companies s set status = case when p_removed then 'removed' else 'active' end, selected = s.selected and not p_removed
    where s.session_id = p_session_id and s.company_id = any (p_company_ids)
      and s.status = case when p_removed then 'active' else 'removed' end
    returning s.company_id
  )
  select coalesce(array_agg(c.company_id), '{}') into v_ids from changed c;
  -- Its postings go and come back with it; a later scrape leaves them closed.
  update public.job_postings j set
    status = case when p_removed then 'closed' else 'open' end, closed_at = case when p_removed then now() end
  where j.session_id = p_session_id and j.company_id = any (v_ids)
    and case when p_removed then j.status = 'open' else j.status = 'closed' and j.sources <> '{}' end;
  return jsonb_build_object('changed', cardinality(v_ids), 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.remove_companies(uuid, uuid[], boolean) is
  'Out of the session with their postings, or (p_removed false) back → {changed, revision}. Raises as own_companies.';
grant execute on function public.remove_companies(uuid, uuid[], boolean) to authenticated, service_role;

create function public.mark_read(p_notification_ids uuid[] default null)
returns jsonb
language plpgsql
security definer -- as select_companies
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('mark_read');
  v_count int;
begin
  if cardinality(p_notification_ids) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 notifications at once. Nothing was changed.');
  end if;
  update public.notifications n set read_at = now()
  where n.owner_id = v_owner and n.read_at is null and (p_notification_ids is null or n.id = any (p_notification_ids));
  get diagnostics v_count = row_count;
  return jsonb_build_object('changed', v_count, 'revision', otis.enter_scope('i:' || v_owner));
end $$;
comment on function public.mark_read(uuid[]) is 'Of the caller''s notifications those named, else all → {changed, revision of the inbox}. Raises too_many.';
grant execute on function public.mark_read(uuid[]) to authenticated, service_role;
