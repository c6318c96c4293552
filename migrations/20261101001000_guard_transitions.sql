-- State machines as data: which status may follow which. '' stands for "does not exist yet".
create table otis.transitions (
  entity text not null,
  from_status text not null,
  to_status text not null,
  primary key (entity, from_status, to_status)
);
comment on table otis.transitions is 'The allowed transitions of every lifecycle; anything else raises invalid_transition.';
alter table otis.transitions enable row level security;

insert into otis.transitions (entity, from_status, to_status)
select m.entity, m.from_status, t.to_status
from (values
  ('otis_workflow_sessions', '', 'active'),
  ('otis_workflow_sessions', 'active', 'paused completed cancelled expired'),
  ('otis_workflow_sessions', 'paused', 'active completed cancelled expired'),
  ('otis_workflow_sessions', 'completed', 'active'),
  ('otis_workflow_sessions', 'cancelled', 'active'),
  ('otis_workflow_sessions', 'expired', 'active'),
  ('scraping_runs', '', 'queued'),
  ('scraping_runs', 'queued', 'running paused completed failed cancelled'),
  ('scraping_runs', 'running', 'queued paused completed failed cancelled'),
  ('scraping_runs', 'paused', 'queued running cancelled'),
  ('scraping_runs', 'failed', 'queued'),
  ('scraping_runs', 'cancelled', 'queued'),
  ('enrichment_batches', '', 'queued'),
  ('enrichment_batches', 'queued', 'running paused completed failed cancelled'),
  ('enrichment_batches', 'running', 'queued paused completed failed cancelled'),
  ('enrichment_batches', 'paused', 'queued running cancelled'),
  ('enrichment_batches', 'completed', 'queued'),
  ('enrichment_batches', 'failed', 'queued'),
  ('enrichment_batches', 'cancelled', 'queued'),
  ('enrichment_status', '', 'queued'),
  ('enrichment_status', 'queued', 'running completed failed cancelled'),
  ('enrichment_status', 'running', 'queued completed failed cancelled'),
  ('enrichment_status', 'completed', 'queued'),
  ('enrichment_status', 'failed', 'queued'),
  ('enrichment_status', 'cancelled', 'queued'),
  ('campaigns', '', 'draft'),
  ('campaigns', 'draft', 'preparing ready pushing completed cancelled'),
  ('campaigns', 'preparing', 'draft ready failed cancelled paused'),
  ('campaigns', 'ready', 'draft preparing pushing active completed cancelled'),
  ('campaigns', 'pushing', 'ready active paused failed cancelled completed'),
  ('campaigns', 'active', 'paused completed cancelled pushing'),
  ('campaigns', 'paused', 'preparing pushing active cancelled'),
  ('campaigns', 'failed', 'draft preparing pushing ready completed cancelled'),
  ('campaigns', 'completed', 'ready preparing pushing'),
  ('campaigns', 'cancelled', 'draft preparing pushing ready'),
  ('campaign_leads', '', 'pending suppressed skipped'),
  ('campaign_leads', 'pending', 'personalising ready suppressed skipped failed'),
  ('campaign_leads', 'personalising', 'pending ready suppressed skipped failed'),
  ('campaign_leads', 'ready', 'pending personalising pushing sent suppressed skipped failed'),
  ('campaign_leads', 'pushing', 'ready sent suppressed skipped failed'),
  ('campaign_leads', 'sent', 'replied bounced unsubscribed suppressed'),
  ('campaign_leads', 'replied', 'unsubscribed suppressed'),
  ('campaign_leads', 'bounced', 'suppressed'),
  ('campaign_leads', 'unsubscribed', 'suppressed'),
  ('campaign_leads', 'skipped', 'pending suppressed'),
  ('campaign_leads', 'failed', 'pending ready suppressed skipped')
) m (entity, from_status, to_statuses)
cross join lateral regexp_split_to_table(m.to_statuses, ' ') as t (to_status);

create function otis.guard_transition()
returns trigger
language plpgsql
security definer -- owners create sessions directly, and may not read the private schema
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'INSERT' then '' else old.status end;
begin
  if not exists (
    select from otis.transitions t
    where t.entity = tg_table_name and t.from_status = v_from and t.to_status = new.status
  ) then
    perform otis.refuse(409, 'invalid_transition',
      format('%s cannot go from %s to %s.', tg_table_name, coalesce(nullif(v_from, ''), 'nothing'), new.status));
  end if;
  return new;
end $$;
comment on function otis.guard_transition() is 'Row trigger: refuses a change of status that otis.transitions does not name.';

do $$
declare
  v_table text;
begin
  for v_table in select distinct t.entity from otis.transitions t loop
    execute format('create trigger guard_insert before insert on public.%I for each row execute function otis.guard_transition()', v_table);
    execute format('create trigger guard_update before update of status on public.%I for each row when (old.status is distinct from new.status) execute function otis.guard_transition()', v_table);
  end loop;
end $$;
