-- Who was erased stays out of the texts that are read again from the web: enforced where they are written.
create function otis.without_erased(p_owner uuid, p_text text)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  v_text text := p_text;
  v_email text;
begin
  for v_email in
    select distinct m[1] from regexp_matches(p_text, '[a-z0-9._%+''-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+', 'gi') m
    where exists (select from public.suppressions s
      where s.owner_id = p_owner and s.kind = 'email' and s.email_hash = otis.hash_email(m[1]) and s.reason = 'erased')
  loop
    v_text := replace(v_text, v_email, '…');
  end loop;
  return v_text;
end $$;
comment on function otis.without_erased(uuid, text) is 'A text without the addresses of those who asked this owner to be forgotten.';

create function otis.keep_erased_out()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  case tg_table_name
    when 'job_posting_texts' then
      new.description_text := otis.without_erased(new.owner_id, new.description_text);
      new.description_html := otis.without_erased(new.owner_id, new.description_html);
    when 'company_facts' then
      new.value := otis.without_erased(new.owner_id, new.value);
    else
      new.description := otis.without_erased(new.owner_id, new.description);
  end case;
  return new;
end $$;
comment on function otis.keep_erased_out() is 'Row trigger: a text from the web does not bring back who was erased.';
create trigger keep_erased_out before insert or update on public.job_posting_texts
  for each row when (new.description_text like '%@%' or new.description_html like '%@%') execute function otis.keep_erased_out();
create trigger keep_erased_out before insert or update on public.company_facts
  for each row when (new.value like '%@%') execute function otis.keep_erased_out();
create trigger keep_erased_out before insert or update on public.companies
  for each row when (new.description like '%@%') execute function otis.keep_erased_out();
