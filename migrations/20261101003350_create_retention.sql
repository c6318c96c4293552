-- What ends by itself: old sessions, logs, timings, uploads, personal data past its date.
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

create function otis.empty_leads(p_leads uuid[], p_code text, p_message text)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_count int;
begin
  update public.campaign_leads l set
    email = null, full_name = null, personal_line = null, variables = '{}', contact_id = null,
    status = case when l.status in ('sent', 'replied', 'bounced', 'unsubscribed') then l.status else 'suppressed' end,
    error_code = p_code, error_message = p_message
  where l.id = any (p_leads);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
comment on function otis.empty_leads(uuid[], text, text) is
  'Takes the person out of leads; what has happened stays for the counts, and whoever a vendor has is taken out there. Needs their sessions locked.';

-- Of an imported list there is no contact with a date of its own: what it says of people is kept as long as a contact is.
create index campaign_leads_imported on public.campaign_leads (created_at) where contact_id is null
  and (email is not null or full_name is not null or personal_line is not null or variables <> '{}');

create function otis.imported_leads_past(p_limit int, p_owner uuid default null)
returns table (id uuid, owner_id uuid)
language sql
stable
set search_path = ''
as $$
  select l.id, l.owner_id from public.campaign_leads l
  where l.contact_id is null and (l.email is not null or l.full_name is not null or l.personal_line is not null or l.variables <> '{}')
    and l.created_at < now() - interval '1 year' and (p_owner is null or l.owner_id = p_owner)
  order by l.created_at limit p_limit
$$;
comment on function otis.imported_leads_past(int, uuid) is
  'Leads that were imported a year ago and still say something of a person, the oldest first. They leave this list by empty_leads.';

create function otis.forget_people(p_limit int default 5000)
returns int
language plpgsql
set search_path = ''
as $$
declare
  -- One owner a transaction: her lock comes before those of her sessions, and no other owner's after them (R6).
  v_owner uuid := coalesce((select c.owner_id from public.contacts c where c.retain_until < now() order by c.retain_until limit 1),
    (select l.owner_id from otis.imported_leads_past(1) l));
  v_contacts uuid[];
  v_companies uuid[];
  v_imported uuid[];
begin
  if v_owner is null then
    return 0;
  end if;
  perform otis.lock_owners(array[v_owner]);
  perform otis.lock_sessions(array(select s.id from public.otis_workflow_sessions s where s.owner_id = v_owner));
  select coalesce(array_agg(x.id), '{}'), coalesce(array_agg(distinct x.company_id), '{}') into v_contacts, v_companies from (
    select c.id, c.company_id from public.contacts c
    where c.owner_id = v_owner and c.retain_until < now() limit p_limit for update) x;
  v_imported := array(select l.id from otis.imported_leads_past(p_limit, v_owner) l);
  perform otis.empty_leads(v_imported || array(select l.id from public.campaign_leads l where l.contact_id = any (v_contacts)),
    'forgotten', 'What was known of this person was past its date.');
  delete from public.contacts c where c.id = any (v_contacts);
  perform otis.refresh_copies(v_companies);
  return cardinality(v_contacts) + cardinality(v_imported);
end $$;
comment on function otis.forget_people(int) is
  'Of one owner a call: deletes contacts past retain_until, and empties the leads made of them and those imported a year ago. How many people.';

create table otis.retention (
  table_name regclass not null,
  past text not null,
  primary key (table_name, past)
);
comment on table otis.retention is 'What is deleted when it is old: a table, and the condition on its rows. Operators may change the ages.';
alter table otis.retention enable row level security;
insert into otis.retention (table_name, past) values
  ('otis.idempotency_keys', 'created_at < now() - interval ''24 hours'''),
  ('public.client_metrics', 'created_at < now() - interval ''14 days'''),
  ('public.uploads', 'created_at < now() - interval ''7 days'''),
  ('otis.webhook_deliveries', 'received_at < now() - interval ''7 days'''),
  ('otis.purchases', 'state = ''bought'' and expires_at < now()'),
  ('otis.work_timings', 'finished_at < now() - interval ''30 days'''),
  ('otis.work_items', 'state in (''done'', ''cancelled'') and finished_at < now() - interval ''3 days'''),
  ('otis.work_items', 'state = ''failed'' and finished_at < now() - interval ''90 days'''),
  ('public.otis_progress_events', 'created_at < now() - interval ''90 days'' and session_id in (
    select s.id from public.otis_workflow_sessions s where s.status in (''completed'', ''cancelled'', ''expired''))');

create function otis.forget_old(p_limit int default 5000)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_rule otis.retention;
  v_done jsonb := '{}';
  v_count int;
begin
  -- R4 lets go of the log once its session has ended.
  perform set_config('otis.retention', 'on', true);
  for v_rule in select * from otis.retention r order by r.table_name::text, r.past loop
    -- A bounded piece of each, so that no call holds locks for long.
    execute format('delete from %1$s t where t.ctid = any (array(select x.ctid from %1$s x where %2$s limit %3$s))',
      v_rule.table_name, v_rule.past, p_limit);
    get diagnostics v_count = row_count;
    v_done := v_done || jsonb_build_object(v_rule.table_name::text, v_count + coalesce((v_done ->> v_rule.table_name::text)::int, 0));
  end loop;
  perform set_config('otis.retention', '', true);
  return v_done;
end $$;
comment on function otis.forget_old(int) is 'Deletes what otis.retention says is old, at most p_limit rows a rule → {table: rows}.';

create function otis.keep_house()
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  -- In this order: an owner's lock comes before any session's.
  v_done jsonb := jsonb_build_object('people', otis.forget_people());
begin
  v_done := v_done || jsonb_build_object('expired_sessions', otis.expire_sessions()) || otis.forget_old();
  if to_regclass('cron.job_run_details') is not null then
    execute 'delete from cron.job_run_details d where d.end_time < now() - interval ''1 day''';
  end if;
  return v_done;
end $$;
comment on function otis.keep_house() is 'What has to be done now and then, by pg_cron or the embedded scheduler every ten minutes → {what: rows}.';

do $$
begin
  if exists (select from pg_extension e where e.extname = 'pg_cron') then
    perform cron.schedule('otis-forgetting', '* * * * *', 'select otis.forget_people()');
    perform cron.schedule('otis-housekeeping', '*/10 * * * *', 'select otis.keep_house()');
  end if;
end $$;
