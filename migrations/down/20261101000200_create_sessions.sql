-- The way back from 20261101000200_create_sessions.sql.
drop table public.otis_workflow_data, public.otis_workflow_sessions cascade;
