-- The companies an owner knows, and those that a session shows.
create table public.companies (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id) on delete cascade,
  name text not null,
  normalised_name text not null,
  domain text,
  website_url text,
  logo_url text,
  description text,
  industry text,
  employees int,
  address text,
  city text,
  country text,
  enriched_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint companies_lengths check (
    char_length(name) between 1 and 200 and char_length(normalised_name) between 1 and 200
    and char_length(coalesce(domain, 'x')) between 1 and 253 and char_length(coalesce(description, '')) <= 4000
    and char_length(coalesce(country, 'XX')) = 2)
);
comment on table public.companies is 'A company its owner knows, one per registrable domain, else per normalised name. Not live: session_companies carries what is shown.';
create unique index companies_owner_domain on public.companies (owner_id, domain) where domain is not null;
create unique index companies_owner_name on public.companies (owner_id, normalised_name) where domain is null;
create index companies_owner_any_name on public.companies (owner_id, normalised_name);

alter table public.companies enable row level security;
revoke all on public.companies from public, anon, authenticated;
grant select on public.companies to authenticated;
grant all on public.companies to service_role;
create policy "owner reads" on public.companies for select to authenticated
  using (owner_id = (select auth.uid()));
create trigger touch before update on public.companies
  for each row execute function otis.touch_updated_at();

create table public.session_companies (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  company_id uuid not null references public.companies (id) on delete cascade,
  status text not null default 'active',
  name text not null,
  domain text,
  industry text,
  employees int,
  city text,
  country text,
  selected boolean not null default false,
  lead_status text not null default 'new',
  jobs_count int not null default 0,
  emails_count int not null default 0,
  phones_count int not null default 0,
  people_count int not null default 0,
  enriched_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint session_companies_company unique (session_id, company_id),
  constraint session_companies_status check (status in ('active', 'removed')),
  constraint session_companies_lead_status check (lead_status in ('new', 'interesting', 'contacted', 'replied', 'won', 'ignored')),
  constraint session_companies_selected_is_active check (not selected or status = 'active'),
  constraint session_companies_counters check (least(jobs_count, emails_count, phones_count, people_count) >= 0),
  constraint session_companies_live_size check (
    octet_length(name) <= 600 and octet_length(coalesce(industry, '')) <= 200 and octet_length(coalesce(city, '')) <= 300)
);
comment on table public.session_companies is 'A company in a session, with the copies of its facts that lists show. Live.';
create index session_companies_revision on public.session_companies (session_id, revision);
create index session_companies_company_id on public.session_companies (company_id);
create index session_companies_owner on public.session_companies (owner_id);

alter table public.session_companies enable row level security;
revoke all on public.session_companies from public, anon, authenticated;
grant select on public.session_companies to authenticated;
grant all on public.session_companies to service_role;
create policy "owner reads" on public.session_companies for select to authenticated
  using (owner_id = (select auth.uid()));
