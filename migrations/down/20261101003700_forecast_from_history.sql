-- The way back from 20261101003700_forecast_from_history.sql.
drop index public.scraping_runs_history;
drop function public.source_seconds(p_session_id uuid, p_kinds text[]);
