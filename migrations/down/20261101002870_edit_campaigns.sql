-- The way back from 20261101002870_edit_campaigns.sql.
drop function public.edit_campaign(p_campaign_id uuid, p_name text, p_texts jsonb);
drop function public.create_campaign(p_session_id uuid, p_name text, p_channel text, p_texts jsonb, p_company_ids uuid[]);
drop function otis.insert_leads(p_campaign campaigns, p_companies uuid[], p_per_company integer);
drop function otis.write_texts(p_campaign campaigns, p_texts jsonb);
drop function otis.own_campaign(p_owner uuid, p_campaign uuid);
