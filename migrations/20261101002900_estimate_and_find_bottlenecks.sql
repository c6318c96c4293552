-- Q6: when it will be done, and what takes longer than usual. Reads only.
create function otis.run_seconds(p_run public.scraping_runs)
returns double precision
language sql
stable
set search_path = ''
as $$
  select case
    -- Its own pace, measured at the last progress: from a tenth on.
    when p_run.started_at is not null and p_run.items_total > 0 and p_run.items_done * 10 >= p_run.items_total and p_run.items_done > 0 then
      greatest(0, extract(epoch from p_run.updated_at - p_run.started_at) * p_run.items_total / p_run.items_done
        - extract(epoch from clock_timestamp() - p_run.started_at))
    else (
      select percentile_cont(0.5) within group (order by extract(epoch from x.finished_at - x.started_at)) from (
        select r.finished_at, r.started_at from public.scraping_runs r
        where r.source_kind = p_run.source_kind and r.status = 'completed' and r.started_at is not null
        order by r.finished_at desc limit 50) x)
      - coalesce(extract(epoch from clock_timestamp() - p_run.started_at), 0) end
$$;
comment on function otis.run_seconds(public.scraping_runs) is
  'Seconds a run still needs: by its own pace, else by what the last runs of its kind took anybody (below 0: it takes longer); null: there were none.';

create function otis.scraping_seconds(p_session uuid)
returns double precision
language sql
stable
set search_path = ''
as $$
  with open as (
    select count(*) as n, max(s.seconds) as longest, sum(greatest(0, coalesce(s.seconds, 30))) as together, min(r.created_at) as since
    from public.scraping_runs r cross join lateral otis.run_seconds(r) s (seconds)
    where r.session_id = p_session and r.status in ('queued', 'running')
  ), ended as (
    select count(*) filter (where r.finished_at is not null) as n, extract(epoch from clock_timestamp() - min(r.started_at)) as elapsed
    from open o join public.scraping_runs r on r.session_id = p_session and r.created_at >= o.since and r.started_at is not null
  )
  -- Side by side: no sooner than the longest, nor than all of them at the pace so far; before there is one, 16 at a time.
  select case when o.n > 0 then greatest(0, o.longest, case when e.n >= 3 then o.n * e.elapsed / e.n else o.together / least(16, o.n) end) end
  from open o, ended e
$$;
comment on function otis.scraping_seconds(uuid) is
  'Seconds until the runs of a session are done, counting 30 s for a run of which nothing is known; null: none is under way.';

create function otis.batch_seconds(p_batch public.enrichment_batches)
returns double precision
language sql
stable
set search_path = ''
as $$
  with latest as (
    -- The last 50 that ended, so that an earlier pause does not count.
    select e.started_at, e.finished_at, extract(epoch from e.finished_at - e.started_at) as took from public.enrichment_status e
    where e.batch_id = p_batch.id and e.finished_at is not null order by e.finished_at desc limit 50
  ), pace as (
    select count(*) as n,
      -- The first to end are the quickest of those that began together: until 50 have ended, from the first start on.
      case when count(*) < 50 then extract(epoch from max(x.finished_at) - min(x.started_at)) / count(*)
        else extract(epoch from max(x.finished_at) - min(x.finished_at)) / 49 end as seconds,
      -- All is done with the slowest of the last ones, not with their average.
      percentile_cont(0.9) within group (order by x.took) - avg(x.took) as longer
    from latest x
  ), open as (
    select p_batch.total - p_batch.completed - p_batch.failed as n
  )
  select case when p.n >= 3 and p.seconds > 0 then o.n * p.seconds + greatest(0, p.longer)
    else (public.forecast_work(jsonb_build_array(jsonb_build_object('kind', 'enrich',
      'provider', coalesce(p_batch.providers -> 0 ->> 'provider', 'website'), 'count', o.n))) ->> 'seconds')::double precision end
  from pace p, open o
$$;
comment on function otis.batch_seconds(public.enrichment_batches) is 'Seconds a batch still needs: by its own pace, before there is one as it was forecast.';

