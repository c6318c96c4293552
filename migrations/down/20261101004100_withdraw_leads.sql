-- The way back from 20261101004100_withdraw_leads.sql.
drop function otis.chores_wait();
drop function otis.suppressed_among(p_campaign uuid, p_emails text[]);
drop function otis.lead_withdrawn(p_lead uuid, p_provider_lead_id text);
drop function otis.leads_to_withdraw(p_limit integer);
drop index public.campaign_leads_at_vendor;
