-- The way back from 20261101001050_read_first_rows.sql.
drop function public.session_first_rows(p_session_id uuid);
