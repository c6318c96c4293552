-- Postings: what lists show, their long texts, and which sources name them.
create table public.job_postings (
  -- Random but for its first 48 bits, the time in 1/65536 s: what comes together stands together in the index.
  id uuid primary key default encode(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((date_part('epoch', clock_timestamp()) * 65536)::bigint) from 3) from 1), 'hex')::uuid,
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
comment on column public.job_postings.company_id is 'In session_companies, with session_id. No foreign key, whose check of each row costs a quarter of its insert: count_parent checks all rows of a statement at once, and drop_postings deletes with the company.';
comment on column public.job_postings.run_id is 'The run that found it first. No foreign key either: count_parent checks it, and runs live as long as their session.';
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

create function otis.drop_postings()
returns trigger
language plpgsql
security definer -- a user is deleted by Supabase Auth, who has no rights here
set search_path = ''
as $$
begin
  delete from public.job_postings p using old_rows o where p.session_id = o.session_id and p.company_id = o.company_id;
  return null;
end $$;
comment on function otis.drop_postings() is 'Statement trigger: the postings of a company that leaves its session go with it. R6: whoever writes postings holds the session.';
create trigger drop_postings after delete on public.session_companies
  referencing old table as old_rows for each statement execute function otis.drop_postings();

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
