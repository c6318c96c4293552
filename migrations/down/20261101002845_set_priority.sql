-- The way back from 20261101002845_set_priority.sql.
drop function public.set_priority(p_target text, p_id uuid, p_priority integer);
