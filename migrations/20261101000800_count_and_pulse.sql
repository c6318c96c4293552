-- Counters and pulses, as data: two statement triggers whose arguments say what is counted.
-- Both work on the transition tables, so a statement of 10,000 rows costs a few aggregates and one update
-- a parent. Parents are counted before the pulse, so that they belong to the same checkpoint.
-- The queries are dynamic since an insert has no old rows: there an empty set of the same shape stands in.

create function otis.counted_rows(p_op text, p_keys text, p_pairs text[])
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_new text := p_keys;
  v_old text := p_keys;
  v_sums text := p_keys;
begin
  for i in 1 .. coalesce(array_length(p_pairs, 1), 0) / 2 loop
    v_new := v_new || format(', (%s)::int as %I', p_pairs[2 * i], p_pairs[2 * i - 1]);
    v_old := v_old || format(', -(%s)::int', p_pairs[2 * i]);
    v_sums := v_sums || format(', sum(%1$I)::int as %1$I', p_pairs[2 * i - 1]);
  end loop;
  return format('select %s from (select %s from new_rows %s) counted group by %s',
    v_sums, v_new, case when p_op = 'UPDATE' then format('union all select %s from old_rows', v_old) else '' end, p_keys);
end $$;
comment on function otis.counted_rows(text, text, text[]) is
  'The query of the differences of some counters over new_rows and old_rows; pairs of counter name and condition.';

create function otis.count_parent()
returns trigger
language plpgsql
security definer -- a user is deleted by Supabase Auth, who has no rights here
set search_path = ''
as $$
declare
  v_parent text := tg_argv[0];
  v_foreign text := tg_argv[1];
  v_pairs text[] := tg_argv[2:];
  v_is_parent text := format('p.session_id = d.session_id and p.%I = d.%I',
    case v_parent when 'session_companies' then 'company_id' else 'id' end, v_foreign);
  v_set text;
  v_differs text;
  v_orphaned boolean;
begin
  select string_agg(format('%1$I = p.%1$I + d.%1$I', v_pairs[2 * i - 1]), ', '), string_agg(format('d.%I <> 0', v_pairs[2 * i - 1]), ' or ')
    into v_set, v_differs from generate_series(1, array_length(v_pairs, 1) / 2) i;
  -- The parents belong to the checkpoint of the statement that is counted, whose own pulse follows: one of
  -- their own would close it half-way, with the rows but without the session's counters.
  perform set_config('otis.counting', 'on', true);
  -- An inserted row's parents are locked, counted or not: none goes while its child comes.
  execute format('with d as materialized (%s),
      counted as (update public.%I p set %s from d where %s and (%s) returning 1),
      kept as (select from public.%2$I p, d where %4$s and not (%5$s) %s)
    select (select count(*) from d) > (select count(*) from counted) + (select count(*) from kept)',
    otis.counted_rows(tg_op, 'session_id, ' || quote_ident(v_foreign), v_pairs), v_parent, v_set, v_is_parent, v_differs,
    case tg_op when 'INSERT' then 'for key share of p' else '' end) into v_orphaned;
  perform set_config('otis.counting', '', true);
  if v_orphaned then
    raise foreign_key_violation using constraint = tg_name, table = tg_table_name,
      message = format('%s names a row that %s does not have', tg_table_name, v_parent);
  end if;
  return null;
end $$;
comment on function otis.count_parent() is
  'Statement trigger (parent table, its key here, then pairs of counter and condition): keeps the counters of a parent row, and refuses rows without one.';

create function otis.pulse()
returns trigger
language plpgsql
security definer -- as above
set search_path = ''
as $$
declare
  v_changed record;
begin
  if current_setting('otis.counting', true) = 'on' then
    return null;
  end if;
  for v_changed in execute
    otis.counted_rows(tg_op, 'session_id', tg_argv[0:]) || ' order by session_id'
  loop
    perform otis.pulse_session(v_changed.session_id, tg_table_name, tg_op, to_jsonb(v_changed));
  end loop;
  return null;
end $$;
comment on function otis.pulse() is
  'Statement trigger (pairs of session counter and condition): closes the statement with one update of each session it touched.';

create function otis.pulse_inbox()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_owner uuid;
  v_revision bigint;
begin
  for v_owner in select distinct n.owner_id from new_rows n order by 1 loop
    v_revision := otis.enter_scope('i:' || v_owner::text) + 1;
    perform set_config('otis.revision', v_revision::text, true);
    update public.otis_inboxes i set
      revision = v_revision, updated_at = now(),
      unread_count = (select count(*) from public.notifications n where n.owner_id = v_owner and n.read_at is null)
    where i.owner_id = v_owner;
    perform pg_notify('otis_progress', json_build_object(
      'table', tg_table_name, 'action', tg_op, 'scope', v_owner, 'revision', v_revision)::text);
  end loop;
  return null;
end $$;
comment on function otis.pulse_inbox() is 'Statement trigger of notifications: closes the statement with one update of each inbox.';

create function otis.refuse_delete()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_setting('otis.retention', true) = 'on' then
    return old;
  end if;
  perform otis.refuse(409, 'live_row_kept', 'Rows of a living session are not deleted: change their status instead.');
  return null;
end $$;
comment on function otis.refuse_delete() is 'R4: a live row goes only with its session, or with otis.forget_old once the session has ended.';

create index notifications_unread on public.notifications (owner_id) where read_at is null;
