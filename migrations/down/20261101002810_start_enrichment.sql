-- The way back from 20261101002810_start_enrichment.sql.
drop function public.start_enrichment(p_session_id uuid, p_company_ids uuid[], p_providers jsonb, p_cost_ceiling numeric);
drop function otis.check_waterfall(p_providers jsonb);
drop function otis.enqueue_enrichment(p_statuses uuid[]);
