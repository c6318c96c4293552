-- The way back from 20261101001300_claim_work.sql.
drop function otis.claim_work(p_worker text, p_kinds text[], p_limit integer, p_lease interval);
drop function otis.lanes_to_serve(p_kinds text[]);
drop function otis.count_leases(p_rows tid[], p_limited text[]);
drop function otis.line_up(p_lanes otis.work_lane[], p_limit integer);
drop function otis.free_slots(p_providers text[]);
drop function otis.forget_ended_leases(p_providers text[]);
drop function otis.free_tokens(p_limit otis.provider_limits);
drop function otis.look_into_lane(p_lane otis.work_lane, p_limit integer);
drop function otis.take_from_lane(p_lane otis.work_lane, p_limit integer);
drop function otis.ready_lanes(p_kinds text[], p_from uuid, p_limit integer);
drop type otis.work_lane cascade;
