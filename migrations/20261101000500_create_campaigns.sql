-- Outreach: campaigns, their texts, their leads, and who must never be contacted.
create table public.campaigns (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.otis_workflow_sessions (id) on delete cascade,
  owner_id uuid not null,
  revision bigint not null default 0,
  name text not null,
  status text not null default 'draft',
  channel text not null default 'csv',
  leads_total int not null default 0,
  leads_ready int not null default 0,
  leads_sent int not null default 0,
  leads_failed int not null default 0,
  leads_replied int not null default 0,
  step text not null default '',
  provider_campaign_id text,
  cost numeric(12, 4) not null default 0,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint campaigns_name check (char_length(name) between 1 and 120),
  constraint campaigns_status check (status in ('draft', 'preparing', 'ready', 'pushing', 'active', 'paused', 'completed', 'failed', 'cancelled')),
  constraint campaigns_channel check (channel in ('csv', 'instantly')),
  constraint campaigns_counters check (least(leads_total, leads_ready, leads_sent, leads_failed, leads_replied) >= 0),
  constraint campaigns_live_size check (octet_length(step) <= 200 and octet_length(coalesce(error_message, '')) <= 400)
);
comment on table public.campaigns is 'An outreach campaign of a session. Live; its texts are in campaign_texts.';
create index campaigns_revision on public.campaigns (session_id, revision);
create index campaigns_owner on public.campaigns (owner_id);

alter table public.campaigns enable row level security;
revoke all on public.campaigns from public, anon, authenticated;
grant select on public.campaigns to authenticated;
grant all on public.campaigns to service_role;
create policy "owner reads" on public.campaigns for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.campaign_texts (
  campaign_id uuid primary key references public.campaigns (id) on delete cascade,
  owner_id uuid not null,
  subject text not null default '',
  body text not null default '',
  personal_line text not null default '',
  unsubscribe_text text not null default '',
  sender jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  constraint campaign_texts_size check (
    char_length(subject) <= 300 and char_length(body) <= 20000 and char_length(personal_line) <= 2000
    and char_length(unsubscribe_text) <= 1000 and octet_length(sender::text) <= 4000)
);
comment on table public.campaign_texts is 'The template of a campaign: subject, body, the rule or prompt of the personal line, unsubscribe text.';
create index campaign_texts_owner on public.campaign_texts (owner_id);

alter table public.campaign_texts enable row level security;
revoke all on public.campaign_texts from public, anon, authenticated;
grant select on public.campaign_texts to authenticated;
grant all on public.campaign_texts to service_role;
create policy "owner reads" on public.campaign_texts for select to authenticated
  using (owner_id = (select auth.uid()));
grant update (subject, body, personal_line, unsubscribe_text, sender) on public.campaign_texts to authenticated;
create policy "owner edits" on public.campaign_texts for update to authenticated
  using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
create trigger touch before update on public.campaign_texts
  for each row execute function otis.touch_updated_at();

create table public.campaign_leads (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null,
  owner_id uuid not null,
  revision bigint not null default 0,
  campaign_id uuid not null references public.campaigns (id) on delete cascade,
  company_id uuid,
  contact_id uuid references public.contacts (id) on delete set null,
  status text not null default 'pending',
  email text,
  email_hash text generated always as (otis.hash_email(email)) stored,
  full_name text,
  company_name text,
  personal_line text,
  variables jsonb not null default '{}',
  position int not null default 0,
  provider_lead_id text,
  error_code text,
  error_message text,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint campaign_leads_status check (status in
    ('pending', 'personalising', 'ready', 'pushing', 'sent', 'replied', 'bounced', 'unsubscribed', 'suppressed', 'skipped', 'failed')),
  constraint campaign_leads_ready_has_email check (email is not null or status not in ('ready', 'pushing')),
  constraint campaign_leads_live_size check (
    octet_length(coalesce(email, '')) <= 254 and octet_length(coalesce(full_name, '')) + octet_length(coalesce(company_name, '')) <= 500
    and octet_length(coalesce(personal_line, '')) <= 500 and octet_length(variables::text) <= 400
    and octet_length(coalesce(error_message, '')) <= 200)
);
comment on table public.campaign_leads is 'A lead of a campaign. Live.';
create unique index campaign_leads_once on public.campaign_leads (campaign_id, email_hash) where email_hash is not null;
create index campaign_leads_revision on public.campaign_leads (session_id, revision);
create index campaign_leads_owner_hash on public.campaign_leads (owner_id, email_hash);
create index campaign_leads_contact on public.campaign_leads (contact_id);
create index campaign_leads_order on public.campaign_leads (campaign_id, position);
-- What a step takes next, without passing over all that earlier steps have done.
create index campaign_leads_to_write on public.campaign_leads (campaign_id, position, id) where status in ('pending', 'personalising');
create index campaign_leads_to_push on public.campaign_leads (campaign_id, status, position, id) where status in ('ready', 'pushing');

alter table public.campaign_leads enable row level security;
revoke all on public.campaign_leads from public, anon, authenticated;
grant select on public.campaign_leads to authenticated;
grant all on public.campaign_leads to service_role;
create policy "owner reads" on public.campaign_leads for select to authenticated
  using (owner_id = (select auth.uid()));

create table public.suppressions (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  kind text not null,
  email_hash text,
  domain text,
  reason text not null default 'asked',
  created_at timestamptz not null default now(),
  constraint suppressions_kind check (kind in ('email', 'domain')),
  constraint suppressions_value check (
    (kind = 'email' and email_hash ~ '^[0-9a-f]{64}$' and domain is null)
    or (kind = 'domain' and email_hash is null and domain = lower(domain) and char_length(domain) between 3 and 253)),
  constraint suppressions_reason check (reason in ('asked', 'bounced', 'unsubscribed', 'erased', 'imported'))
);
comment on table public.suppressions is 'E-mail hashes and domains never to contact; enforced by trigger at every exit. Keeps no address.';
create unique index suppressions_email on public.suppressions (owner_id, email_hash) where kind = 'email';
create index suppressions_owner on public.suppressions (owner_id);
create unique index suppressions_domain on public.suppressions (owner_id, domain) where kind = 'domain';

alter table public.suppressions enable row level security;
revoke all on public.suppressions from public, anon, authenticated;
grant select on public.suppressions to authenticated;
grant all on public.suppressions to service_role;
create policy "owner reads" on public.suppressions for select to authenticated
  using (owner_id = (select auth.uid()));
grant delete on public.suppressions to authenticated;
-- Only what she put there herself: who asked to be erased or unsubscribed, or whose mailbox is gone, stays.
create policy "owner deletes" on public.suppressions for delete to authenticated
  using (owner_id = (select auth.uid()) and reason in ('asked', 'imported'));
