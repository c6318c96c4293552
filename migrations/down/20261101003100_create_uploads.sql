-- The way back from 20261101003100_create_uploads.sql.
drop table public.uploads, otis.upload_chunks cascade;
drop function if exists public.append_upload(p_upload_id uuid, p_name text, p_seq integer, p_base64 text, p_last boolean);
