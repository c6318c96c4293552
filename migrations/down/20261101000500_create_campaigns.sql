-- The way back from 20261101000500_create_campaigns.sql.
drop table public.campaigns, public.campaign_texts, public.campaign_leads, public.suppressions cascade;
