-- The way back from 20261101001600_hold_leases.sql.
drop function otis.show_progress(p_updates jsonb);
drop function otis.begun_at(p_subject uuid);
drop function otis.report_progress(p_worker text, p_updates jsonb);
drop function otis.work_due();
drop function otis.first_of_lane(p_lane otis.work_lane);
drop function otis.release_work(p_worker text, p_items jsonb);
drop function otis.extend_lease(p_worker text, p_items jsonb, p_lease interval);
