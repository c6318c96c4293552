-- The way back from 20261101002000_read_postings.sql.
drop function otis.read_postings(p_postings jsonb, p_company jsonb, p_label text);
drop type otis.scraped_posting cascade;
