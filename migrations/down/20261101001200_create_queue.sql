-- The way back from 20261101001200_create_queue.sql.
drop trigger drop_work on public.otis_workflow_sessions;
drop table otis.work_items, otis.work_timings, otis.provider_limits, otis.provider_leases cascade;
drop domain otis.work_kind, otis.work_priority, otis.work_attempts, otis.work_payload;
drop function if exists otis.try_uuid(p_text text);
drop function if exists otis.lock_owners(p_owners uuid[]);
drop function if exists otis.wake_workers(p_reason text);
drop function if exists otis.drop_work();
