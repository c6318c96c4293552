-- The way back from 20261101002840_retry_and_priority.sql.
drop function public.retry(p_target text, p_id uuid);
drop function otis.retry_campaigns(p_campaigns uuid[]);
drop function otis.retry_statuses(p_statuses uuid[]);
drop function otis.retry_runs(p_runs uuid[]);
drop function otis.revive_items(p_subjects uuid[]);
