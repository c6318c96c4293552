-- Webhooks of vendors are not signed: a secret per connection in the URL, kept hashed. What they say is only a
-- hint that wakes the item which reads the vendor's API anyway.
create table public.webhook_connections (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id) on delete cascade,
  provider text not null,
  secret_hash text not null,
  created_at timestamptz not null default now(),
  last_received_at timestamptz,
  constraint webhook_connections_provider check (provider in ('apify', 'apollo', 'instantly')),
  constraint webhook_connections_hash check (secret_hash ~ '^[0-9a-f]{64}$')
);
comment on table public.webhook_connections is 'An address a vendor may call: its secret is shown once and kept as SHA-256.';
create index webhook_connections_owner on public.webhook_connections (owner_id);
alter table public.webhook_connections enable row level security;
revoke all on public.webhook_connections from public, anon, authenticated;
grant select (id, owner_id, provider, created_at, last_received_at), delete on public.webhook_connections to authenticated;
grant all on public.webhook_connections to service_role;
create policy "owner reads" on public.webhook_connections for select to authenticated
  using (owner_id = (select auth.uid()));
create policy "owner deletes" on public.webhook_connections for delete to authenticated
  using (owner_id = (select auth.uid()));

create table otis.webhook_deliveries (
  connection_id uuid not null references public.webhook_connections (id) on delete cascade,
  dispatch_id text not null,
  received_at timestamptz not null default now(),
  primary key (connection_id, dispatch_id),
  constraint webhook_deliveries_dispatch check (char_length(dispatch_id) between 1 and 200)
);
comment on table otis.webhook_deliveries is 'What has come already: vendors send twice. Kept 7 days.';
create index webhook_deliveries_received on otis.webhook_deliveries (received_at);
alter table otis.webhook_deliveries enable row level security;

create function public.create_webhook(p_provider text)
returns jsonb
language plpgsql
security definer -- the hash of the secret is no column a client may write
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('create_webhook');
  v_secret text := encode(extensions.gen_random_bytes(24), 'hex');
  v_id uuid;
begin
  if p_provider not in ('apify', 'apollo', 'instantly') then
    perform otis.refuse(400, 'invalid_input', 'Webhooks come from apify, apollo or instantly.');
  end if;
  insert into public.webhook_connections (owner_id, provider, secret_hash)
    values (v_owner, p_provider, encode(sha256(convert_to(v_secret, 'UTF8')), 'hex')) returning id into v_id;
  return jsonb_build_object('id', v_id, 'secret', v_secret);
end $$;
comment on function public.create_webhook(text) is 'A new address for a vendor: {id, secret}; the secret is not shown again.';
grant execute on function public.create_webhook(text) to authenticated, service_role;

create function otis.receive_webhook(p_connection uuid, p_dispatch text, p_subject text)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_owner uuid;
  v_provider text;
begin
  update public.webhook_connections c set last_received_at = now() where c.id = p_connection
    returning c.owner_id, c.provider into v_owner, v_provider;
  if v_owner is null then
    return 'unknown';
  end if;
  insert into otis.webhook_deliveries (connection_id, dispatch_id) values (p_connection, p_dispatch) on conflict do nothing;
  if not found then
    return 'repeated';
  end if;
  update otis.work_items w set run_after = now()
  where w.id in (
    select i.id from otis.work_items i
    where i.owner_id = v_owner and i.state = 'ready' and i.run_after > now() and i.provider = v_provider
      and (p_subject is null or i.payload ->> 'subject_ref' is null or i.payload ->> 'subject_ref' = p_subject)
    order by i.id for update);
  if not found then
    return 'nothing waits';
  end if;
  perform pg_notify('otis_work', '');
  return 'woken';
end $$;
comment on function otis.receive_webhook(uuid, text, text) is
  'A vendor called and its secret was right: wakes what waits for that vendor. woken, repeated, nothing waits, unknown.';
