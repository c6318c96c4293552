-- The way back from 20261101001450_clip_values.sql.
drop function otis.try_money(p_text text);
drop function otis.short(p_text text, p_bytes integer);
drop function otis.clip(p_text text, p_bytes integer);
