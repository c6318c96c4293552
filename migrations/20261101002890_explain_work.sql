-- What the user asks about running work: why does it wait, when is it done, what holds it up. Reads only.
create function otis.own_read(p_session uuid)
returns public.otis_workflow_sessions
language plpgsql
stable
set search_path = ''
as $$
declare
  v_session public.otis_workflow_sessions;
begin
  select * into v_session from public.otis_workflow_sessions s where s.id = p_session and s.owner_id = auth.uid();
  if v_session.id is null then
    perform otis.refuse(404, 'session_not_found', 'There is no such session, or it is not yours.');
  end if;
  return v_session;
end $$;
comment on function otis.own_read(uuid) is 'The caller''s session, not locked. Raises session_not_found.';

create function public.why_waiting(p_target text, p_id uuid)
returns jsonb
language plpgsql
stable
security definer -- reads the queue; ownership is checked
set search_path = ''
as $$
declare
  v_target otis.work_target := otis.look_up_target(auth.uid(), p_target, p_id);
  v_item otis.work_items;
  v_limit otis.provider_limits;
  v_ahead int;
  v_reason text;
  v_until timestamptz;
  v_message text;
begin
  select * into v_item from otis.work_items w
  where w.session_id = v_target.session_id and w.finished_at is null
    and (v_target.group_id is null or w.group_id = v_target.group_id)
    and (v_target.subject_id is null or w.subject_id = v_target.subject_id)
  order by w.state = 'leased' desc, w.held, w.priority desc, w.run_after, w.seq limit 1;
  select * into v_limit from otis.provider_limits l where l.provider = v_item.provider;
  case
    when v_item.id is null then
      v_reason := 'nothing'; v_message := 'Nothing of it is waiting.';
    when v_item.state = 'leased' then
      v_reason := 'running'; v_message := 'It is being worked on.';
    when exists (select from public.otis_workflow_sessions s where s.id = v_target.session_id and s.status <> 'active') then
      v_reason := 'session_paused'; v_message := 'The session is not active: resume it.';
    when v_item.held then
      v_reason := 'paused'; v_message := 'It is paused: resume it.';
    when v_item.run_after > now() and v_item.error_code is not null then
      v_reason := 'backoff'; v_until := v_item.run_after;
      v_message := format('It failed and is tried again: %s', coalesce(nullif(v_item.error_message, ''), v_item.error_code));
    when v_item.run_after > now() then
      v_reason := 'scheduled'; v_until := v_item.run_after; v_message := 'It asked to be called again later.';
    when v_limit.blocked_until > now() then
      v_reason := 'provider_blocked'; v_until := v_limit.blocked_until; v_message := format('%s asked us to wait.', v_item.provider);
    when v_limit.max_concurrency <= (select count(*) from otis.work_items w where w.state = 'leased' and w.provider = v_item.provider) then
      v_reason := 'provider_busy'; v_message := format('As many requests to %s as allowed are under way.', v_item.provider);
    when otis.free_tokens(v_limit) < 1 then
      v_reason := 'rate_limited'; v_until := now() + make_interval(secs => (1 - otis.free_tokens(v_limit)) / v_limit.per_second);
      v_message := format('%s allows only so many requests a second.', v_item.provider);
    else
      select count(*) into v_ahead from (select from otis.work_items w
        where w.session_id = v_item.session_id and w.state = 'ready' and not w.held and w.run_after <= now()
          and (w.priority > v_item.priority or (w.priority = v_item.priority and (w.run_after, w.seq) < (v_item.run_after, v_item.seq)))
        limit 10001) x;
      v_reason := 'behind'; v_message := case v_ahead when 0 then 'It is next.' else format('It is behind %s others of this session.', v_ahead) end;
  end case;
  return jsonb_build_object('reason', v_reason, 'message', v_message, 'until', v_until);
end $$;
comment on function public.why_waiting(text, uuid) is
  '→ {reason: running nothing paused session_paused backoff scheduled provider_blocked provider_busy rate_limited behind, message, until}. Raises invalid_input, not_found.';
grant execute on function public.why_waiting(text, uuid) to authenticated, service_role;

create function otis.usual_ms(p_kind text, p_provider text)
returns double precision
language sql
stable
set search_path = ''
as $$
  select percentile_cont(0.5) within group (order by x.ms) from (
    select 1000 * date_part('epoch', t.finished_at - s.started_at) as ms from (
      select t.started_at, t.finished_at from otis.work_timings t
      where t.kind = p_kind and t.provider = p_provider and t.result in ('done', 'next')
      order by t.finished_at desc limit 200) t
    cross join lateral unnest(t.started_at) s (started_at) limit 200) x
$$;
comment on function otis.usual_ms(text, text) is 'Median time of the last 200 steps of a kind at a provider; null without any.';

create function public.forecast_work(p_work jsonb)
returns jsonb
language sql
stable
security definer -- reads the timings of all work; they name nobody
set search_path = ''
as $$
  select jsonb_build_object('seconds', coalesce(ceil(max(greatest(x.count * x.ms / 1000 / x.parallel, (x.count - x.burst) / x.per_second))), 0),
    'basis', case when bool_and(x.known) then 'history' else 'default' end)
  from (
    select w.count, coalesce(u.ms, case w.kind when 'scrape' then 4000 when 'enrich' then 8000 else 2000 end) as ms, u.ms is not null as known,
      coalesce(l.max_concurrency, 8) as parallel, coalesce(l.per_second, 100) as per_second, coalesce(l.capacity, 0) as burst
    from jsonb_to_recordset(case when jsonb_typeof(p_work) = 'array' and jsonb_array_length(p_work) <= 1000 then p_work else '[]' end)
      as w (kind text, provider text, count int)
    cross join lateral (select otis.usual_ms(w.kind, w.provider) as ms) u
    left join otis.provider_limits l on l.provider = w.provider
    where w.count > 0
  ) x
$$;
comment on function public.forecast_work(jsonb) is
  '[{kind, provider, count: steps}] → {seconds, basis}: the median of what such steps took, within what the vendors allow; careful defaults without history.';
grant execute on function public.forecast_work(jsonb) to authenticated, service_role;
