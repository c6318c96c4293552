-- The way back from 20261101003000_create_idempotency_and_limits.sql.
drop table otis.idempotency_keys, otis.rate_limits, otis.rate_buckets, otis.audit_log cascade;
drop function if exists public.finish_mutation(p_key text, p_response jsonb);
drop function if exists public.begin_mutation(p_key text, p_action text, p_request_hash text);
drop function if exists otis.enter_action(p_action text, p_subject uuid, p_details jsonb);
drop function if exists otis.refuse_audit_change();
