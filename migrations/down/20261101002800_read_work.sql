-- The way back from 20261101002800_read_work.sql.
drop function otis.pushable_leads(p_item uuid, p_lease bigint, p_limit integer);
drop function otis.leads_to_personalise(p_campaign uuid, p_limit integer);
drop function otis.load_work(p_ids uuid[]);
