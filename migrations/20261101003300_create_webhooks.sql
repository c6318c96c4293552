-- Apify's webhooks are not signed: a secret per connection in the URL, kept hashed. What they say is only a hint
-- that wakes the item which asks after its run anyway.
create table public.webhook_connections (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id) on delete cascade,
  provider text not null,
  secret_hash text not null,
  created_at timestamptz not null default now(),
  last_received_at timestamptz,
  constraint webhook_connections_provider check (provider = 'apify'),
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
  if p_provider is distinct from 'apify' then
    perform otis.refuse(400, 'invalid_input', 'Webhooks come from apify.');
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
begin
  update public.webhook_connections c set last_received_at = now() where c.id = p_connection;
  if not found then
    return 'unknown';
  end if;
  insert into otis.webhook_deliveries (connection_id, dispatch_id) values (p_connection, p_dispatch) on conflict do nothing;
  if not found then
    return 'repeated';
  end if;
  update otis.work_items w set run_after = now()
  where w.id in (
    -- Whoever's run it is: one account at Apify serves everybody.
    select i.id from otis.work_items i
    where i.state = 'ready' and i.run_after > now() and i.provider = 'apify' and i.payload -> 'checkpoint' ->> 'runId' = p_subject
    order by i.id for update);
  if not found then
    return 'nothing waits';
  end if;
  perform otis.wake_workers();
  return 'woken';
end $$;
comment on function otis.receive_webhook(uuid, text, text) is
  'Apify called and its secret was right: wakes what waits for the end of that run. woken, repeated, nothing waits, unknown.';
