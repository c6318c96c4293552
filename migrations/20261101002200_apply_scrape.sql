-- The effect of one scraping step, and how a run ends.
-- effect = {postings: Posting[], companies: CompanyRow[], sources: SourceRef[], progress: {step, done, total}, log, errors,
--           cost_usd; and with the last step: outcome (found zero unknown failed), message, error_code, exhaustive}

create function otis.close_gone(p_run public.scraping_runs)
returns int
language plpgsql
set search_path = ''
as $$
declare
  v_gone uuid[];
begin
  with gone as (
    update public.job_posting_sources s set gone_at = now()
    where s.session_id = p_run.session_id and s.source_key = p_run.source_key and s.gone_at is null and s.last_seen_run <> p_run.id
    returning s.posting_id
  )
  select array_agg(g.posting_id) into v_gone from gone g;
  if v_gone is null then
    return 0;
  end if;
  update public.job_postings j set
    sources = x.sources, status = case when x.sources = '{}' then 'closed' else j.status end,
    closed_at = case when x.sources = '{}' then coalesce(j.closed_at, now()) else j.closed_at end
  from (
    select g.id, coalesce((array_agg(distinct s.source_kind order by s.source_kind) filter (where s.gone_at is null))[1:8], '{}') as sources
    from unnest(v_gone) g (id) join public.job_posting_sources s on s.posting_id = g.id group by g.id) x
  where j.id = x.id and j.sources is distinct from x.sources;
  return cardinality(v_gone);
end $$;
comment on function otis.close_gone(public.scraping_runs) is
  'A source that was read to its end and no longer names a posting has lost it; a posting that no source names is closed.';

create function otis.apply_scrape(p_item otis.work_items, p_effect jsonb, p_ends boolean)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_run public.scraping_runs;
  v_list jsonb := p_effect -> 'postings';
  v_postings otis.scraped_posting[];
  v_named otis.named_company[];
  v_outcome text := p_effect ->> 'outcome';
  v_gone int := 0;
begin
  select * into v_run from public.scraping_runs r where r.id = p_item.subject_id;
  v_postings := otis.read_postings(v_list, p_item.payload -> 'source' -> 'company', v_run.source_label);
  if v_postings is not null then
    perform otis.store_postings(v_run, v_postings, v_list);
  end if;
  -- A list of companies has no postings: they go into the session as they are.
  v_named := array(
    select row(left(btrim(x.name), 200), left(otis.company_key(x.name), 200), lower(left(nullif(x.domain, ''), 253)), x.url, null,
      left(x.city, 200), substring(x.country from '^[A-Z]{2}$'))::otis.named_company
    from jsonb_to_recordset(case when jsonb_typeof(p_effect -> 'companies') = 'array' then p_effect -> 'companies' else '[]' end)
      as x (name text, domain text, url text, city text, country text)
    where otis.company_key(x.name) <> '');
  if v_named <> '{}' then
    perform otis.show_companies(v_run.session_id, array(select c.company_id from otis.resolve_companies(v_run.owner_id, v_named) c));
  end if;
  if jsonb_typeof(p_effect -> 'sources') = 'array' and p_effect -> 'sources' <> '[]' then
    perform otis.add_runs(v_run.session_id, p_effect -> 'sources', v_run.priority);
  end if;
  if p_ends and coalesce(v_outcome, '') not in ('found', 'zero', 'unknown', 'failed') then
    v_outcome := case when exists (select from public.job_posting_sources s
      where s.session_id = v_run.session_id and s.source_key = v_run.source_key and s.last_seen_run = v_run.id) then 'found' else 'zero' end;
  end if;
  if p_ends and v_outcome in ('found', 'zero') and coalesce((p_effect ->> 'exhaustive')::boolean, true) then
    v_gone := otis.close_gone(v_run);
  end if;
  perform otis.show_progress(jsonb_build_array(jsonb_build_object(
    'kind', 'scrape', 'subject_id', v_run.id, 'session_id', v_run.session_id, 'step', p_effect -> 'progress' -> 'step',
    'done', p_effect -> 'progress' -> 'done', 'total', p_effect -> 'progress' -> 'total',
    'log', coalesce(p_effect -> 'log', '[]') || case when v_gone = 0 then '[]' else jsonb_build_array(jsonb_build_object(
      'level', 'info', 'message', format('%s postings are no longer named by this source', v_gone))) end)));
  update public.scraping_runs r set
    errors_count = r.errors_count + coalesce((p_effect ->> 'errors')::int, 0),
    cost_usd = coalesce((p_effect ->> 'cost_usd')::numeric, r.cost_usd),
    status = case when not p_ends then 'running' when v_outcome in ('found', 'zero') then 'completed' else 'failed' end,
    outcome = case when p_ends then v_outcome end,
    percent = case when p_ends and v_outcome in ('found', 'zero') then 100 else r.percent end,
    items_seen = case when p_ends then (select count(*) from public.job_posting_sources s
      where s.session_id = r.session_id and s.source_key = r.source_key and s.last_seen_run = r.id) else r.items_seen end,
    error_code = case when p_ends and v_outcome in ('unknown', 'failed') then left(coalesce(p_effect ->> 'error_code', v_outcome), 60) end,
    error_message = case when p_ends then otis.clip(p_effect ->> 'message', 400) end,
    finished_at = case when p_ends then now() end
  where r.id = v_run.id and (p_ends or coalesce((p_effect ->> 'errors')::int, 0) > 0
    or coalesce((p_effect ->> 'cost_usd')::numeric, r.cost_usd) <> r.cost_usd);
end $$;
comment on function otis.apply_scrape(otis.work_items, jsonb, boolean) is
  'Q2. Companies, postings, progress and log of one step; with the last, the run''s outcome. Only a source read to its end (exhaustive) closes what it no longer names.';
