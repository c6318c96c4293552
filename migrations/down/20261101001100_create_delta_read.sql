-- The way back from 20261101001100_create_delta_read.sql.
drop function public.session_snapshot(p_session_id uuid);
drop function public.inbox_changes(p_since bigint, p_limit integer);
drop function public.session_changes(p_session_id uuid, p_since bigint, p_limit integer);
drop function public.live_flags();
