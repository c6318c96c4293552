-- The way back from 20261101002700_apply_campaign_work.sql.
drop function otis.apply_push(p_item otis.work_items, p_effect jsonb, p_ends boolean);
drop function otis.apply_personalise(p_item otis.work_items, p_effect jsonb, p_ends boolean);
drop function otis.apply_import(p_item otis.work_items, p_effect jsonb, p_ends boolean);
drop function otis.leads_of(p_effect jsonb);
drop function otis.show_campaign(p_item otis.work_items, p_effect jsonb);
