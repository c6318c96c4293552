-- The way back from 20261101001460_complete_work.sql.
drop function otis.complete_work(p_worker text, p_results jsonb);
drop function otis.apply_effects(p_worker text, p_results jsonb, p_ids uuid[]);
