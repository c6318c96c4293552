-- The way back from 20261101000800_count_and_pulse.sql.
drop index public.notifications_unread;
drop function otis.refuse_delete();
drop function otis.pulse_inbox();
drop function otis.pulse();
drop function otis.count_parent();
drop function otis.counted_rows(p_op text, p_keys text, p_pairs text[]);
