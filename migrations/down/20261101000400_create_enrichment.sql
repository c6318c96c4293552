-- The way back from 20261101000400_create_enrichment.sql.
drop table public.enrichment_status, public.enrichment_batches, public.contacts, public.company_facts, otis.erased_contacts cascade;
drop function otis.hash_contact(p_company uuid, p_value_key text);
