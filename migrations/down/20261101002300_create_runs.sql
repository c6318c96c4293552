-- The way back from 20261101002300_create_runs.sql.
drop function public.start_scraping(p_session_id uuid, p_sources jsonb);
drop function otis.own_session(p_owner uuid, p_session uuid, p_active boolean);
drop function otis.add_runs(p_session uuid, p_sources jsonb, p_priority smallint);
