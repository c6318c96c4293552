-- The way back from 20261101001700_settle_groups.sql.
drop function otis.settle_groups(p_groups uuid[]);
drop function otis.session_has_contact(p_session uuid);
drop function otis.stage_number(p_stage text);
