-- What ends by itself: old sessions, logs, timings, uploads, personal data past its date. And the right to be forgotten.
create function otis.expire_sessions(p_limit int default 500)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_ids uuid[];
begin
  select array_agg(x.id) into v_ids from (
    select s.id from public.otis_workflow_sessions s
    where s.expires_at < now() and s.status in ('active', 'paused')
    order by s.id limit p_limit for no key update skip locked) x;
  if v_ids is null then
    return 0;
  end if;
  perform otis.lock_sessions(v_ids);
  update public.otis_workflow_sessions s set status = 'expired' where s.id = any (v_ids);
  return cardinality(v_ids);
end $$;
comment on function otis.expire_sessions(int) is 'Sessions without activity for 30 days become expired; their rows stay.';

create function otis.forget_old(p_limit int default 5000)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_done jsonb := '{}';
  v_count int;
begin
  -- Each step deletes a bounded piece, so that no tick holds locks for long.
  delete from otis.idempotency_keys k where k.ctid in (
    select x.ctid from otis.idempotency_keys x where x.created_at < now() - interval '24 hours' limit p_limit);
  get diagnostics v_count = row_count;
  v_done := v_done || jsonb_build_object('idempotency_keys', v_count);
  delete from public.client_metrics m where m.id in (
    select x.id from public.client_metrics x where x.created_at < now() - interval '14 days' limit p_limit);
  get diagnostics v_count = row_count;
  v_done := v_done || jsonb_build_object('client_metrics', v_count);
  delete from public.uploads u where u.id in (
    select x.id from public.uploads x where x.created_at < now() - interval '7 days' limit 50);
  get diagnostics v_count = row_count;
  v_done := v_done || jsonb_build_object('uploads', v_count);
  delete from public.contacts c where c.id in (
    select x.id from public.contacts x where x.retain_until < now() limit p_limit);
  get diagnostics v_count = row_count;
  v_done := v_done || jsonb_build_object('contacts', v_count);
  delete from otis.work_timings t where t.ctid in (
    select x.ctid from otis.work_timings x where x.finished_at < now() - interval '30 days' limit p_limit);
  get diagnostics v_count = row_count;
  v_done := v_done || jsonb_build_object('work_timings', v_count);
  delete from otis.work_items w where w.id in (
    select x.id from otis.work_items x
    where x.state in ('done', 'cancelled') and x.finished_at < now() - interval '3 days' limit p_limit);
  get diagnostics v_count = row_count;
  v_done := v_done || jsonb_build_object('work_items', v_count);
  -- R4 lets go of the log once its session has ended.
  perform set_config('otis.retention', 'on', true);
  delete from public.otis_progress_events e where e.id in (
    select x.id from public.otis_progress_events x
      join public.otis_workflow_sessions s on s.id = x.session_id
    where x.created_at < now() - interval '90 days' and s.status in ('completed', 'cancelled', 'expired') limit p_limit);
  get diagnostics v_count = row_count;
  perform set_config('otis.retention', '', true);
  return v_done || jsonb_build_object('events', v_count);
end $$;
comment on function otis.forget_old(int) is
  'Deletes what is past its date: keys 24 h, metrics 14 d, uploads 7 d, contacts at retain_until, timings 30 d, ended items 3 d, events of ended sessions 90 d.';
