-- The way back from 20261101003200_create_retention.sql.
drop function otis.forget_old(p_limit integer);
drop function otis.expire_sessions(p_limit integer);
