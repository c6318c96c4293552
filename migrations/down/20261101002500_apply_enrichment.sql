-- The way back from 20261101002500_apply_enrichment.sql.
drop function otis.apply_enrichment(p_item otis.work_items, p_effect jsonb, p_ends boolean);
drop function otis.store_contacts(p_owner uuid, p_company uuid, p_contacts jsonb);
drop function otis.store_facts(p_owner uuid, p_company uuid, p_facts jsonb);
