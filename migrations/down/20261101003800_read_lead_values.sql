-- The way back from 20261101003800_read_lead_values.sql.
drop function public.lead_values(p_campaign_id uuid, p_lead_ids uuid[], p_limit integer);
