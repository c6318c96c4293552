-- Batches, one company's enrichment in a batch, and what was found, each value with its provenance.
create table public.enrichment_batches (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  status text not null default 'queued',
  providers jsonb not null default '[]',
  total int not null default 0,
  completed int not null default 0,
  failed int not null default 0,
  cost_spent numeric(12, 4) not null default 0,
  cost_ceiling numeric(12, 4) not null default 0,
  credits_saved numeric(12, 4) not null default 0,
  priority smallint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint enrichment_batches_status check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  constraint enrichment_batches_counters check (least(total, completed, failed) >= 0 and completed + failed <= total),
  constraint enrichment_batches_ceiling check (least(cost_spent, cost_ceiling) >= 0),
  constraint enrichment_batches_priority check (priority between -100 and 100),
  constraint enrichment_batches_live_size check (octet_length(providers::text) <= 1200)
);
comment on table public.enrichment_batches is 'Companies enriched together, under one cost ceiling. Live.';
comment on column public.enrichment_batches.providers is 'The waterfall in order: [{"provider","when","max_cost"}].';
comment on column public.enrichment_batches.cost_ceiling is 'Credits. No paid call begins that would go beyond it (otis.reserve_cost); a vendor who charges more than was announced still may.';
create index enrichment_batches_revision on public.enrichment_batches (session_id, revision);
create index enrichment_batches_owner on public.enrichment_batches (owner_id);

alter table public.enrichment_batches enable row level security;
revoke all on public.enrichment_batches from public, anon, authenticated;
grant select on public.enrichment_batches to authenticated;
grant all on public.enrichment_batches to service_role;
create policy "owner reads" on public.enrichment_batches for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.enrichment_status (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null,
  owner_id uuid not null,
  revision bigint not null default 0,
  batch_id uuid not null references public.enrichment_batches (id) on delete cascade,
  company_id uuid not null,
  status text not null default 'queued',
  step text not null default '',
  provider text,
  attempts int not null default 0,
  emails_found int not null default 0,
  phones_found int not null default 0,
  people_found int not null default 0,
  cost numeric(12, 4) not null default 0,
  error_code text,
  error_message text,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint enrichment_status_company foreign key (session_id, company_id)
    references public.session_companies (session_id, company_id) on delete cascade,
  constraint enrichment_status_once_a_batch unique (batch_id, company_id),
  constraint enrichment_status_status check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  constraint enrichment_status_error check ((status = 'failed') = (error_code is not null)),
  constraint enrichment_status_counters check (least(attempts, emails_found, phones_found, people_found) >= 0),
  constraint enrichment_status_live_size check (
    octet_length(step) <= 200 and octet_length(coalesce(error_message, '')) <= 400)
);
comment on table public.enrichment_status is 'One company in one batch. Live.';
create index enrichment_status_revision on public.enrichment_status (session_id, revision);
create index enrichment_status_company_id on public.enrichment_status (session_id, company_id);
create index enrichment_status_owner on public.enrichment_status (owner_id);

alter table public.enrichment_status enable row level security;
revoke all on public.enrichment_status from public, anon, authenticated;
grant select on public.enrichment_status to authenticated;
grant all on public.enrichment_status to service_role;
create policy "owner reads" on public.enrichment_status for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.contacts (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null,
  company_id uuid not null references public.companies (id) on delete cascade,
  kind text not null,
  full_name text,
  role text,
  email text,
  email_hash text generated always as (otis.hash_email(email)) stored,
  email_status text,
  phone text,
  linkedin_url text,
  value_key text not null,
  provider text not null,
  source_url text,
  method text,
  confidence numeric(4, 3) not null,
  cost numeric(12, 4) not null default 0,
  lawful_basis text not null default 'legitimate_interest',
  found_at timestamptz not null default now(),
  retain_until timestamptz not null default now() + interval '1 year',
  constraint contacts_kind check (kind in ('person', 'email', 'phone')),
  constraint contacts_value check (
    case kind when 'email' then email is not null when 'phone' then phone is not null else full_name is not null end),
  constraint contacts_email_status check (email_status in ('found', 'guessed', 'verified')),
  constraint contacts_email_has_status check ((email is null) = (email_status is null)),
  constraint contacts_confidence check (confidence between 0 and 1),
  constraint contacts_lengths check (
    char_length(coalesce(full_name, '')) <= 200 and char_length(coalesce(role, '')) <= 200
    and char_length(coalesce(email, '')) <= 254 and char_length(coalesce(phone, '')) <= 60),
  constraint contacts_once unique (company_id, value_key)
);
comment on table public.contacts is 'A person, mailbox or number of a company, with its provenance. Personal data: see retain_until and erase_person().';
comment on column public.contacts.value_key is 'What makes it the same contact when found again: kind and normalised value.';
create index contacts_owner on public.contacts (owner_id);
create index contacts_email_hash on public.contacts (owner_id, email_hash) where email_hash is not null;
create index contacts_retention on public.contacts (retain_until);

alter table public.contacts enable row level security;
revoke all on public.contacts from public, anon, authenticated;
grant select on public.contacts to authenticated;
grant all on public.contacts to service_role;
create policy "owner reads" on public.contacts for select to authenticated
  using (owner_id = (select auth.uid()));

create function otis.hash_contact(p_company uuid, p_value_key text)
returns text
language sql
immutable parallel safe
set search_path = ''
as $$
  select encode(sha256(convert_to(p_company || ' ' || p_value_key, 'UTF8')), 'hex')
$$;
comment on function otis.hash_contact(uuid, text) is 'By which a contact is known after it was erased.';

create table otis.erased_contacts (
  company_id uuid not null references public.companies (id) on delete cascade,
  key_hash text not null,
  primary key (company_id, key_hash)
);
comment on table otis.erased_contacts is 'Contacts of persons who asked to be forgotten: they are not found again. Keeps no name.';
alter table otis.erased_contacts enable row level security;
grant select, insert on otis.erased_contacts to service_role;

create table public.company_facts (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null,
  company_id uuid not null references public.companies (id) on delete cascade,
  key text not null,
  value text not null,
  provider text not null,
  source_url text,
  method text,
  confidence numeric(4, 3) not null,
  cost numeric(12, 4) not null default 0,
  found_at timestamptz not null default now(),
  constraint company_facts_key check (char_length(key) between 1 and 60),
  constraint company_facts_value check (char_length(value) between 1 and 4000),
  constraint company_facts_confidence check (confidence between 0 and 1)
);
comment on table public.company_facts is 'One value found about a company, with its provenance: provider, URL, time, confidence, cost.';
create unique index company_facts_once on public.company_facts (company_id, key, provider, md5(value));
create index company_facts_owner on public.company_facts (owner_id);

alter table public.company_facts enable row level security;
revoke all on public.company_facts from public, anon, authenticated;
grant select on public.company_facts to authenticated;
grant all on public.company_facts to service_role;
create policy "owner reads" on public.company_facts for select to authenticated
  using (owner_id = (select auth.uid()));
