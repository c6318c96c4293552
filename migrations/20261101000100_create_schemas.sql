-- The two private schemas and the one way in which SQL refuses: a named error.
create schema if not exists otis;
comment on schema otis is 'Internals: the queue, the revision protocol, limits and audit. Clients never see it.';
revoke all on schema otis from public;
grant usage on schema otis to service_role;

create schema if not exists inspect;
comment on schema inspect is 'Read-only views for the SQL console of an operator.';
revoke all on schema inspect from public;
grant usage on schema inspect to service_role;

-- Functions are callable by nobody until granted.
alter default privileges revoke execute on functions from public;
alter default privileges in schema otis grant execute on functions to service_role;
alter default privileges in schema public revoke execute on functions from public, anon, authenticated;

create function otis.refuse(p_status int, p_key text, p_message text, p_details text default '')
returns void
language plpgsql
immutable
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || p_status,
    message = p_key,
    detail = p_message,
    hint = p_details;
end $$;
comment on function otis.refuse(int, text, text, text) is
  'Raises a named error: SQLSTATE PTnnn (its HTTP status in PostgREST), message = a stable key, detail = a sentence for a person.';
-- The functions that run with their caller's rights refuse through it too; nothing else in the schema is granted.
grant usage on schema otis to authenticated;
grant execute on function otis.refuse(int, text, text, text) to authenticated, service_role;

create function otis.touch_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end $$;
comment on function otis.touch_updated_at() is 'Row trigger: updated_at is the time of the transaction.';

create function otis.hash_email(p_email text)
returns text
language sql
immutable strict parallel safe
set search_path = ''
as $$
  select encode(sha256(convert_to(lower(btrim(p_email)), 'UTF8')), 'hex')
$$;
comment on function otis.hash_email(text) is 'SHA-256, hex, of an address in lower case without spaces around: what suppressions keep of it.';
grant execute on function otis.hash_email(text) to service_role;
