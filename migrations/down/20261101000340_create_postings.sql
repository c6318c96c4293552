-- The way back from 20261101000340_create_postings.sql.
drop trigger drop_postings on public.session_companies;
drop function otis.drop_postings();
drop table public.job_postings, public.job_posting_texts, public.job_posting_sources cascade;
