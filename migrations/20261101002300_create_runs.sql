-- Sources become runs and their work items: by the user, or by a list of companies that names their boards.
create function otis.add_runs(p_session uuid, p_sources jsonb, p_priority smallint)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  with wanted as (
    select distinct on (x.key) x.*, e.ord,
      coalesce(x.config, jsonb_strip_nulls(jsonb_build_object('target', x.target, 'options', x.options, 'company', x.company))) as settings
    from jsonb_array_elements(p_sources) with ordinality e (source, ord)
    cross join lateral jsonb_to_record(e.source)
      as x (kind text, key text, label text, config jsonb, target text, options jsonb, company jsonb)
    order by x.key, e.ord
  ), added as (
    insert into public.scraping_runs (session_id, source_kind, source_key, source_label, config, priority)
    select p_session, w.kind, w.key, otis.clip(coalesce(nullif(w.label, ''), w.key), 700 - octet_length(w.key)),
      case when octet_length(w.settings::text) <= 600 then w.settings else '{}' end, p_priority
    from wanted w
    where not exists (select from public.scraping_runs r
      where r.session_id = p_session and r.source_key = w.key and r.status in ('queued', 'running', 'paused'))
    order by w.ord
    returning id, owner_id, source_key, source_kind, priority
  ), queued as (
    insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, priority, payload)
    select 'scrape', a.owner_id, p_session, a.id, a.id, a.source_kind, a.priority, jsonb_build_object('source',
      w.settings || jsonb_build_object('kind', w.kind, 'key', w.key, 'label', coalesce(nullif(w.label, ''), w.key)))
    from added a join wanted w on w.key = a.source_key
    order by w.ord
  )
  select array_agg(a.id order by w.ord) into v_ids from added a join wanted w on w.key = a.source_key;
  if v_ids is not null then
    perform otis.wake_workers();
  end if;
  return coalesce(v_ids, '{}');
end $$;
comment on function otis.add_runs(uuid, jsonb, smallint) is
  'Runs and items for sources ({kind, key, label, target, options?, company?} or {kind, key, label, config}); a source that is being scraped already is left out. Needs the session''s lock.';

create function otis.own_session(p_owner uuid, p_session uuid, p_active boolean default true)
returns public.otis_workflow_sessions
language plpgsql
set search_path = ''
as $$
declare
  v_session public.otis_workflow_sessions;
begin
  if not exists (select from public.otis_workflow_sessions s where s.id = p_session and s.owner_id = p_owner) then
    perform otis.refuse(404, 'session_not_found', 'There is no such session, or it is not yours. Nothing was changed.');
  end if;
  perform otis.lock_sessions(array[p_session]);
  select * into v_session from public.otis_workflow_sessions s where s.id = p_session;
  if p_active and v_session.status <> 'active' then
    perform otis.refuse(409, 'invalid_transition', format('The session is %s: resume it first. Nothing was changed.', v_session.status));
  end if;
  return v_session;
end $$;
comment on function otis.own_session(uuid, uuid, boolean) is
  'The session, locked, if it is the caller''s and (p_active) active. Raises session_not_found, invalid_transition.';

create function public.start_scraping(p_session_id uuid, p_sources jsonb)
returns jsonb
language plpgsql
security definer -- writes the queue and live rows, which no client may; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('start_scraping', p_session_id);
  v_session public.otis_workflow_sessions;
  v_ids uuid[];
begin
  if jsonb_typeof(p_sources) is distinct from 'array' or jsonb_array_length(p_sources) = 0 then
    perform otis.refuse(400, 'invalid_input', 'Name at least one source. Nothing was started.');
  elsif jsonb_array_length(p_sources) > 200 then
    perform otis.refuse(400, 'too_many', 'At most 200 sources at once. Nothing was started.');
  elsif octet_length(p_sources::text) > 1000000 then
    perform otis.refuse(413, 'too_large', 'The sources are over 1 MB. Nothing was started.');
  elsif exists (
    select from jsonb_array_elements(p_sources) e (source)
    where jsonb_typeof(e.source) <> 'object' or coalesce(jsonb_typeof(e.source -> 'config'), 'object') not in ('object', 'null')
      or coalesce(e.source ->> 'key', '') = '' or octet_length(e.source ->> 'key') > 500
      or coalesce(e.source ->> 'kind', '') not in ('careers_page', 'greenhouse', 'lever', 'ashby', 'recruitee', 'personio',
        'smartrecruiters', 'workable', 'feed', 'csv', 'apify')
      or octet_length(e.source::text) > 100000) then
    perform otis.refuse(400, 'not_a_source', 'One of the sources has no known kind, or no key. Nothing was started.');
  end if;
  v_session := otis.own_session(v_owner, p_session_id);
  v_ids := otis.add_runs(p_session_id, p_sources, 0::smallint);
  if v_ids = '{}' then
    perform otis.refuse(409, 'already_running', 'These sources are being scraped already. Nothing was started.');
  end if;
  return jsonb_build_object('run_ids', to_jsonb(v_ids), 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.start_scraping(uuid, jsonb) is
  'A run and a work item for each of 1 to 200 sources → {run_ids, revision}. Raises invalid_input, too_many, too_large, not_a_source, already_running, session_not_found, invalid_transition.';
grant execute on function public.start_scraping(uuid, jsonb) to authenticated, service_role;
