-- The way back from 20261101002400_create_purchases.sql.
drop table otis.purchases cascade;
drop function if exists otis.own_reservation(p_item uuid, p_lease bigint, p_provider text, p_subject_key text);
drop function if exists otis.release_purchase(p_item uuid, p_lease bigint, p_provider text, p_subject_key text);
drop function if exists otis.record_purchase(p_item uuid, p_lease bigint, p_provider text, p_subject_key text, p_result jsonb, p_cost numeric, p_keep interval);
drop function if exists otis.reserve_cost(p_item uuid, p_lease bigint, p_provider text, p_subject_key text, p_cost numeric);
drop function if exists otis.spend(p_batch uuid, p_status uuid, p_cost numeric, p_saved numeric);
