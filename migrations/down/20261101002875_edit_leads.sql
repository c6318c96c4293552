-- The way back from 20261101002875_edit_leads.sql.
drop function public.include_leads(p_campaign_id uuid, p_lead_ids uuid[], p_included boolean);
drop function public.set_lead(p_lead_id uuid, p_personal_line text);
drop function public.add_leads(p_campaign_id uuid, p_company_ids uuid[], p_per_company integer);
