-- Q3: a step that failed, or whose worker was lost. It is tried again later, or its subject shows the error.

create function otis.backoff(p_attempts int, p_retry_after double precision)
returns interval
language sql
volatile
set search_path = ''
as $$
  select make_interval(secs => least(greatest(coalesce(p_retry_after, 0), 0), 86400)
    + random() * least(300, 2 ^ least(p_attempts, 10)))
$$;
comment on function otis.backoff(int, double precision) is
  'How long to wait after that many attempts: full jitter over 2, 4, 8 … 300 s, on top of what the vendor asked for (at most a day).';

create function otis.fail_items(p_failures jsonb)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  with failed as (
    update otis.work_items w set
      state = case when x.final then 'failed' else 'ready' end,
      run_after = case when x.final then w.run_after else now() + otis.backoff(w.attempts, x.retry_after_seconds) end,
      error_code = left(coalesce(nullif(x.code, ''), 'failed'), 60), error_message = otis.clip(coalesce(x.message, ''), 400),
      leased_by = null, leased_until = null, finished_at = case when x.final then now() end
    from (
      select f.*, i.run_after as due, coalesce(f.permanent, false) or i.attempts >= i.max_attempts as final
      from jsonb_to_recordset(p_failures) as f (id uuid, code text, message text, retry_after_seconds double precision, permanent boolean)
      join otis.work_items i on i.id = f.id
    ) x
    where w.id = x.id and w.state = 'leased'
    returning w.*, x.due
  ), timed as (
    insert into otis.work_timings (kind, provider, session_id, result, due_at, started_at)
    select f.kind, f.provider, f.session_id, case f.state when 'failed' then 'failed' else 'retry' end, array_agg(f.due), array_agg(f.leased_at)
    from failed f group by 1, 2, 3, 4
  )
  select array_agg(f.id order by f.id) into v_ids from failed f;
  if v_ids is null then
    return '{}';
  end if;
  -- A vendor that says "not before" says it to all workers, unless only one customer's host said it.
  update otis.provider_limits l set blocked_until = greatest(l.blocked_until, now() + make_interval(secs => least(x.seconds, 3600)))
  from (
    select w.provider, max(f.retry_after_seconds) as seconds
    from jsonb_to_recordset(p_failures) as f (id uuid, code text, retry_after_seconds double precision)
    join otis.work_items w on w.id = f.id
    where w.id = any (v_ids) and f.code = 'rate_limited' and f.retry_after_seconds > 0 group by 1) x
  where l.provider = x.provider and l.one_host;
  perform otis.show_failures(v_ids);
  perform otis.settle_groups(array(
    select distinct w.group_id from otis.work_items w where w.id = any (v_ids) and w.state = 'failed' and w.kind <> 'noop'));
  return v_ids;
end $$;
comment on function otis.fail_items(jsonb) is
  'Of leased items whose scopes are locked: back to ready after a pause, or failed for good. [{id, code, message, retry_after_seconds?, permanent?}]';

create function otis.show_failures(p_ids uuid[])
returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.scraping_runs r set
    errors_count = r.errors_count + 1,
    status = case w.state when 'failed' then 'failed' else 'queued' end,
    outcome = case w.state when 'failed' then 'failed' end,
    error_code = case w.state when 'failed' then w.error_code end,
    error_message = case w.state when 'failed' then w.error_message end,
    finished_at = case w.state when 'failed' then now() end
  from otis.work_items w
  where w.id = any (p_ids) and w.kind = 'scrape' and r.id = w.subject_id and r.status in ('queued', 'running');
  update public.enrichment_status e set
    status = case w.state when 'failed' then 'failed' else 'queued' end,
    attempts = w.attempts,
    error_code = case w.state when 'failed' then w.error_code end,
    error_message = case w.state when 'failed' then w.error_message end,
    finished_at = case w.state when 'failed' then now() end
  from otis.work_items w
  where w.id = any (p_ids) and w.kind = 'enrich' and e.id = w.subject_id and e.status in ('queued', 'running');
  update public.campaigns c set
    status = case when c.status in ('preparing', 'pushing') then 'failed' else c.status end,
    error_code = w.error_code, error_message = w.error_message
  from otis.work_items w
  where w.id = any (p_ids) and w.state = 'failed' and c.id = w.subject_id
    and w.kind in ('import', 'personalise', 'push', 'activate', 'analytics');
  insert into public.otis_progress_events (session_id, level, event_type, message, event_data)
  select w.session_id, case w.state when 'failed' then 'error' else 'warning' end, w.kind,
    otis.clip(case w.state when 'failed' then w.error_message
      else format('%s Trying again in %s s.', w.error_message, ceil(extract(epoch from w.run_after - now()))) end, 600),
    jsonb_build_object('subject_id', w.subject_id, 'code', w.error_code)
  from otis.work_items w
  where w.id = any (p_ids) and w.kind not in ('noop', 'enrich')
  order by w.session_id, w.seq;
end $$;
comment on function otis.show_failures(uuid[]) is 'What the user sees of failed items: her run, company or campaign, and the log. Companies of a batch carry their error themselves.';

create function otis.fail_work(p_worker text, p_failures jsonb)
returns uuid[]
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[] := otis.ids_of(p_failures);
begin
  perform otis.lock_scopes_of(v_ids);
  v_ids := array(select h.id from otis.held_items(p_worker, p_failures) h);
  return otis.fail_items((
    select coalesce(jsonb_agg(x.e), '[]')
    from (select distinct on (f.e ->> 'id') f.e from jsonb_array_elements(p_failures) f (e)) x
    where otis.try_uuid(x.e ->> 'id') = any (v_ids)));
end $$;
comment on function otis.fail_work(text, jsonb) is
  'Q3. [{id, lease, code, message, retry_after_seconds?, permanent?}] → the ids accepted. Code rate_limited with retry_after_seconds holds back the whole vendor.';

create function otis.give_up_lost(p_ids uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_sessions uuid[];
begin
  -- The claim holds these items already, so it must not wait for their sessions: those that are busy come another time.
  select array_agg(x.id) into v_sessions from (
    select s.id from public.otis_workflow_sessions s
    where s.id in (select w.session_id from otis.work_items w where w.id = any (p_ids) and w.attempts >= w.max_attempts)
    for no key update skip locked) x;
  perform otis.fail_items((
    select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'code', 'worker_lost', 'permanent', true,
      'message', 'The work was given up: it ended with its worker several times.')), '[]')
    from otis.work_items w
    where w.id = any (p_ids) and w.attempts >= w.max_attempts and w.state = 'leased' and w.session_id = any (v_sessions)));
end $$;
comment on function otis.give_up_lost(uuid[]) is
  'Of items a claim found: those that have lost every worker so far are not given another one; they have failed.';
