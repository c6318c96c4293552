-- The way back from 20261101003400_match_saved_searches.sql.
drop trigger match_saved_searches on public.scraping_runs;
drop function otis.match_saved_searches();
