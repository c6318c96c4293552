-- The way back from 20261101002600_enforce_suppression.sql.
drop trigger hold_back on public.campaign_leads;
drop trigger recall_insert on public.suppressions;
drop function public.suppress(p_emails text[], p_domains text[], p_reason text);
drop function otis.suppress_for(p_owner uuid, p_hashes text[], p_domains text[], p_reason text);
drop function otis.recall_leads();
drop function otis.can_be_recalled(p_lead public.campaign_leads);
drop function otis.hold_back_suppressed();
drop function public.is_suppressed(p_email text, p_company uuid);
drop function otis.is_suppressed(p_owner uuid, p_email text, p_company uuid);
