-- R1–R6: every committed write of a live row takes the next revision of its scope, and the scope's row
-- closes each statement with the last one (the pulse).
--
-- How it stays cheap: the scope's row is locked once a transaction and read once; from then on the
-- next number comes from a transaction-local setting, so a row costs no update of its own. The
-- statement trigger writes the number back in one update, together with the counters.
-- Settings are transactional: a savepoint that is rolled back takes numbers and lock back with it.
--
-- Settings: otis.scope = the scope in hand ('s:' session or 'i:' inbox, and its id), otis.revision = its
-- newest number, otis.scope_owner = its owner, otis.parked = the other scopes of this transaction (jsonb).

create function otis.enter_scope(p_scope text)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_parked jsonb := coalesce(nullif(current_setting('otis.parked', true), '')::jsonb, '{}');
  v_current text := current_setting('otis.scope', true);
  v_id uuid := substr(p_scope, 3)::uuid;
  v_revision bigint;
  v_owner uuid;
begin
  if v_current = p_scope then
    return current_setting('otis.revision')::bigint;
  end if;
  if v_current <> '' then
    v_parked := v_parked || jsonb_build_object(v_current, jsonb_build_array(
      current_setting('otis.revision')::bigint, current_setting('otis.scope_owner')));
  end if;
  if v_parked ? p_scope then
    v_revision := v_parked -> p_scope ->> 0;
    v_owner := v_parked -> p_scope ->> 1;
    v_parked := v_parked - p_scope;
  elsif p_scope like 's:%' then
    select s.revision, s.owner_id into v_revision, v_owner
      from public.otis_workflow_sessions s where s.id = v_id for no key update;
  else
    insert into public.otis_inboxes (owner_id) values (v_id) on conflict do nothing;
    select i.revision, i.owner_id into v_revision, v_owner
      from public.otis_inboxes i where i.owner_id = v_id for no key update;
  end if;
  if v_revision is null then
    perform otis.refuse(404, 'session_not_found', 'There is no such session.');
  end if;
  perform set_config('otis.parked', v_parked::text, true);
  perform set_config('otis.scope_owner', v_owner::text, true);
  perform set_config('otis.revision', v_revision::text, true);
  perform set_config('otis.scope', p_scope, true);
  return v_revision;
end $$;
comment on function otis.enter_scope(text) is
  'Makes a scope the one in hand and returns its newest revision; the first time in a transaction it locks the scope''s row.';

