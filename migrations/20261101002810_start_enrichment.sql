-- Companies become a batch, its statuses and their work items.
create function otis.enqueue_enrichment(p_statuses uuid[])
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_count int;
begin
  insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider, priority)
  select 'enrich', e.owner_id, e.session_id, e.batch_id, e.id, coalesce(b.providers -> 0 ->> 'provider', 'website'), b.priority
  from public.enrichment_status e join public.enrichment_batches b on b.id = e.batch_id
  where e.id = any (p_statuses)
    and not exists (select from otis.work_items w where w.kind = 'enrich' and w.subject_id = e.id and w.finished_at is null)
  order by e.revision;
  get diagnostics v_count = row_count;
  perform otis.wake_workers();
  return v_count;
end $$;
comment on function otis.enqueue_enrichment(uuid[]) is 'An item for each status that has no active one.';

create function otis.check_waterfall(p_providers jsonb)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if jsonb_typeof(p_providers) is distinct from 'array' or jsonb_array_length(p_providers) not between 1 and 10
     or octet_length(p_providers::text) > 1200 then
    perform otis.refuse(400, 'invalid_input', 'Name 1 to 10 providers. Nothing was started.');
  end if;
  if exists (
    select from jsonb_array_elements(p_providers) x (e)
    where coalesce(x.e ->> 'provider', '') not in ('website', 'apollo')
      or coalesce(x.e ->> 'when', 'always') not in ('always', 'no_email', 'no_phone', 'no_person')
      or (x.e ? 'max_cost' and coalesce(otis.try_money(x.e ->> 'max_cost'), -1) < 0)) then
    perform otis.refuse(400, 'invalid_input', 'A provider is website or apollo, with a known condition and a cost of at least 0. Nothing was started.');
  end if;
end $$;
comment on function otis.check_waterfall(jsonb) is 'Refuses a list of providers that is none: [{provider, when?, max_cost?}]. Raises invalid_input.';

create function public.start_enrichment(p_session_id uuid, p_company_ids uuid[] default null,
  p_providers jsonb default '[{"provider": "website", "when": "always"}]', p_cost_ceiling numeric default 0)
returns jsonb
language plpgsql
security definer -- writes the queue and live rows, which no client may; ownership is checked
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('start_enrichment', p_session_id, jsonb_build_object('companies', cardinality(p_company_ids)));
  v_companies uuid[];
  v_batch uuid;
  v_statuses uuid[];
begin
  if cardinality(p_company_ids) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 companies in one batch. Nothing was started.');
  elsif p_cost_ceiling is null or p_cost_ceiling not between 0 and 1000000 then
    perform otis.refuse(400, 'invalid_input', 'The ceiling is a number of credits from 0 to 1,000,000. Nothing was started.');
  end if;
  perform otis.check_waterfall(p_providers);
  perform otis.own_session(v_owner, p_session_id);
  -- Without a list: what is selected.
  v_companies := array(
    select s.company_id from public.session_companies s
    where s.session_id = p_session_id and s.status = 'active'
      and case when p_company_ids is null then s.selected else s.company_id = any (p_company_ids) end
    order by s.revision);
  if v_companies = '{}' and p_company_ids is null then
    perform otis.refuse(409, 'stage_not_ready', 'Select at least one company first. Nothing was started.');
  elsif p_company_ids is not null and cardinality(v_companies) <> (select count(distinct x) from unnest(p_company_ids) x) then
    perform otis.refuse(404, 'not_found', 'Some of these companies are not in this session. Nothing was started.');
  elsif cardinality(v_companies) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 companies in one batch: select fewer. Nothing was started.');
  end if;
  v_companies := array(
    select c from unnest(v_companies) with ordinality x (c, n)
    where not exists (select from public.enrichment_status e
      where e.session_id = p_session_id and e.company_id = c and e.status in ('queued', 'running'))
    order by n);
  if v_companies = '{}' then
    perform otis.refuse(409, 'already_running', 'These companies are being enriched already. Nothing was started.');
  end if;
  insert into public.enrichment_batches (session_id, providers, cost_ceiling) values (p_session_id, p_providers, p_cost_ceiling)
    returning id into v_batch;
  with added as (
    insert into public.enrichment_status (session_id, batch_id, company_id)
    select p_session_id, v_batch, c from unnest(v_companies) with ordinality x (c, n) order by n
    returning id
  )
  select array_agg(a.id) into v_statuses from added a;
  perform otis.enqueue_enrichment(v_statuses);
  update public.otis_workflow_sessions s set current_stage = 'enrichment' where s.id = p_session_id and s.current_stage = 'scraping';
  return jsonb_build_object('batch_id', v_batch, 'companies', cardinality(v_statuses), 'revision', otis.enter_scope('s:' || p_session_id));
end $$;
comment on function public.start_enrichment(uuid, uuid[], jsonb, numeric) is
  'A batch over the given, else the selected companies → {batch_id, companies, revision}. Raises stage_not_ready, too_many, not_found, already_running, invalid_input, session_not_found, invalid_transition.';
grant execute on function public.start_enrichment(uuid, uuid[], jsonb, numeric) to authenticated, service_role;
