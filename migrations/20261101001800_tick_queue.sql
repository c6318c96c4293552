-- Q4: the periodic tick. Workers are woken by NOTIFY at home and by pg_cron + pg_net on Supabase; either may fail.
create function otis.tick()
returns interval
language plpgsql
set search_path = ''
as $$
declare
  v_due interval := otis.work_due();
begin
  if v_due <= interval '0' or otis.chores_wait() then
    perform otis.wake_workers();
  end if;
  return v_due;
end $$;
comment on function otis.tick() is 'Wakes workers if anything is due (a lost lease is) or waits beside the queue, and says when something falls due (null: nothing does).';

create function otis.call_worker()
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_url text;
  v_key text;
begin
  if coalesce(otis.tick(), 'infinity') > interval '5 seconds' and not otis.chores_wait() then
    return;
  end if;
  -- Read as text at run time: without Vault and pg_net this function is never scheduled.
  execute $q$select max(s.decrypted_secret) filter (where s.name = 'otis_worker_url'),
    max(s.decrypted_secret) filter (where s.name = 'otis_worker_key') from vault.decrypted_secrets s$q$ into v_url, v_key;
  if v_url is not null and v_key is not null then
    execute 'select net.http_post(url := $1, headers := $2, body := $3, timeout_milliseconds := 5000)'
      using v_url, jsonb_build_object('content-type', 'application/json', 'apikey', v_key), '{}'::jsonb;
  end if;
end $$;
comment on function otis.call_worker() is
  'What pg_cron runs: if work falls due within 5 s, or there is something beside the queue, posts to the worker function. Address and secret key are the Vault secrets otis_worker_url and otis_worker_key.';

do $$
begin
  -- pg_cron lives in one database of a server, on Supabase this one.
  if current_database() = 'postgres' and (select count(*) from pg_available_extensions e where e.name in ('pg_cron', 'pg_net', 'supabase_vault')) = 3 then
    create extension if not exists pg_cron with schema pg_catalog;
    create extension if not exists pg_net with schema extensions;
    create extension if not exists supabase_vault;
    perform cron.schedule('otis-worker', '5 seconds', 'select otis.call_worker()');
  end if;
end $$;
