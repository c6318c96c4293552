-- The way back from 20261101000300_create_scraping.sql.
drop table public.otis_progress_events, public.scraping_runs cascade;