create function otis.lock_sessions(p_sessions uuid[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parked jsonb := coalesce(nullif(current_setting('otis.parked', true), '')::jsonb, '{}');
  v_ids uuid[] := array(select distinct x from unnest(p_sessions) x
    where x is not null and not v_parked ? ('s:' || x) and 's:' || x is distinct from current_setting('otis.scope', true) order by x);
  v_locked jsonb;
begin
  if cardinality(v_ids) = 1 then
    perform otis.enter_scope('s:' || v_ids[1]);
  elsif cardinality(v_ids) > 1 then
    select jsonb_object_agg('s:' || x.id, jsonb_build_array(x.revision, x.owner_id)) into v_locked from (
      select s.id, s.revision, s.owner_id from public.otis_workflow_sessions s
      where s.id = any (v_ids) order by s.id for no key update) x;
    if (select count(*) from jsonb_object_keys(v_locked)) is distinct from cardinality(v_ids)::bigint then
      perform otis.refuse(404, 'session_not_found', 'There is no such session.');
    end if;
    perform set_config('otis.parked', (v_parked || v_locked)::text, true);
  end if;
end $$;
comment on function otis.lock_sessions(uuid[]) is
  'R6: locks scopes in id order. Whoever writes live rows calls it first, before it touches any of them.';

create function otis.stamp_revision()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- One expression, without a query: this runs for each row there is.
  new.revision := set_config('otis.revision', (1 + case
    when current_setting('otis.scope', true) = 's:' || new.session_id then current_setting('otis.revision')::bigint
    else otis.enter_scope('s:' || new.session_id) end)::text, true);
  if tg_op = 'INSERT' then
    new.owner_id := current_setting('otis.scope_owner');
  end if;
  return new;
end $$;
comment on function otis.stamp_revision() is
  'Row trigger of a live table: the next revision of its session, and the session''s owner as the row''s (R1, R2).';

create function otis.stamp_inbox_revision()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_revision bigint := otis.enter_scope('i:' || new.owner_id::text) + 1;
begin
  perform set_config('otis.revision', v_revision::text, true);
  new.revision := v_revision;
  return new;
end $$;
comment on function otis.stamp_inbox_revision() is 'Row trigger of notifications: the next revision of the inbox.';

create function otis.stamp_session()
returns trigger
language plpgsql
security definer -- owners edit their session directly, and may not call the protocol themselves
set search_path = ''
as $$
begin
  -- A pulse brings its revision along; any other update of the row takes the next one here.
  if new.revision = old.revision then
    new.revision := otis.enter_scope('s:' || new.id::text) + 1;
    perform set_config('otis.revision', new.revision::text, true);
  end if;
  new.updated_at := now();
  return new;
end $$;
comment on function otis.stamp_session() is 'Row trigger of a session: an edit of the row itself is a revision like any other.';

create function otis.announce_session()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_notify('otis_progress', json_build_object(
    'table', coalesce(nullif(current_setting('otis.pulse_table', true), ''), tg_table_name),
    'action', coalesce(nullif(current_setting('otis.pulse_action', true), ''), tg_op),
    'scope', new.id, 'revision', new.revision)::text);
  return null;
end $$;
comment on function otis.announce_session() is
  'Tells listeners that a scope moved: table, action, scope and revision only, far below the 8,000 bytes of a payload.';

create function otis.pulse_session(p_session uuid, p_table text, p_action text, p_counters jsonb default '{}')
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_revision bigint := otis.enter_scope('s:' || p_session::text) + 1;
begin
  perform set_config('otis.revision', v_revision::text, true);
  perform set_config('otis.pulse_table', p_table, true);
  perform set_config('otis.pulse_action', p_action, true);
  update public.otis_workflow_sessions s set
    revision = v_revision,
    last_activity_at = now(),
    expires_at = now() + interval '30 days',
    companies_count = s.companies_count + coalesce((p_counters ->> 'companies_count')::int, 0),
    selected_count = s.selected_count + coalesce((p_counters ->> 'selected_count')::int, 0),
    jobs_count = s.jobs_count + coalesce((p_counters ->> 'jobs_count')::int, 0),
    runs_total = s.runs_total + coalesce((p_counters ->> 'runs_total')::int, 0),
    runs_finished = s.runs_finished + coalesce((p_counters ->> 'runs_finished')::int, 0),
    enrichment_total = s.enrichment_total + coalesce((p_counters ->> 'enrichment_total')::int, 0),
    enrichment_completed = s.enrichment_completed + coalesce((p_counters ->> 'enrichment_completed')::int, 0),
    enrichment_failed = s.enrichment_failed + coalesce((p_counters ->> 'enrichment_failed')::int, 0),
    leads_total = s.leads_total + coalesce((p_counters ->> 'leads_total')::int, 0),
    leads_sent = s.leads_sent + coalesce((p_counters ->> 'leads_sent')::int, 0)
  where s.id = p_session;
  perform set_config('otis.pulse_table', '', true);
  perform set_config('otis.pulse_action', '', true);
end $$;
comment on function otis.pulse_session(uuid, text, text, jsonb) is
  'The one update that closes a statement: last revision, counters (as differences), activity.';

create trigger a_stamp before update on public.otis_workflow_sessions
  for each row execute function otis.stamp_session();
create trigger announce after insert or update on public.otis_workflow_sessions
  for each row execute function otis.announce_session();
