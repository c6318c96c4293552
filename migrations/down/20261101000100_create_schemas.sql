-- The way back from 20261101000100_create_schemas.sql.
alter default privileges in schema otis revoke execute on functions from service_role;
alter default privileges grant execute on functions to public;
alter default privileges in schema public grant execute on functions to anon, authenticated;
drop function otis.hash_email(p_email text);
drop function otis.touch_updated_at();
drop function otis.refuse(p_status integer, p_key text, p_message text, p_details text);
drop schema otis;
drop schema inspect;
