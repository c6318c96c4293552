-- Values as live rows can hold them: clipped, or null where they are none.
create function otis.clip(p_text text, p_bytes int)
returns text
language sql
immutable parallel safe
set search_path = ''
as $$
  select case when octet_length(p_text) <= p_bytes then p_text
    else left(p_text, greatest(p_bytes / 4, p_bytes - (octet_length(p_text) - char_length(p_text)))) end
$$;
comment on function otis.clip(text, int) is 'As much of a text as surely fits that many bytes.';

create function otis.short(p_text text, p_bytes int)
returns text
language sql
immutable parallel safe
set search_path = ''
as $$
  select otis.clip(nullif(btrim(p_text), ''), p_bytes)
$$;
comment on function otis.short(text, int) is 'clip() of a text without blanks around it; null where nothing is left.';

create function otis.try_money(p_text text)
returns numeric
language sql
immutable parallel safe
set search_path = ''
as $$
  select case when pg_input_is_valid(p_text, 'numeric(12, 4)') then p_text::numeric(12, 4) end
$$;
comment on function otis.try_money(text) is 'The amount, or null where the text is none that a cost column holds.';
