-- The way back from 20261101002830_pause_resume_cancel.sql.
drop function public.cancel(p_target text, p_id uuid);
drop function otis.status_while(p_kind text);
drop function public.resume(p_target text, p_id uuid);
drop function public.pause(p_target text, p_id uuid);
