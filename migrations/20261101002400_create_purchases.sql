-- Paid calls: each is reserved against its batch's ceiling before, and recorded after. What was paid for once is
-- not bought again; a crash between the two counts as spent, stays visible, and is not repeated by itself.
create table otis.purchases (
  owner_id uuid not null references auth.users (id) on delete cascade,
  provider text not null,
  subject_key text not null,
  item_id uuid not null,
  lease bigint not null,
  batch_id uuid not null,
  status_id uuid not null,
  state text not null default 'reserved',
  cost numeric(12, 4) not null,
  result jsonb,
  reserved_at timestamptz not null default now(),
  bought_at timestamptz,
  expires_at timestamptz not null default now() + interval '1 day',
  primary key (owner_id, provider, subject_key),
  constraint purchases_state check (state in ('reserved', 'bought')),
  constraint purchases_bought check ((state = 'bought') = (bought_at is not null)),
  constraint purchases_cost check (cost >= 0),
  constraint purchases_size check (char_length(subject_key) <= 300 and octet_length(result::text) <= 65536)
);
comment on table otis.purchases is
  'What an owner paid a provider for, by a key of her choice (a domain). A row still reserved whose item is not leased: the worker was lost in between.';
comment on column otis.purchases.status_id is 'The company of the batch that it was bought for. Items leave the queue when they are done; what was paid stays.';
comment on column otis.purchases.result is 'The answer, for other sessions. May hold personal data: erase_person and retention see to it.';
create index purchases_expiry on otis.purchases (expires_at);
create index purchases_batch on otis.purchases (batch_id);
alter table otis.purchases enable row level security;
grant select, insert, update, delete on otis.purchases to service_role;

create function otis.spend(p_batch uuid, p_status uuid, p_cost numeric, p_saved numeric default 0)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if p_cost <> 0 or p_saved <> 0 then
    update public.enrichment_batches b set cost_spent = greatest(0, b.cost_spent + p_cost), credits_saved = b.credits_saved + p_saved
    where b.id = p_batch;
  end if;
  if p_cost <> 0 then
    update public.enrichment_status e set cost = greatest(0, e.cost + p_cost) where e.id = p_status;
  end if;
end $$;
comment on function otis.spend(uuid, uuid, numeric, numeric) is 'Books credits on a batch and on one of its companies; negative: gives them back.';

create function otis.reserve_cost(p_item uuid, p_lease bigint, p_provider text, p_subject_key text, p_cost numeric)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_item otis.work_items;
  v_known otis.purchases;
  v_batch public.enrichment_batches;
begin
  if p_cost is null or p_cost < 0 or coalesce(p_subject_key, '') = '' then
    perform otis.refuse(400, 'invalid_input', 'A purchase has a key, and a cost of at least 0.');
  end if;
  perform otis.lock_scopes_of(array[p_item]);
  select * into v_item from otis.work_items w where w.id = p_item and w.kind = 'enrich' and w.state = 'leased' and w.lease = p_lease;
  if v_item.id is null then
    return jsonb_build_object('verdict', 'lost');
  end if;
  select * into v_known from otis.purchases p
    where p.owner_id = v_item.owner_id and p.provider = p_provider and p.subject_key = p_subject_key
      and (p.state = 'reserved' or p.expires_at > now());
  if v_known.state = 'bought' then
    perform otis.spend(v_item.group_id, v_item.subject_id, 0, p_cost);
    return jsonb_build_object('verdict', 'cached', 'result', v_known.result, 'bought_at', v_known.bought_at);
  elsif v_known.state = 'reserved' then
    return jsonb_build_object('verdict', case
      when v_known.item_id = p_item and v_known.lease = p_lease then 'reserved'
      when exists (select from otis.work_items w where w.id = v_known.item_id and w.state = 'leased' and w.lease = v_known.lease) then 'in_flight'
      else 'unresolved' end);
  end if;
  select * into v_batch from public.enrichment_batches b where b.id = v_item.group_id;
  if v_batch.cost_spent + p_cost > v_batch.cost_ceiling then
    return jsonb_build_object('verdict', 'ceiling', 'left', v_batch.cost_ceiling - v_batch.cost_spent);
  end if;
  insert into otis.purchases as p (owner_id, provider, subject_key, item_id, lease, batch_id, status_id, cost)
  values (v_item.owner_id, p_provider, p_subject_key, p_item, p_lease, v_item.group_id, v_item.subject_id, p_cost)
  on conflict (owner_id, provider, subject_key) do update set
    item_id = excluded.item_id, lease = excluded.lease, batch_id = excluded.batch_id, status_id = excluded.status_id, state = 'reserved',
    cost = excluded.cost, result = null, reserved_at = now(), bought_at = null, expires_at = excluded.expires_at;
  perform otis.spend(v_item.group_id, v_item.subject_id, p_cost);
  return jsonb_build_object('verdict', 'reserved');
