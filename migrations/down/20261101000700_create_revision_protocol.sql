-- The way back from 20261101000700_create_revision_protocol.sql.
drop trigger announce on public.otis_workflow_sessions;
drop trigger a_stamp on public.otis_workflow_sessions;
drop function otis.pulse_session(p_session uuid, p_table text, p_action text, p_counters jsonb);
drop function otis.announce_session();
drop function otis.stamp_session();
drop function otis.stamp_inbox_revision();
drop function otis.stamp_revision();
drop function otis.lock_sessions(p_sessions uuid[]);
drop function otis.enter_scope(p_scope text);
