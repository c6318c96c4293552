-- The way back from 20261101002860_edit_companies.sql.
drop function public.mark_read(p_notification_ids uuid[]);
drop function public.remove_companies(p_session_id uuid, p_company_ids uuid[], p_removed boolean);
drop function public.set_lead_status(p_session_id uuid, p_company_ids uuid[], p_lead_status text);
drop function public.select_companies(p_session_id uuid, p_company_ids uuid[], p_selected boolean);
drop function otis.own_companies(p_owner uuid, p_session uuid, p_companies uuid[]);
