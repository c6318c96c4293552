-- The way back from 20261101004100_withdraw_leads.sql.
drop view inspect.chores;
drop function otis.chores_wait();
drop function otis.actor_stopped(p_item uuid);
drop function otis.actors_to_stop(p_limit integer);
drop function otis.suppressed_among(p_campaign uuid, p_emails text[]);
drop function otis.lead_withdrawn(p_lead uuid, p_provider_lead_id text);
drop function otis.leads_to_withdraw(p_limit integer);
drop function otis.postpone_chore(p_chore text, p_reason text, p_seconds double precision);
drop table otis.postponed_chores;
drop index public.campaign_leads_at_vendor;
