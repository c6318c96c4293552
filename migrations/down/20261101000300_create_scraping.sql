-- The way back from 20261101000300_create_scraping.sql.
drop table public.otis_progress_events, public.scraping_runs, public.companies, public.session_companies, public.job_postings, public.job_posting_texts, public.job_posting_sources cascade;
