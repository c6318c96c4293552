-- Suppressed leads that a vendor has: they are taken out there, so that nobody on the list is written to by a campaign
-- which was pushed before.
create index campaign_leads_at_vendor on public.campaign_leads (id)
  where (status = 'suppressed' or email is null) and provider_lead_id is not null;

create function otis.leads_to_withdraw(p_limit int default 50)
returns table (id uuid, provider_lead_id text)
language sql
stable
set search_path = ''
as $$
  select l.id, l.provider_lead_id from public.campaign_leads l
  where (l.status = 'suppressed' or l.email is null) and l.provider_lead_id is not null
  order by l.id limit p_limit
$$;
comment on function otis.leads_to_withdraw(int) is 'Leads on their owner''s list, or of a person who was forgotten, that a vendor still has. They leave this list by lead_withdrawn.';

create function otis.lead_withdrawn(p_lead uuid, p_provider_lead_id text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform otis.lock_sessions(array(select l.session_id from public.campaign_leads l where l.id = p_lead));
  update public.campaign_leads l set provider_lead_id = null
  where l.id = p_lead and (l.status = 'suppressed' or l.email is null) and l.provider_lead_id = p_provider_lead_id;
end $$;
comment on function otis.lead_withdrawn(uuid, text) is 'The vendor has forgotten this lead.';

create function otis.suppressed_among(p_campaign uuid, p_emails text[])
returns text[]
language sql
stable
set search_path = ''
as $$
  select array(
    select e from unnest(p_emails) e
    cross join public.campaigns c
    left join public.campaign_leads l on l.campaign_id = c.id and l.email_hash = otis.hash_email(e)
    where c.id = p_campaign and (l.status = 'suppressed' or otis.is_suppressed(c.owner_id, e, l.company_id)))
$$;
comment on function otis.suppressed_among(uuid, text[]) is 'Of the addresses that a vendor''s campaign holds, those that it must not write to.';

create function otis.chores_wait()
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (select from otis.leads_to_withdraw(1))
    or exists (select from otis.work_items w
      where w.finished_at > now() - interval '1 day' and w.state = 'cancelled' and w.kind = 'scrape' and w.provider = 'apify'
        and w.payload ? 'checkpoint')
$$;
comment on function otis.chores_wait() is
  'Whether a worker is needed though nothing is due: to take suppressed leads out at a vendor, or to stop a cancelled actor that goes on costing money.';
