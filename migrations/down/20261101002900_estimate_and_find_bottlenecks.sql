-- The way back from 20261101002900_estimate_and_find_bottlenecks.sql.
drop function public.bottlenecks(p_session_id uuid);
drop function public.eta(p_session_id uuid);
drop function otis.batch_seconds(p_batch enrichment_batches);
drop function otis.scraping_seconds(p_session uuid);
drop function otis.run_seconds(p_run scraping_runs);
