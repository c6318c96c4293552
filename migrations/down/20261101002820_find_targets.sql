-- The way back from 20261101002820_find_targets.sql.
drop function otis.changed(p_target otis.work_target, p_count integer, p_nothing text);
drop function otis.target_items(p_target otis.work_target, p_leased boolean);
drop function otis.find_target(p_owner uuid, p_target text, p_id uuid);
drop function otis.look_up_target(p_owner uuid, p_target text, p_id uuid);
drop type otis.work_target cascade;
