-- Files a user drops: kept in pieces so that 100 MB never pass through memory at once. Deleted after a week.
create table public.uploads (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  name text not null,
  size_bytes bigint not null default 0,
  chunks int not null default 0,
  complete boolean not null default false,
  created_at timestamptz not null default now(),
  constraint uploads_name check (char_length(name) between 1 and 200),
  constraint uploads_size check (size_bytes between 0 and 104857600)
);
comment on table public.uploads is 'A file a user dropped, at most 100 MiB. Its bytes are in otis.upload_chunks.';
create index uploads_owner on public.uploads (owner_id);
create index uploads_created on public.uploads (created_at);
alter table public.uploads enable row level security;
revoke all on public.uploads from public, anon, authenticated;
grant select on public.uploads to authenticated;
grant all on public.uploads to service_role;
create policy "owner reads" on public.uploads for select to authenticated
  using (owner_id = (select auth.uid()));

create table otis.upload_chunks (
  upload_id uuid not null references public.uploads (id) on delete cascade,
  seq int not null,
  bytes bytea not null,
  primary key (upload_id, seq),
  constraint upload_chunks_size check (octet_length(bytes) between 1 and 1048576)
);
comment on table otis.upload_chunks is 'The bytes of an upload, at most 1 MiB each, numbered from 0 without a hole.';
alter table otis.upload_chunks alter column bytes set storage external;
alter table otis.upload_chunks enable row level security;

create function public.append_upload(p_upload_id uuid, p_name text, p_seq int, p_base64 text, p_last boolean)
returns jsonb
language plpgsql
security definer -- chunks live in a private schema; ownership is checked here
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('append_upload', p_upload_id);
  v_bytes bytea;
  v_upload public.uploads;
begin
  if octet_length(p_base64) > 1400000 then
    perform otis.refuse(413, 'too_large', 'A piece of a file has at most 1 MiB.');
  end if;
  begin
    v_bytes := decode(p_base64, 'base64');
  exception when data_exception then
    v_bytes := null;
  end;
  if p_last is null or p_seq is null or p_seq < 0 or coalesce(octet_length(v_bytes), 0) = 0 or coalesce(btrim(p_name), '') = '' then
    perform otis.refuse(400, 'invalid_input', case when p_base64 = '' and p_seq = 0
      then 'The file is empty. Nothing was kept.' else 'This is no piece of a file: name, number, base64 and last are needed.' end);
  end if;
  if p_seq = 0 then
    if (select coalesce(sum(u.size_bytes), 0) from public.uploads u where u.owner_id = v_owner) > 1073741824 then
      perform otis.refuse(413, 'too_large', 'Your files of the last seven days are 1 GB already. Try again tomorrow.');
    end if;
    insert into public.uploads (id, owner_id, name) values (p_upload_id, v_owner, left(p_name, 200)) on conflict do nothing;
  end if;
  select * into v_upload from public.uploads u where u.id = p_upload_id and u.owner_id = v_owner for update;
  if v_upload.id is null then
    perform otis.refuse(404, 'not_found', 'There is no such upload: begin with its first piece.');
  end if;
  -- A piece that comes again was kept already.
  if p_seq < v_upload.chunks or v_upload.complete then
    return jsonb_build_object('upload_id', v_upload.id, 'chunks', v_upload.chunks, 'complete', v_upload.complete);
  end if;
  if p_seq > v_upload.chunks then
    perform otis.refuse(409, 'stale_revision', format('Piece %s is missing.', v_upload.chunks));
  end if;
  if v_upload.size_bytes + octet_length(v_bytes) > 104857600 then
    perform otis.refuse(413, 'too_large', 'A file may have 100 MB. Split it and upload the parts.');
  end if;
  insert into otis.upload_chunks (upload_id, seq, bytes) values (p_upload_id, p_seq, v_bytes);
  update public.uploads u set
    size_bytes = u.size_bytes + octet_length(v_bytes), chunks = u.chunks + 1, complete = p_last
  where u.id = p_upload_id;
  return jsonb_build_object('upload_id', p_upload_id, 'chunks', p_seq + 1, 'complete', p_last);
end $$;
comment on function public.append_upload(uuid, text, int, text, boolean) is
  'One piece of a file, in order, at most 1 MiB, base64. Safe to repeat. Raises not_found, too_large, stale_revision.';
grant execute on function public.append_upload(uuid, text, int, text, boolean) to authenticated, service_role;
