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
  v_companies uuid[];
  v_rows int;
  v_erased int := 0;
begin
  -- Locks the owner and all her sessions, and recalls her leads with that address from every queue.
  perform otis.suppress_for(p_owner, array[v_hash], '{}', 'erased');

  update public.campaign_leads l set
    email = null, full_name = null, personal_line = null, variables = '{}', contact_id = null,
    status = 'suppressed', error_code = 'erased', error_message = 'This person asked to be forgotten.'
  where l.owner_id = p_owner and l.email_hash = v_hash;
  get diagnostics v_rows = row_count;
  v_erased := v_erased + v_rows;

  with gone as (
    delete from public.contacts c where c.owner_id = p_owner and c.email_hash = v_hash returning c.company_id
  )
  select array_agg(distinct g.company_id), count(*) into v_companies, v_rows from gone g;
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

  -- Files are working copies, and an address may be cut in two by the border of a piece: all of them go.
  delete from public.uploads u where u.owner_id = p_owner and exists (
    select from otis.upload_chunks k where k.upload_id = u.id
      and (position(convert_to(v_email, 'UTF8') in k.bytes) > 0 or u.chunks > 1));
  get diagnostics v_rows = row_count;
  return v_erased + v_rows;
end $$;
comment on function otis.erase_person_of(uuid, text) is
  'Erases a person, by address, from all that an owner has: leads, contacts, facts, purchases, uploads. Keeps the hash on the suppression list. How many rows.';

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

create function otis.erase_person(p_email text)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_owner uuid;
  v_erased int := 0;
begin
  for v_owner in select u.id from auth.users u order by u.id loop
    v_erased := v_erased + otis.erase_person_of(v_owner, p_email);
  end loop;
  return v_erased;
end $$;
comment on function otis.erase_person(text) is 'The operator''s: forgets a person in everything anybody has.';
