-- The way back from 20261101002890_explain_work.sql.
drop function public.forecast_work(p_work jsonb);
drop function otis.usual_ms(p_kind text, p_provider text);
drop function public.why_waiting(p_target text, p_id uuid);
drop function otis.own_read(p_session uuid);