end $$;
comment on function otis.reserve_cost(uuid, bigint, text, text, numeric) is
  'Before each paid call → {verdict}: reserved (call, then record_purchase or release_purchase), cached ({result}: bought before), ceiling ({left}), in_flight (another item buys it now), unresolved (paid for, answer lost with its worker: do not call), lost (lease gone).';

create function otis.own_reservation(p_item uuid, p_lease bigint, p_provider text, p_subject_key text)
returns otis.purchases
language plpgsql
set search_path = ''
as $$
declare
  v_found otis.purchases;
begin
  select * into v_found from otis.purchases p
    where p.item_id = p_item and p.lease = p_lease and p.provider = p_provider and p.subject_key = p_subject_key and p.state = 'reserved';
  perform otis.lock_owners(array[v_found.owner_id]);
  perform otis.lock_sessions(array(select b.session_id from public.enrichment_batches b where b.id = v_found.batch_id));
  select * into v_found from otis.purchases p
    where p.item_id = p_item and p.lease = p_lease and p.provider = p_provider and p.subject_key = p_subject_key and p.state = 'reserved'
    for update;
  return v_found;
end $$;
comment on function otis.own_reservation(uuid, bigint, text, text) is
  'What this claim has reserved, with the locks to book it; null when there is none. Needs no item: the claim may be over.';

create function otis.record_purchase(p_item uuid, p_lease bigint, p_provider text, p_subject_key text,
  p_result jsonb default null, p_cost numeric default null, p_keep interval default '90 days')
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  -- The money is gone even if the lease is: the record is taken all the same.
  v_bought otis.purchases := otis.own_reservation(p_item, p_lease, p_provider, p_subject_key);
begin
  if v_bought.item_id is null then
    return false;
  end if;
  -- What was asked before somebody was erased may answer with her: it is not kept for others.
  if exists (select from regexp_matches(lower(p_result::text), '[^\s"<>:@]+@[^\s"<>@]+', 'g') named
    join public.suppressions s on s.owner_id = v_bought.owner_id and s.reason = 'erased' and s.email_hash = otis.hash_email(named[1])) then
    p_result := null;
    p_keep := '0';
  end if;
  update otis.purchases p set state = 'bought', result = p_result, cost = coalesce(p_cost, p.cost), bought_at = now(), expires_at = now() + p_keep
  where p.owner_id = v_bought.owner_id and p.provider = p_provider and p.subject_key = p_subject_key;
  perform otis.spend(v_bought.batch_id, v_bought.status_id, p_cost - v_bought.cost) where p_cost <> v_bought.cost;
  return true;
end $$;
comment on function otis.record_purchase(uuid, bigint, text, text, jsonb, numeric, interval) is
  'After a paid call: keeps its answer for other sessions and books what it really cost. False: there is no such reservation.';

create function otis.release_purchase(p_item uuid, p_lease bigint, p_provider text, p_subject_key text)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_given_back otis.purchases := otis.own_reservation(p_item, p_lease, p_provider, p_subject_key);
begin
  if v_given_back.item_id is null then
    return false;
  end if;
  delete from otis.purchases p
  where p.owner_id = v_given_back.owner_id and p.provider = p_provider and p.subject_key = p_subject_key;
  perform otis.spend(v_given_back.batch_id, v_given_back.status_id, -v_given_back.cost);
  return true;
end $$;
comment on function otis.release_purchase(uuid, bigint, text, text) is
  'The vendor refused the call and charges nothing (401, 402, 422, 429): the reservation is taken back.';
