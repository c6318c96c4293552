-- The way back from 20261101002200_apply_scrape.sql.
drop function otis.apply_scrape(p_item otis.work_items, p_effect jsonb, p_ends boolean);
drop function otis.close_gone(p_run scraping_runs);
