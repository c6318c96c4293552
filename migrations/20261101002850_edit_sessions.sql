-- Sessions: made, named, put away, copied, moved from stage to stage.
create function public.create_session(p_name text default null)
returns jsonb
language plpgsql
security definer -- live rows are written by functions only
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('create_session');
  v_id uuid;
begin
  insert into public.otis_workflow_sessions (owner_id, name)
  values (v_owner, otis.checked_name(coalesce(p_name, 'Untitled session'))) returning id into v_id;
  return jsonb_build_object('session_id', v_id, 'revision', 1);
end $$;
comment on function public.create_session(text) is 'A new session of the caller → {session_id, revision}. Raises invalid_input.';
grant execute on function public.create_session(text) to authenticated, service_role;

create function otis.checked_name(p_name text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  if coalesce(char_length(btrim(p_name)), 0) not between 1 and 120 then
    perform otis.refuse(400, 'invalid_input', 'A name has 1 to 120 characters. Nothing was changed.');
  end if;
  return btrim(p_name);
end $$;
comment on function otis.checked_name(text) is 'A name without spaces around it. Raises invalid_input.';

create function public.rename_session(p_session_id uuid, p_name text)
returns jsonb
language plpgsql
security definer -- as create_session; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('rename_session', p_session_id);
begin
  perform otis.own_session(v_owner, p_session_id, false);
  update public.otis_workflow_sessions s set name = otis.checked_name(p_name) where s.id = p_session_id;
  return jsonb_build_object('session_id', p_session_id, 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.rename_session(uuid, text) is '→ {session_id, revision}. Raises invalid_input, session_not_found.';
grant execute on function public.rename_session(uuid, text) to authenticated, service_role;

create function public.archive_session(p_session_id uuid, p_archived boolean default true)
returns jsonb
language plpgsql
security definer -- as create_session; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('archive_session', p_session_id);
begin
  perform otis.own_session(v_owner, p_session_id, false);
  update public.otis_workflow_sessions s set archived_at = case when p_archived then coalesce(s.archived_at, now()) end where s.id = p_session_id;
  return jsonb_build_object('session_id', p_session_id, 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.archive_session(uuid, boolean) is 'Out of the list of sessions, or back → {session_id, revision}. Its work goes on. Raises session_not_found.';
grant execute on function public.archive_session(uuid, boolean) to authenticated, service_role;

create function public.duplicate_session(p_session_id uuid)
returns jsonb
language plpgsql
security definer -- as create_session; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('duplicate_session', p_session_id);
  v_session public.otis_workflow_sessions;
  v_id uuid;
begin
  v_session := otis.own_session(v_owner, p_session_id, false);
  insert into public.otis_workflow_sessions (owner_id, name, auto_advance)
  values (v_owner, left(v_session.name, 113) || ' (copy)', v_session.auto_advance) returning id into v_id;
  insert into public.otis_workflow_data (session_id, owner_id, stage, data)
  select v_id, d.owner_id, d.stage, d.data from public.otis_workflow_data d where d.session_id = p_session_id;
  -- The sources come along as the configuration of scraping, to be started when the user wants.
  insert into public.otis_workflow_data (session_id, owner_id, stage, data)
  select v_id, v_owner, 'scraping', jsonb_build_object('sources', x.sources)
  from (
    select jsonb_agg(r.config || jsonb_build_object('kind', r.source_kind, 'key', r.source_key, 'label', r.source_label) order by r.revision) as sources
    from (select distinct on (s.source_key) s.* from public.scraping_runs s where s.session_id = p_session_id order by s.source_key, s.revision desc limit 200) r
  ) x
  where octet_length(x.sources::text) < 65000
  on conflict (session_id, stage) do nothing;
  return jsonb_build_object('session_id', v_id, 'revision', 1);
end $$;
comment on function public.duplicate_session(uuid) is
  'A new session with the same configuration and sources, without what was found → {session_id, revision}. Raises session_not_found.';
grant execute on function public.duplicate_session(uuid) to authenticated, service_role;

create function public.set_stage(p_session_id uuid, p_stage text)
returns jsonb
language plpgsql
security definer -- as create_session; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('set_stage', p_session_id);
  v_session public.otis_workflow_sessions := otis.own_session(v_owner, p_session_id);
begin
  if otis.stage_number(p_stage) is null then
    perform otis.refuse(400, 'invalid_input', 'A stage is scraping, enrichment, campaigns or results. Nothing was changed.');
  elsif p_stage = 'enrichment' and v_session.companies_count = 0 then
    perform otis.refuse(409, 'stage_not_ready', 'Enrichment needs a company: scrape a source first. Nothing was changed.');
  elsif p_stage = 'campaigns' and not otis.session_has_contact(p_session_id) then
    perform otis.refuse(409, 'stage_not_ready', 'A campaign needs a contact: enrich companies or import leads first. Nothing was changed.');
  elsif p_stage = 'results' and v_session.companies_count = 0 and v_session.leads_total = 0 then
    perform otis.refuse(409, 'stage_not_ready', 'There are no results yet. Nothing was changed.');
  end if;
  update public.otis_workflow_sessions s set current_stage = p_stage where s.id = p_session_id and s.current_stage <> p_stage;
  return jsonb_build_object('session_id', p_session_id, 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.set_stage(uuid, text) is
  'Moves a session to a stage whose needs are met → {session_id, revision}. Raises stage_not_ready, invalid_input, session_not_found, invalid_transition.';
grant execute on function public.set_stage(uuid, text) to authenticated, service_role;

create function otis.lock_caller()
returns trigger
language plpgsql
security definer -- takes locks that no client may take by itself
set search_path = ''
as $$
begin
  perform otis.lock_owners(array[auth.uid()]);
  return null;
end $$;
comment on function otis.lock_caller() is
  'Statement trigger of what clients edit directly: the owner''s lock comes before those of her sessions (R6), however many rows a request meets.';
create trigger lock_caller before update on public.otis_workflow_sessions
  for each statement when (current_user = 'authenticated') execute function otis.lock_caller();
