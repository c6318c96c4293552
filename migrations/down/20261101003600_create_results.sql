-- The way back from 20261101003600_create_results.sql.
drop function public.session_results(p_session_id uuid);
