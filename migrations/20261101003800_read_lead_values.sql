-- What a template may say of a lead, for previews and for personal lines.
create function public.lead_values(p_campaign_id uuid, p_lead_ids uuid[] default null, p_limit int default 20)
returns table (lead_id uuid, email text, said jsonb)
language sql
stable
set search_path = ''
as $$
  select l.id, l.email, l.variables || jsonb_strip_nulls(jsonb_build_object(
    'first_name', nullif(split_part(l.full_name, ' ', 1), ''),
    'last_name', nullif(substr(l.full_name, char_length(split_part(l.full_name, ' ', 1)) + 2), ''),
    'full_name', l.full_name, 'email', l.email, 'role', k.role,
    'company_name', coalesce(l.company_name, c.name), 'domain', c.domain, 'industry', c.industry,
    'city', c.city, 'country', c.country, 'job_title', j.title,
    'jobs_count', c.jobs_count::text, 'personal_line', l.personal_line,
    'sender_name', t.sender ->> 'name', 'sender_company', t.sender ->> 'company',
    'unsubscribe_text', nullif(t.unsubscribe_text, '')))
  from public.campaign_leads l
  join public.campaign_texts t on t.campaign_id = l.campaign_id
  left join public.contacts k on k.id = l.contact_id
  left join public.session_companies c on c.session_id = l.session_id and c.company_id = l.company_id
  left join lateral (
    select p.title from public.job_postings p
    where p.session_id = l.session_id and p.company_id = l.company_id and p.status = 'open'
    order by p.posted_at desc nulls last, p.id limit 1) j on true
  where l.campaign_id = p_campaign_id and l.status not in ('suppressed', 'skipped')
    -- By their ids in either case, so that a few are not looked for among all.
    and l.id = any (coalesce(p_lead_ids, array(
      select x.id from public.campaign_leads x
      where x.campaign_id = p_campaign_id and x.status not in ('suppressed', 'skipped')
      order by x.position, x.id limit p_limit)))
  order by l.position, l.id
  limit p_limit
$$;
comment on function public.lead_values(uuid, uuid[], int) is
  'Leads of a campaign with the variables of the template language, {"first_name": …}; what is unknown is left out.';
grant execute on function public.lead_values(uuid, uuid[], int) to authenticated, service_role;
