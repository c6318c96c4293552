-- The way back from 20261101000600_create_inbox_and_flags.sql.
drop table public.otis_inboxes, public.notifications, public.saved_searches, public.feature_flags, public.client_metrics cascade;
drop function otis.bound_saved_searches();
