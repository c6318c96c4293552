-- What scraping writes: the log, one run per source, companies, postings.
create table public.otis_progress_events (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  level text not null default 'info',
  event_type text not null,
  message text not null,
  event_data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint otis_progress_events_level check (level in ('debug', 'info', 'success', 'warning', 'error')),
  constraint otis_progress_events_type_length check (char_length(event_type) between 1 and 60),
  constraint otis_progress_events_live_size check (octet_length(message) <= 600 and octet_length(event_data::text) <= 1000)
);
comment on table public.otis_progress_events is 'Append-only log of a session. Live.';
create index otis_progress_events_revision on public.otis_progress_events (session_id, revision);
create index otis_progress_events_created on public.otis_progress_events (created_at);
create index otis_progress_events_owner on public.otis_progress_events (owner_id);

alter table public.otis_progress_events enable row level security;
revoke all on public.otis_progress_events from public, anon, authenticated;
grant select on public.otis_progress_events to authenticated;
grant all on public.otis_progress_events to service_role;
create policy "owner reads" on public.otis_progress_events for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.scraping_runs (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  source_kind text not null,
  source_key text not null,
  source_label text not null,
  config jsonb not null default '{}',
  status text not null default 'queued',
  outcome text,
  step text not null default '',
  items_total int,
  items_done int not null default 0,
  items_found int not null default 0,
  items_seen int not null default 0,
  percent smallint not null default 0,
  errors_count int not null default 0,
  error_code text,
  error_message text,
  cost_usd numeric(12, 6) not null default 0,
  priority smallint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint scraping_runs_status check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled')),
  constraint scraping_runs_outcome check (outcome in ('found', 'zero', 'unknown', 'failed')),
  constraint scraping_runs_outcome_of_finished check (outcome is null or status in ('completed', 'failed', 'cancelled')),
  constraint scraping_runs_percent check (percent between 0 and 100),
  constraint scraping_runs_counters check (least(items_done, items_found, items_seen, errors_count) >= 0 and coalesce(items_total, 0) >= 0),
  constraint scraping_runs_priority check (priority between -100 and 100),
  constraint scraping_runs_live_size check (
    octet_length(source_key) + octet_length(source_label) <= 700 and octet_length(step) <= 200
    and octet_length(coalesce(error_message, '')) <= 400 and octet_length(config::text) <= 600)
);
comment on table public.scraping_runs is 'One source being scraped in a session. Live. Its checkpoint is the payload of its work item.';
comment on column public.scraping_runs.source_key is 'Canonical name of the source: the same source in a later run has the same key, so that gone postings can be closed.';
comment on column public.scraping_runs.outcome is 'zero = read and empty; unknown = no such board; failed = could not be read.';
comment on column public.scraping_runs.items_found is 'Postings first found by this run; kept by statement triggers.';
comment on column public.scraping_runs.items_seen is 'Postings the source named by the end of this run, those known before included.';
create index scraping_runs_revision on public.scraping_runs (session_id, revision);
create index scraping_runs_source on public.scraping_runs (session_id, source_key);
create index scraping_runs_owner on public.scraping_runs (owner_id);

alter table public.scraping_runs enable row level security;
revoke all on public.scraping_runs from public, anon, authenticated;
grant select on public.scraping_runs to authenticated;
grant all on public.scraping_runs to service_role;
create policy "owner reads" on public.scraping_runs for select to authenticated
  using (owner_id = (select auth.uid()));

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

create table public.job_postings (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null,
  owner_id uuid not null,
  revision bigint not null default 0,
  company_id uuid not null,
  run_id uuid not null,
  dedupe_key text not null,
  status text not null default 'open',
  title text not null,
  department text,
  location text,
  city text,
  region text,
  country text,
  workplace text,
  employment_type text,
  salary_min numeric(14, 2),
  salary_max numeric(14, 2),
  salary_currency text,
  salary_period text,
  url text,
  sources text[] not null default '{}',
  posted_at timestamptz,
  valid_through timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint job_postings_company foreign key (session_id, company_id)
    references public.session_companies (session_id, company_id) on delete cascade,
  constraint job_postings_dedupe unique (session_id, dedupe_key),
  constraint job_postings_status check (status in ('open', 'closed')),
  constraint job_postings_closed_at check ((status = 'closed') = (closed_at is not null)),
  constraint job_postings_workplace check (workplace in ('remote', 'hybrid', 'onsite')),
  constraint job_postings_employment_type check (employment_type in
    ('full_time', 'part_time', 'contract', 'temporary', 'internship', 'apprenticeship', 'volunteer', 'other')),
  constraint job_postings_salary_period check (salary_period in ('hour', 'day', 'week', 'month', 'year')),
  constraint job_postings_live_size check (
    octet_length(dedupe_key) <= 80 and octet_length(title) + octet_length(coalesce(department, '')) <= 500
    and octet_length(coalesce(location, '')) + octet_length(coalesce(city, '')) + octet_length(coalesce(region, '')) <= 400
    and octet_length(coalesce(url, '')) <= 500 and cardinality(sources) <= 8 and octet_length(sources::text) <= 200)
);
comment on table public.job_postings is 'A posting found in a session: one row, however many sources name it. Live; its long text is in job_posting_texts.';
comment on column public.job_postings.run_id is 'The run that found it first. Not a foreign key: runs live as long as their session, and the check per row would cost more than the row.';
comment on column public.job_postings.sources is 'The kinds of source that name this posting now.';
create index job_postings_revision on public.job_postings (session_id, revision);
create index job_postings_company_id on public.job_postings (session_id, company_id);
create index job_postings_owner on public.job_postings (owner_id);

alter table public.job_postings enable row level security;
revoke all on public.job_postings from public, anon, authenticated;
grant select on public.job_postings to authenticated;
grant all on public.job_postings to service_role;
create policy "owner reads" on public.job_postings for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.job_posting_texts (
  posting_id uuid primary key references public.job_postings (id) on delete cascade,
  owner_id uuid not null,
  description_html text not null default '',
  description_text text not null default '',
  constraint job_posting_texts_size check (octet_length(description_html) <= 200000 and octet_length(description_text) <= 200000)
);
comment on table public.job_posting_texts is 'The long text of a posting, sanitised. Never published, so that live rows stay small.';
create index job_posting_texts_owner on public.job_posting_texts (owner_id);

alter table public.job_posting_texts enable row level security;
revoke all on public.job_posting_texts from public, anon, authenticated;
grant select on public.job_posting_texts to authenticated;
grant all on public.job_posting_texts to service_role;
create policy "owner reads" on public.job_posting_texts for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.job_posting_sources (
  posting_id uuid not null references public.job_postings (id) on delete cascade,
  session_id uuid not null,
  source_key text not null,
  owner_id uuid not null,
  source_kind text not null,
  url text,
  external_id text,
  first_seen_at timestamptz not null default now(),
  last_seen_run uuid not null,
  gone_at timestamptz,
  primary key (posting_id, source_key)
);
comment on table public.job_posting_sources is 'Which source names which posting, when it was last seen there and since when it is gone. A posting without a living source is closed.';
create index job_posting_sources_source on public.job_posting_sources (session_id, source_key, external_id);
create index job_posting_sources_owner on public.job_posting_sources (owner_id);

alter table public.job_posting_sources enable row level security;
revoke all on public.job_posting_sources from public, anon, authenticated;
grant select on public.job_posting_sources to authenticated;
grant all on public.job_posting_sources to service_role;
create policy "owner reads" on public.job_posting_sources for select to authenticated
  using (owner_id = (select auth.uid()));
