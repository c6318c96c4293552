-- The way back from 20261101003350_create_retention.sql.
do $$
begin
  if exists (select from pg_extension e where e.extname = 'pg_cron') then
    perform cron.unschedule('otis-forgetting');
    perform cron.unschedule('otis-housekeeping');
  end if;
end $$;
drop function otis.keep_house();
drop function otis.forget_old(p_limit integer);
drop table otis.retention;
drop function otis.forget_people(p_limit integer);
drop function otis.imported_leads_past(p_limit integer, p_owner uuid);
drop index public.campaign_leads_imported;
drop function otis.empty_leads(p_leads uuid[], p_code text, p_message text);
drop function otis.expire_sessions(p_limit integer);
