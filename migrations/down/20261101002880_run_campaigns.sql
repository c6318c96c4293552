-- The way back from 20261101002880_run_campaigns.sql.
drop function public.refresh_analytics(p_campaign_id uuid);
drop function public.activate_campaign(p_campaign_id uuid);
drop function otis.ask_vendor(p_campaign uuid, p_action text, p_kind text);
drop function public.push_campaign(p_campaign_id uuid);
drop function public.prepare_campaign(p_campaign_id uuid, p_method text);
drop function public.import_leads(p_campaign_id uuid, p_upload_id uuid);
drop function otis.enqueue_campaign(p_campaign campaigns, p_kind text, p_provider text, p_payload jsonb);
drop function otis.refuse_while_running(p_campaign uuid);
