-- Who must never be contacted: no path leads such a lead to ready, pushing or sent.
create function otis.is_suppressed(p_owner uuid, p_email text, p_company uuid default null)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  v_hash text := otis.hash_email(p_email);
  v_labels text[] := string_to_array(lower(split_part(p_email, '@', 2)), '.');
begin
  return exists (
    select from public.suppressions s
    where s.owner_id = p_owner and s.kind = 'email' and s.email_hash = v_hash)
  or exists (
    -- acme.com stands for every host below it, too.
    select from public.suppressions s
    where s.owner_id = p_owner and s.kind = 'domain'
      and s.domain = any (array(select array_to_string(v_labels[generate_subscripts(v_labels, 1):], '.'))
        || (select c.domain from public.companies c where c.id = p_company)));
end $$;
comment on function otis.is_suppressed(uuid, text, uuid) is 'Whether an address, its domain, or its company''s domain is on the owner''s list.';

create function public.is_suppressed(p_email text, p_company uuid default null)
returns boolean
language sql
stable
security definer -- asks the private function; answers for the caller's own list only
set search_path = ''
as $$
  select otis.is_suppressed(auth.uid(), p_email, p_company)
$$;
comment on function public.is_suppressed(text, uuid) is
  'Whether the caller must not contact this address, or this company: for every exit that reads leads or contacts.';
grant execute on function public.is_suppressed(text, uuid) to authenticated, service_role;

create function otis.hold_back_suppressed()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if otis.is_suppressed(new.owner_id, new.email, new.company_id) then
    new.status := 'suppressed';
    new.error_code := 'suppressed';
    new.error_message := 'This person or company asked not to be contacted.';
    if exists (select from public.suppressions s
      where s.owner_id = new.owner_id and s.kind = 'email' and s.reason = 'erased' and s.email_hash = otis.hash_email(new.email)) then
      new.email := null;
      new.full_name := null;
      new.personal_line := null;
      new.variables := '{}';
    end if;
  end if;
  return new;
end $$;
comment on function otis.hold_back_suppressed() is
  'Row trigger: a lead on its owner''s list turns suppressed instead of what was asked, and of a person who was erased nothing is kept; the other leads go on.';
-- After the stamp (which knows the owner) and the guard, by name.
create trigger hold_back before insert or update of status, email, company_id on public.campaign_leads
  for each row when (new.status in ('pending', 'personalising', 'ready', 'pushing', 'sent'))
  execute function otis.hold_back_suppressed();

create function otis.can_be_recalled(p_lead public.campaign_leads)
returns boolean
language sql
stable
set search_path = ''
as $$
  select p_lead.status in ('pending', 'personalising', 'ready', 'pushing', 'skipped', 'failed')
    or (p_lead.status = 'sent' and p_lead.provider_lead_id is not null)
$$;
comment on function otis.can_be_recalled(public.campaign_leads) is
  'Whether a lead has not been written to for certain: one that a vendor has may still wait there for its turn.';

create function otis.recall_leads()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_leads uuid[];
begin
  select array_agg(x.id) into v_leads from (
    select l.id from new_rows s join public.campaign_leads l on l.owner_id = s.owner_id and l.email_hash = s.email_hash
    where otis.can_be_recalled(l)
    union
    select l.id from public.campaign_leads l
    where l.owner_id in (select s.owner_id from new_rows s where s.kind = 'domain')
      and otis.can_be_recalled(l) and otis.is_suppressed(l.owner_id, l.email, l.company_id)) x;
  if v_leads is not null then
    perform otis.lock_sessions(array(select l.session_id from public.campaign_leads l where l.id = any (v_leads)));
    update public.campaign_leads l set status = 'suppressed', error_code = 'suppressed',
      error_message = 'This person or company asked not to be contacted.'
    where l.id = any (v_leads) and otis.can_be_recalled(l);
    -- Who is at the vendor already is taken out again there.
    perform otis.wake_workers('stop');
  end if;
  return null;
end $$;
comment on function otis.recall_leads() is 'Statement trigger: a new suppression stops every pending push of its owner.';
create trigger recall_insert after insert on public.suppressions referencing new table as new_rows
  for each statement execute function otis.recall_leads();

create function otis.suppress_for(p_owner uuid, p_hashes text[], p_domains text[], p_reason text)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_emails int;
  v_domains int;
begin
  -- With all her sessions locked no lead of hers is on its way past the list while it changes.
  perform otis.lock_owners(array[p_owner]);
  perform otis.lock_sessions(array(select s.id from public.otis_workflow_sessions s where s.owner_id = p_owner));
  insert into public.suppressions (owner_id, kind, email_hash, reason)
  select distinct p_owner, 'email', h, p_reason from unnest(p_hashes) h
  where not exists (select from public.suppressions s where s.owner_id = p_owner and s.kind = 'email' and s.email_hash = h);
  get diagnostics v_emails = row_count;
  insert into public.suppressions (owner_id, kind, domain, reason)
  select distinct p_owner, 'domain', d, p_reason from unnest(p_domains) d
  where not exists (select from public.suppressions s where s.owner_id = p_owner and s.kind = 'domain' and s.domain = d);
  get diagnostics v_domains = row_count;
  return v_emails + v_domains;
end $$;
comment on function otis.suppress_for(uuid, text[], text[], text) is
  'Puts hashes of addresses and domains on an owner''s list and recalls her leads (reason asked bounced unsubscribed erased imported).';

create function public.suppress(p_emails text[] default '{}', p_domains text[] default '{}', p_reason text default 'asked')
returns jsonb
language plpgsql
security definer -- writes leads of all her sessions; only ever her own
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('suppress', null, jsonb_build_object('emails', cardinality(p_emails), 'domains', cardinality(p_domains)));
  v_emails text[] := array(select lower(btrim(e)) from unnest(p_emails) e);
  v_domains text[] := array(select regexp_replace(lower(btrim(d)), '^(https?://)?(www\.)?([^/]*).*$', '\3') from unnest(p_domains) d);
begin
  if cardinality(v_emails) > 10000 or cardinality(v_domains) > 10000 then
    perform otis.refuse(400, 'too_many', 'At most 10,000 addresses and 10,000 domains at once. Nothing was changed.');
  end if;
  if cardinality(v_emails) + cardinality(v_domains) = 0 or p_reason not in ('asked', 'imported')
     or exists (select from unnest(v_emails) e where e !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or char_length(e) > 254)
     or exists (select from unnest(v_domains) d where d !~ '^[^@\s/]+\.[^@\s/.]+$' or char_length(d) > 253) then
    perform otis.refuse(400, 'invalid_input', 'Give addresses like ann@acme.com or domains like acme.com. Nothing was changed.');
  end if;
  return jsonb_build_object('suppressed', otis.suppress_for(v_owner,
    array(select otis.hash_email(e) from unnest(v_emails) e), v_domains, p_reason));
end $$;
comment on function public.suppress(text[], text[], text) is
  'Never contact these → {suppressed}. Stops every pending push. Raises invalid_input, too_many.';
grant execute on function public.suppress(text[], text[], text) to authenticated, service_role;
