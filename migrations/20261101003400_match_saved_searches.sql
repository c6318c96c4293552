-- Alerts: when a run ends, its new postings are held against the owner's saved searches.
create function otis.match_saved_searches()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  with matched as (
    select s.id, s.name, count(*) as postings, min(p.title) as title
    from public.saved_searches s
    join public.job_postings p on p.session_id = new.session_id and p.run_id = new.id and p.status = 'open'
    join public.session_companies c on c.session_id = p.session_id and c.company_id = p.company_id
    where s.owner_id = new.owner_id and s.active
      and (coalesce(s.query ->> 'text', '') = '' or position(lower(s.query ->> 'text') in lower(p.title)) > 0)
      and (coalesce(s.query ->> 'city', '') = '' or lower(p.city) = lower(s.query ->> 'city'))
      and (coalesce(s.query ->> 'country', '') = '' or p.country = upper(s.query ->> 'country'))
      and (coalesce(s.query ->> 'workplace', '') = '' or p.workplace = s.query ->> 'workplace')
      and (coalesce(s.query ->> 'company', '') = '' or position(lower(s.query ->> 'company') in lower(c.name)) > 0)
    group by s.id, s.name
  ), noted as (
    update public.saved_searches s set last_matched_at = now() from matched m where s.id = m.id
  )
  insert into public.notifications (owner_id, session_id, kind, title, body, link)
  select new.owner_id, new.session_id, 'saved_search',
    otis.clip(case when m.postings = 1 then '1 new posting: ' else m.postings || ' new postings: ' end || m.name, 300),
    otis.clip(m.title || case when m.postings > 1 then ' and ' || m.postings - 1 || ' more' else '' end, 900),
    '/s/' || new.session_id || '?stage=scraping'
  from matched m;
  return null;
end $$;
comment on function otis.match_saved_searches() is 'Row trigger of a run that ended: one notification for each saved search that its new postings match.';

-- Deferred: the inbox is locked after every session that the transaction still may lock (R6).
create constraint trigger match_saved_searches after update of status on public.scraping_runs
  deferrable initially deferred
  for each row when (new.status = 'completed' and old.status <> 'completed')
  execute function otis.match_saved_searches();
