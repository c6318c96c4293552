-- The way back from 20261101003950_keep_erased_out.sql.
drop trigger keep_erased_out on public.companies;
drop trigger keep_erased_out on public.company_facts;
drop trigger keep_erased_out on public.job_posting_texts;
drop function otis.keep_erased_out();
drop function otis.without_erased(p_owner uuid, p_text text);
