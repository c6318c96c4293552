-- The way back from 20261101001300_claim_work.sql.
drop function otis.claim_work(p_worker text, p_kinds text[], p_limit integer, p_lease interval);
drop function otis.lanes_to_serve(p_kinds text[]);
drop function otis.count_leases(p_rows tid[], p_limited text[]);
drop function otis.line_up(p_lanes otis.work_lane[], p_limit integer);
