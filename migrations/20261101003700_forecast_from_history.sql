-- What work of a kind has taken before: the ground of every forecast.
create function public.source_seconds(p_session_id uuid, p_kinds text[])
returns jsonb
language plpgsql
stable
security definer -- history is every user's runs, of which only medians leave
set search_path = ''
as $$
begin
  if not exists (select from public.otis_workflow_sessions s where s.id = p_session_id and s.owner_id = auth.uid()) then
    perform otis.refuse(404, 'session_not_found', 'There is no such session, or it is not yours.');
  end if;
  return coalesce((
    select jsonb_object_agg(k.kind, k.seconds) from (
      select r.source_kind as kind, round(percentile_cont(0.5) within group (
        order by extract(epoch from r.finished_at - r.started_at))::numeric, 1) as seconds
      from public.scraping_runs r
      where r.source_kind = any (p_kinds) and r.status = 'completed' and r.outcome = 'found'
        and r.finished_at > now() - interval '30 days' and r.started_at is not null
      group by r.source_kind having count(*) >= 3
    ) k), '{}');
end $$;
comment on function public.source_seconds(uuid, text[]) is
  'Median seconds of a run by source kind over the last 30 days, {"kind": seconds}; kinds with fewer than 3 runs are left out. Raises session_not_found.';
grant execute on function public.source_seconds(uuid, text[]) to authenticated, service_role;
create index scraping_runs_history on public.scraping_runs (source_kind, finished_at) where status = 'completed';
