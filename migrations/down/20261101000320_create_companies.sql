-- The way back from 20261101000320_create_companies.sql.
drop table public.companies, public.session_companies cascade;
