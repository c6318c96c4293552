-- The way back from 20261101001500_fail_work.sql.
drop function otis.give_up_lost(p_ids uuid[]);
drop function otis.fail_work(p_worker text, p_failures jsonb);
drop function otis.show_failures(p_ids uuid[]);
drop function otis.fail_items(p_failures jsonb);
drop function otis.backoff(p_attempts integer, p_retry_after double precision);
