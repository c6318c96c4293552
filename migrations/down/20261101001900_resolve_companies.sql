-- The way back from 20261101001900_resolve_companies.sql.
drop view otis.company_copies;
drop function otis.show_companies(p_session uuid, p_companies uuid[]);
drop function otis.resolve_companies(p_owner uuid, p_named otis.named_company[]);
drop function otis.refresh_copies(p_companies uuid[]);
drop function otis.company_key(p_name text);
drop type otis.named_company cascade;
