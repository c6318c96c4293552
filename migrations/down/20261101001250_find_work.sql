-- The way back from 20261101001250_find_work.sql.
drop function otis.free_slots(p_providers text[]);
drop function otis.forget_ended_leases(p_providers text[]);
drop function otis.free_tokens(p_limit otis.provider_limits);
drop function otis.look_into_lane(p_lane otis.work_lane, p_limit integer);
drop function otis.take_from_lane(p_lane otis.work_lane, p_limit integer);
drop function otis.ready_lanes(p_kinds text[], p_from uuid, p_limit integer);
drop type otis.work_lane cascade;
