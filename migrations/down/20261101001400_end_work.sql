-- The way back from 20261101001400_end_work.sql.
drop function otis.end_items(p_worker text, p_results jsonb);
drop function otis.continue_items(p_worker text, p_results jsonb);
drop function otis.apply_effect(p_item otis.work_items, p_effect jsonb, p_ends boolean);
drop function otis.held_items(p_worker text, p_entries jsonb);
drop function otis.ids_of(p_entries jsonb);
drop function otis.lock_scopes_of(p_ids uuid[]);
