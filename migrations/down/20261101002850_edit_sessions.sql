-- The way back from 20261101002850_edit_sessions.sql.
drop trigger lock_caller on public.otis_workflow_sessions;
drop function otis.lock_caller();
drop function public.set_stage(p_session_id uuid, p_stage text);
drop function public.duplicate_session(p_session_id uuid);
drop function public.archive_session(p_session_id uuid, p_archived boolean);
drop function public.rename_session(p_session_id uuid, p_name text);
drop function otis.checked_name(p_name text);
drop function public.create_session(p_name text);
