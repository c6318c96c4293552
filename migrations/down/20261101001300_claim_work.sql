-- The way back from 20261101001300_claim_work.sql.
drop function otis.free_tokens(p_limit otis.provider_limits);
drop function otis.claim_work(p_worker text, p_kinds text[], p_limit integer, p_lease interval);
drop function otis.lane_items(p_lane otis.work_lane, p_limit integer);
drop function otis.ready_lanes(p_kinds text[], p_from uuid, p_limit integer);
drop type otis.work_lane cascade;
