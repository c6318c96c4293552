-- The right to be forgotten: one call reaches every table and stops every pending push. Only the hash stays, so that a
-- later import or purchase cannot bring the person back.
create function otis.erase_person_of(p_owner uuid, p_email text)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_email text := lower(btrim(p_email));
  v_hash text := otis.hash_email(p_email);
  -- The address as a pattern, in whatever case.
  v_pattern text := regexp_replace(v_email, '([^a-z0-9@])', '\\\1', 'g');
  v_written text := encode(convert_to(v_email, 'UTF8'), 'escape');
  v_companies uuid[];
  v_rows int;
  v_erased int;
begin
  -- Locks the owner and all her sessions, and recalls her leads with that address from every queue.
  perform otis.suppress_for(p_owner, array[v_hash], '{}', 'erased');
  update public.suppressions s set reason = 'erased' where s.owner_id = p_owner and s.email_hash = v_hash and s.reason <> 'erased';

  v_erased := otis.empty_leads(array(select l.id from public.campaign_leads l where l.owner_id = p_owner and l.email_hash = v_hash),
    'erased', 'This person asked to be forgotten.');

  -- The same person without the address (a name on a team page, a number) goes too, and is not found again.
  with person as (
    select c.company_id, c.email_hash, c.full_name from public.contacts c where c.owner_id = p_owner and c.email_hash = v_hash
  ), gone as (
    delete from public.contacts c using (select distinct x.company_id, x.full_name from person x) x
    where c.company_id = x.company_id and (c.email_hash = v_hash or c.full_name = x.full_name)
    returning c.id, c.company_id, c.value_key
  ), kept_out as (
    insert into otis.erased_contacts (company_id, key_hash)
    select g.company_id, otis.hash_contact(g.company_id, g.value_key) from gone g
    on conflict do nothing
  )
  select array_agg(distinct g.company_id), count(distinct g.id) into v_companies, v_rows from gone g;
  v_erased := v_erased + v_rows;
  if v_companies is not null then
    perform otis.refresh_copies(v_companies);
  end if;

  delete from public.company_facts f where f.owner_id = p_owner and position(v_email in lower(f.value)) > 0;
  get diagnostics v_rows = row_count;
  v_erased := v_erased + v_rows;
  delete from otis.purchases p where p.owner_id = p_owner and position(v_email in lower(p.result::text)) > 0;
  get diagnostics v_rows = row_count;
  v_erased := v_erased + v_rows;

  -- In a text that is about something else, only the address goes.
  update public.companies c set description = regexp_replace(c.description, v_pattern, '…', 'gi')
  where c.owner_id = p_owner and position(v_email in lower(c.description)) > 0;
  get diagnostics v_rows = row_count;
  v_erased := v_erased + v_rows;
  update public.job_posting_texts t set
    description_text = regexp_replace(t.description_text, v_pattern, '…', 'gi'),
    description_html = regexp_replace(t.description_html, v_pattern, '…', 'gi')
  where t.owner_id = p_owner
    and (position(v_email in lower(t.description_text)) > 0 or position(v_email in lower(t.description_html)) > 0);
  get diagnostics v_rows = row_count;
  v_erased := v_erased + v_rows;

  -- Files that name her, whatever their encoding has between the letters, and wherever a piece ends.
  delete from public.uploads u where u.id in (
    select k.upload_id from (
      select c.upload_id, c.bytes || coalesce(substr(lead(c.bytes) over (partition by c.upload_id order by c.seq), 1, 600), '') as bytes
      from otis.upload_chunks c join public.uploads o on o.id = c.upload_id where o.owner_id = p_owner) k
    where position(v_written in lower(replace(encode(k.bytes, 'escape'), '\000', ''))) > 0);
  get diagnostics v_rows = row_count;
  return v_erased + v_rows;
end $$;
comment on function otis.erase_person_of(uuid, text) is
  'Erases a person, by address, from all that an owner has: leads, contacts, facts, purchases, texts, uploads. Keeps only hashes, by which the person stays out. How many rows.';

create function public.erase_person(p_email text)
returns jsonb
language plpgsql
security definer -- reaches private tables; only ever the caller's own
set search_path = ''
as $$
declare
  v_owner uuid := otis.enter_action('erase_person');
begin
  if p_email is null or btrim(p_email) !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or char_length(p_email) > 254 then
    perform otis.refuse(400, 'invalid_input', 'This is no e-mail address. Nothing was changed.');
  end if;
  return jsonb_build_object('erased', otis.erase_person_of(v_owner, p_email));
end $$;
comment on function public.erase_person(text) is 'Forgets a person in everything the caller has: {erased: rows}. Raises invalid_input.';
grant execute on function public.erase_person(text) to authenticated, service_role;
