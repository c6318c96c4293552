-- R3: the delta read that every transport ends in, and the snapshot that answers "did anything change?".
create function public.live_flags()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(f.key,
    f.enabled and abs(hashtextextended(f.key || ':' || (select auth.uid())::text, 0)) % 100 < f.rollout_percent), '{}')
  from public.feature_flags f
$$;
comment on function public.live_flags() is 'The feature flags as they are for the caller: {"key": on}. A roll-out by percentage is stable per user and flag.';
grant execute on function public.live_flags() to authenticated, service_role;

-- Right after a large scrape there are no statistics yet, and the planner would rather fetch and sort all
-- rows of the session than walk the index on (session_id, revision): 20 times slower. It may not.
create function public.session_changes(p_session_id uuid, p_since bigint default 0, p_limit int default 1000)
returns json -- written once and only read by clients: a third of what building jsonb costs
language plpgsql
stable
set search_path = ''
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
  v_revision bigint;
  v_rows json := '[]';
  v_upto bigint;
  v_count int := 0;
  v_more boolean;
begin
  select s.revision into v_revision from public.otis_workflow_sessions s where s.id = p_session_id;
  if v_revision is null then
    perform otis.refuse(404, 'session_not_found', 'There is no such session, or it is not yours.');
  end if;
  if p_since is null or p_since < 0 or p_since > v_revision then
    perform otis.refuse(409, 'stale_revision', 'The revision asked for was never given out; read from 0.');
  end if;
  if p_limit is null or p_limit not between 1 and 5000 then
    perform otis.refuse(400, 'invalid_limit', 'The limit is a number from 1 to 5000.');
  end if;
  if p_since < v_revision then
    select coalesce(json_agg(json_build_object('table', c.name, 'revision', c.revision, 'row', c.body) order by c.revision), '[]'),
           max(c.revision), count(*)
      into v_rows, v_upto, v_count
    from (
      select * from (
        (select 'otis_workflow_sessions' as name, t.revision, to_json(t) as body from public.otis_workflow_sessions t
          where t.id = p_session_id and t.revision > p_since)
        union all
        (select 'otis_progress_events', t.revision, to_json(t) from public.otis_progress_events t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'scraping_runs', t.revision, to_json(t) from public.scraping_runs t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'session_companies', t.revision, to_json(t) from public.session_companies t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'job_postings', t.revision, to_json(t) from public.job_postings t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'enrichment_batches', t.revision, to_json(t) from public.enrichment_batches t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'enrichment_status', t.revision, to_json(t) from public.enrichment_status t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'campaigns', t.revision, to_json(t) from public.campaigns t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
        union all
        (select 'campaign_leads', t.revision, to_json(t) from public.campaign_leads t
          where t.session_id = p_session_id and t.revision > p_since order by t.revision limit p_limit)
      ) every_table
      order by every_table.revision
      limit p_limit
    ) c;
  end if;
  v_more := v_count = p_limit and v_upto < v_revision;
  return json_build_object(
    'revision', v_revision,
    'upto', case when v_count = p_limit then v_upto else v_revision end,
    'more', v_more,
    'rows', v_rows,
    'ahead', case when p_since = 0 and v_more then public.session_first_rows(p_session_id) end,
    'flags', public.live_flags());
end $$;
comment on function public.session_changes(uuid, bigint, int) is
  'R3: {revision, upto, more, rows: [{table, revision, row}], ahead, flags}. Rows newer than p_since in revision order, each once at its latest state; after applying them the client''s cursor is upto. The first of several pages from 0 brings session_first_rows ahead of their turn; they come again at it. Raises session_not_found, stale_revision, invalid_limit.';
grant execute on function public.session_changes(uuid, bigint, int) to authenticated, service_role;

create function public.inbox_changes(p_since bigint default 0, p_limit int default 200)
returns json
language plpgsql
stable
set search_path = ''
as $$
declare
  v_revision bigint;
  v_rows json;
  v_upto bigint;
  v_count int;
begin
  if p_limit is null or p_limit not between 1 and 5000 then
    perform otis.refuse(400, 'invalid_limit', 'The limit is a number from 1 to 5000.');
  end if;
  select i.revision into v_revision from public.otis_inboxes i where i.owner_id = (select auth.uid());
  v_revision := coalesce(v_revision, 0);
  if p_since is null or p_since < 0 or p_since > v_revision then
    perform otis.refuse(409, 'stale_revision', 'The revision asked for was never given out; read from 0.');
  end if;
  select coalesce(json_agg(json_build_object('table', c.name, 'revision', c.revision, 'row', c.body) order by c.revision), '[]'),
         max(c.revision), count(*)
    into v_rows, v_upto, v_count
  from (
    select * from (
      (select 'otis_inboxes' as name, t.revision, to_json(t) as body from public.otis_inboxes t
        where t.owner_id = (select auth.uid()) and t.revision > p_since)
      union all
      (select 'notifications', t.revision, to_json(t) from public.notifications t
        where t.owner_id = (select auth.uid()) and t.revision > p_since order by t.revision limit p_limit)
    ) every_table
    order by every_table.revision
    limit p_limit
  ) c;
  return json_build_object(
    'revision', v_revision,
    'upto', case when v_count = p_limit then v_upto else v_revision end,
    'more', v_count = p_limit and v_upto < v_revision,
    'rows', v_rows,
    'flags', public.live_flags());
end $$;
comment on function public.inbox_changes(bigint, int) is 'session_changes for the caller''s inbox: its row and her notifications.';
grant execute on function public.inbox_changes(bigint, int) to authenticated, service_role;

create function public.session_snapshot(p_session_id uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  s public.otis_workflow_sessions;
  v_state text;
begin
  select * into s from public.otis_workflow_sessions t where t.id = p_session_id;
  if s.id is null then
    perform otis.refuse(404, 'session_not_found', 'There is no such session, or it is not yours.');
  end if;
  v_state := case
    when s.enrichment_total = 0 then 'idle'
    when s.enrichment_completed + s.enrichment_failed < s.enrichment_total then 'running'
    when s.enrichment_failed = s.enrichment_total then 'failed'
    else 'completed' end;
  return jsonb_build_object(
    'companiesCount', s.companies_count, 'jobsCount', s.jobs_count, 'enrichmentStatus', v_state,
    'lastUpdate', s.updated_at, 'hash', md5(s.id::text || ':' || s.revision), 'revision', s.revision,
    'status', s.status, 'stage', s.current_stage, 'selectedCount', s.selected_count,
    'runs', jsonb_build_object('total', s.runs_total, 'finished', s.runs_finished),
    'enrichment', jsonb_build_object('total', s.enrichment_total, 'completed', s.enrichment_completed, 'failed', s.enrichment_failed),
    'leads', jsonb_build_object('total', s.leads_total, 'sent', s.leads_sent));
end $$;
comment on function public.session_snapshot(uuid) is
  'The counters of a session. Equal hash means that nothing changed: every change is a revision, and the hash is over it.';
grant execute on function public.session_snapshot(uuid) to authenticated, service_role;
