-- Suppressed leads that a vendor has: they are taken out there, so that nobody on the list is written to by a campaign
-- which was pushed before.
create index campaign_leads_at_vendor on public.campaign_leads (id)
  where (status = 'suppressed' or email is null) and provider_lead_id is not null;

create table otis.postponed_chores (
  chore text primary key,
  reason text not null,
  not_before timestamptz not null,
  constraint postponed_chores_chore check (chore in ('withdraw_leads', 'stop_actors'))
);
comment on table otis.postponed_chores is
  'What no worker can do at present, for want of a key perhaps. Until not_before none is called for it; one that is there anyway tries it.';
alter table otis.postponed_chores enable row level security;
grant select, insert, update, delete on otis.postponed_chores to service_role;

create function otis.postpone_chore(p_chore text, p_reason text, p_seconds float8 default null)
returns void
language sql
set search_path = ''
as $$
  insert into otis.postponed_chores as p (chore, reason, not_before) values (p_chore, p_reason,
    now() + make_interval(secs => least(p_seconds, 600)))
  on conflict (chore) do update set reason = excluded.reason, not_before = excluded.not_before where p.not_before <= now()
$$;
comment on function otis.postpone_chore(text, text, float8) is 'A worker could not do this chore: none is called for it for so long, at most and by default ten minutes. Whoever says so meanwhile changes nothing.';

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
  delete from otis.postponed_chores p where p.chore = 'withdraw_leads';
end $$;
comment on function otis.lead_withdrawn(uuid, text) is 'The vendor has forgotten this lead, and listens again if it did not.';

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

create function otis.actors_to_stop(p_limit int default 20)
returns table (id uuid, payload jsonb)
language sql
stable
set search_path = ''
as $$
  select w.id, w.payload from otis.work_items w
  where w.finished_at > now() - interval '1 day' and w.state = 'cancelled' and w.kind = 'scrape' and w.provider = 'apify'
    and w.payload ? 'checkpoint'
  limit p_limit
$$;
comment on function otis.actors_to_stop(int) is 'Scrapes cancelled within a day whose actor may go on costing money. They leave this list by actor_stopped.';

create function otis.actor_stopped(p_item uuid)
returns void
language sql
set search_path = ''
as $$
  update otis.work_items w set payload = w.payload - 'checkpoint' where w.id = p_item and w.state = 'cancelled';
  delete from otis.postponed_chores p where p.chore = 'stop_actors';
$$;
comment on function otis.actor_stopped(uuid) is 'The actor of this cancelled scrape has ended: a retry begins anew.';

create function otis.chores_wait()
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from (values ('withdraw_leads', exists (select from otis.leads_to_withdraw(1))),
      ('stop_actors', exists (select from otis.actors_to_stop(1)))) as c (chore, waits)
    where c.waits and not exists (select from otis.postponed_chores p where p.chore = c.chore and p.not_before > now()))
$$;
comment on function otis.chores_wait() is
  'Whether a worker is needed though nothing is due: to take suppressed leads out at a vendor, or to stop a cancelled actor that goes on costing money. Not while that is postponed.';

create view inspect.chores with (security_invoker = true) as
  select c.chore, c.waiting, p.not_before, p.reason
  from (values ('withdraw_leads', (select count(*) from otis.leads_to_withdraw(null))),
    ('stop_actors', (select count(*) from otis.actors_to_stop(null)))) as c (chore, waiting)
  left join otis.postponed_chores p on p.chore = c.chore and p.not_before > now();
comment on view inspect.chores is 'What workers see to beside the queue, and why it waits if no worker can.';
comment on column inspect.chores.chore is 'withdraw_leads: suppressed leads that Instantly still has; stop_actors: cancelled Apify runs.';
comment on column inspect.chores.waiting is 'How many.';
comment on column inspect.chores.not_before is 'Until then no worker is called for it; null: one is called at the next tick.';
comment on column inspect.chores.reason is 'Why the last worker could not do it: no_key, key_refused, out_of_credit or rate_limited.';
grant select on inspect.chores to service_role;
