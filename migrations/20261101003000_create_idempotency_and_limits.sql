-- Mutations: the same key acts once; a user carries out so many of each a minute; every one that is carried out leaves a
-- trace. A refusal undoes all that its transaction wrote, token and trace included: the limits bound what happens, not
-- how often somebody asks, and the log holds what happened, not what was tried.
create table otis.idempotency_keys (
  owner_id uuid not null references auth.users (id) on delete cascade,
  key text not null,
  action text not null,
  request_hash text not null,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (owner_id, key),
  constraint idempotency_keys_key check (char_length(key) between 8 and 200),
  constraint idempotency_keys_size check (
    char_length(action) <= 60 and char_length(request_hash) <= 100 and octet_length(response::text) <= 65536)
);
comment on table otis.idempotency_keys is
  'The answer to a mutation, by the key its client chose. Written in the mutation''s own transaction, kept 24 hours.';
create index idempotency_keys_created on otis.idempotency_keys (created_at);
alter table otis.idempotency_keys enable row level security;

create table otis.rate_limits (
  action text primary key,
  capacity real not null,
  per_second real not null,
  constraint rate_limits_positive check (capacity >= 1 and per_second > 0)
);
comment on table otis.rate_limits is
  'Token bucket per user and action; those without a row of their own share the bucket of the row named *. A refused action costs no token.';
alter table otis.rate_limits enable row level security;
insert into otis.rate_limits (action, capacity, per_second) values
  ('*', 120, 4), ('start_scraping', 20, 0.2), ('start_enrichment', 20, 0.2), ('push_campaign', 10, 0.1),
  ('erase_person', 60, 0.5), ('append_upload', 200, 20);

create table otis.rate_buckets (
  owner_id uuid not null references auth.users (id) on delete cascade,
  action text not null,
  tokens real not null,
  refilled_at timestamptz not null default now(),
  primary key (owner_id, action)
);
comment on table otis.rate_buckets is 'What is left of a user''s allowance.';
alter table otis.rate_buckets enable row level security;

create table otis.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  owner_id uuid,
  action text not null,
  subject_id uuid,
  details jsonb not null default '{}',
  constraint audit_log_details check (octet_length(details::text) <= 2000)
);
comment on table otis.audit_log is
  'Who did what, when: every action that was carried out, none that was refused, and nothing that a grant lets a user edit without one. Append-only, also against the table''s owner. No personal data: ids and counts only.';
create index audit_log_owner on otis.audit_log (owner_id, at desc);
alter table otis.audit_log enable row level security;

create function otis.refuse_audit_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform otis.refuse(403, 'audit_is_append_only', 'The audit log is only ever added to.');
  return null;
end $$;
comment on function otis.refuse_audit_change() is 'Statement trigger: no update, delete or truncate of the audit log, whoever asks.';
create trigger append_only before update or delete or truncate on otis.audit_log
  for each statement execute function otis.refuse_audit_change();

create function otis.enter_action(p_action text, p_subject uuid default null, p_details jsonb default '{}')
returns uuid
language plpgsql
security definer -- reads the limits and writes the log, which no client may touch
set search_path = ''
as $$
declare
  v_owner uuid := auth.uid();
  v_limit otis.rate_limits;
  v_tokens real;
begin
  if v_owner is null then
    perform otis.refuse(401, 'needs_sign_in', 'Please sign in. Nothing was changed.');
  end if;
  select * into v_limit from otis.rate_limits l where l.action in (p_action, '*') order by l.action = '*' limit 1;
  insert into otis.rate_buckets as b (owner_id, action, tokens) values (v_owner, v_limit.action, v_limit.capacity - 1)
  on conflict (owner_id, action) do update set
    tokens = least(v_limit.capacity, b.tokens + extract(epoch from clock_timestamp() - b.refilled_at)::real * v_limit.per_second) - 1,
    refilled_at = clock_timestamp()
  returning b.tokens into v_tokens;
  if v_tokens < 0 then
    perform otis.refuse(429, 'rate_limited', format('That was a lot at once. Try again in %s s; nothing was changed.',
      ceil(-v_tokens / v_limit.per_second)));
  end if;
  insert into otis.audit_log (owner_id, action, subject_id, details) values (v_owner, p_action, p_subject, p_details);
  return v_owner;
end $$;
comment on function otis.enter_action(text, uuid, jsonb) is
  'Every action of a user begins here: she is signed in, has allowance left, and the log knows. An action that is refused, here or later, takes back token and entry with all else it wrote. Returns her id. Raises needs_sign_in, rate_limited.';

create function public.begin_mutation(p_key text, p_action text, p_request_hash text)
returns jsonb
language plpgsql
security definer -- the table of keys is closed to clients; the function answers for the caller only
set search_path = ''
as $$
declare
  v_owner uuid := auth.uid();
  v_known otis.idempotency_keys;
begin
  if v_owner is null then
    perform otis.refuse(401, 'needs_sign_in', 'Please sign in. Nothing was changed.');
  end if;
  if p_key is null or char_length(p_key) not between 8 and 200 then
    perform otis.refuse(400, 'invalid_input', 'An Idempotency-Key has 8 to 200 characters.');
  end if;
  -- A second request with the same key waits here until the first has committed or given up.
  insert into otis.idempotency_keys (owner_id, key, action, request_hash)
    values (v_owner, p_key, p_action, p_request_hash) on conflict do nothing;
  if found then
    return null;
  end if;
  select * into v_known from otis.idempotency_keys k where k.owner_id = v_owner and k.key = p_key;
  if v_known.action <> p_action or v_known.request_hash <> p_request_hash then
    perform otis.refuse(409, 'key_reused', 'This Idempotency-Key was used for something else. Nothing was changed.');
  end if;
  return jsonb_build_object('response', v_known.response);
end $$;
comment on function public.begin_mutation(text, text, text) is
  'Null: the key is new, act and call finish_mutation in the same transaction. Else {response} of the first time. Raises key_reused.';
grant execute on function public.begin_mutation(text, text, text) to authenticated, service_role;

create function public.finish_mutation(p_key text, p_response jsonb)
returns void
language sql
security definer -- as begin_mutation
set search_path = ''
as $$
  update otis.idempotency_keys k set response = p_response
  where k.owner_id = auth.uid() and k.key = p_key and k.response is null
$$;
comment on function public.finish_mutation(text, jsonb) is 'Keeps the answer of the mutation that begin_mutation let through.';
grant execute on function public.finish_mutation(text, jsonb) to authenticated, service_role;
