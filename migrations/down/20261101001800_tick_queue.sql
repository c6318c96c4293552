-- The way back from 20261101001800_tick_queue.sql.
do $$
begin
  if exists (select from pg_extension e where e.extname = 'pg_cron') then
    perform cron.unschedule('otis-worker');
  end if;
end $$;
drop function otis.call_worker();
drop function otis.tick();
