-- The way back from 20261101002050_place_postings.sql.
drop function otis.place_postings(p_run scraping_runs, p_postings otis.scraped_posting[], p_companies otis.resolved_company[]);
drop type otis.resolved_company cascade;
