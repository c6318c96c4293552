-- Makes the auth schema that @supabase/lite has just created look like Supabase's: its owner, who may see
-- it, and the functions that policies call, which read the claims in both forms that exist.

create or replace function auth.uid() returns uuid language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
  )::uuid
$$;

create or replace function auth.role() returns text language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
  )
$$;

create or replace function auth.email() returns text language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
  )
$$;

create or replace function auth.jwt() returns jsonb language sql stable set search_path = '' as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

alter schema auth owner to supabase_auth_admin;

do $$
declare
  object record;
begin
  for object in
    select format('%s %s', case relkind when 'S' then 'sequence' else 'table' end, oid::regclass) as name
    from pg_class
    where relnamespace = 'auth'::regnamespace
      and relkind in ('r', 'p', 'v', 'S')
      -- The sequence of an identity or serial column follows its table.
      and not exists (
        select from pg_depend
        where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype in ('a', 'i')
      )
    union all
    select format('function %s', oid::regprocedure) from pg_proc where pronamespace = 'auth'::regnamespace
  loop
    execute format('alter %s owner to supabase_auth_admin', object.name);
  end loop;
end;
$$;

grant usage on schema auth to postgres, anon, authenticated, service_role, authenticator;
grant all on all tables in schema auth to postgres with grant option;
grant all on all sequences in schema auth to postgres with grant option;
grant all on all functions in schema auth to postgres, anon, authenticated, service_role;
revoke all on all tables in schema auth from anon, authenticated;

-- The API process signs people in over the connection that also serves /rest/v1, as authenticator.
grant select, insert, update, delete on all tables in schema auth to authenticator;
grant usage, select on all sequences in schema auth to authenticator;

-- The history of migrations belongs to the Supabase CLI, which makes its own table.
do $$
begin
  if exists (
    select from pg_namespace
    where nspname = 'supabase_migrations' and nspowner = 'supabase_admin'::regrole
  ) then
    drop schema supabase_migrations cascade;
  end if;
end;
$$;