create function public.eta(p_session_id uuid)
returns jsonb
language plpgsql
stable
security definer -- reads the queue and the timings; ownership is checked
set search_path = ''
as $$
declare
  v_session public.otis_workflow_sessions := otis.own_read(p_session_id);
  v_scraping double precision;
  v_enrichment double precision;
  v_campaigns double precision;
begin
  v_scraping := otis.scraping_seconds(p_session_id);
  select sum(otis.batch_seconds(b)) into v_enrichment from public.enrichment_batches b
  where b.session_id = p_session_id and b.status in ('queued', 'running');
  select sum(ceil((c.leads_total - c.leads_ready - c.leads_sent - c.leads_failed) / 100.0)
    * coalesce(otis.usual_ms(w.kind, w.provider), 2000) / 1000) into v_campaigns
  from public.campaigns c join otis.work_items w on w.subject_id = c.id and w.finished_at is null
  where c.session_id = p_session_id and c.status in ('preparing', 'pushing');
  return jsonb_build_object(
    'eta_seconds', case when v_session.status = 'active' then ceil(greatest(v_scraping, v_enrichment, v_campaigns)) end,
    'scraping', ceil(v_scraping), 'enrichment', ceil(v_enrichment), 'campaigns', ceil(v_campaigns));
end $$;
comment on function public.eta(uuid) is
  '→ {eta_seconds, scraping, enrichment, campaigns}: seconds until what runs is done; null where nothing does. Raises session_not_found.';
grant execute on function public.eta(uuid) to authenticated, service_role;

create function public.bottlenecks(p_session_id uuid)
returns jsonb
language plpgsql
stable
security definer -- reads the queue and the timings; ownership is checked
set search_path = ''
as $$
declare
  v_session public.otis_workflow_sessions := otis.own_read(p_session_id);
begin
  return (
    with recent as (
      select t.kind, t.provider, 1000 * date_part('epoch', t.finished_at - s.started_at) as took_ms, t.result
      from otis.work_timings t cross join lateral unnest(t.started_at) s (started_at)
      where t.session_id = p_session_id and t.finished_at > now() - interval '1 hour' order by t.finished_at desc limit 200
    ), pace as (
      select r.kind, r.provider, count(*) as n, count(*) filter (where r.result in ('retry', 'failed')) as bad,
        percentile_cont(0.5) within group (order by r.took_ms) as ms
      from recent r group by 1, 2
    ), waiting as (
      select w.kind, w.provider, count(*) as n, extract(epoch from now() - min(w.run_after)) as seconds from otis.work_items w
      where w.session_id = p_session_id and w.state = 'ready' and not w.held and w.run_after < now() and v_session.status = 'active'
      group by 1, 2
    ), found as (
      select 'slow' as kind, p.ms / u.ms >= 4 as critical,
        format('%s at %s takes %s times as long as usual (%s ms)', p.kind, p.provider, round((p.ms / u.ms)::numeric, 1), round(p.ms)) as message
      from pace p cross join lateral (select otis.usual_ms(p.kind, p.provider) as ms) u
      where p.n >= 5 and u.ms > 0 and p.ms >= 2 * u.ms and p.ms > 500
      union all
      select 'failing', p.bad = p.n, format('%s of the last %s steps of %s at %s failed', p.bad, p.n, p.kind, p.provider)
      from pace p where p.n >= 5 and p.bad * 2 >= p.n
      union all
      select 'waiting', w.seconds > 120, format('%s steps of %s at %s wait, the first for %s s', w.n, w.kind, w.provider, round(w.seconds))
      from waiting w where w.seconds > 30
      union all
      select 'provider_blocked', false, format('%s asked us to wait for another %s s', l.provider, ceil(extract(epoch from l.blocked_until - now())))
      from otis.provider_limits l where l.blocked_until > now() and l.provider in (select w.provider from waiting w)
    )
    select coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'severity', case when f.critical then 'critical' else 'warning' end,
      'message', f.message) order by f.critical desc, f.kind), '[]') from found f);
end $$;
comment on function public.bottlenecks(uuid) is
  '→ [{kind: slow failing waiting provider_blocked, severity, message}]: what takes at least twice its usual time, fails half the time, or waits over 30 s. Raises session_not_found.';
grant execute on function public.bottlenecks(uuid) to authenticated, service_role;
