-- The way back from 20261101002100_store_postings.sql.
drop function otis.store_postings(p_run scraping_runs, p_postings otis.scraped_posting[], p_texts jsonb);
