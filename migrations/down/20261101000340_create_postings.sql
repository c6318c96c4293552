-- The way back from 20261101000340_create_postings.sql.
drop table public.job_postings, public.job_posting_texts, public.job_posting_sources cascade;
