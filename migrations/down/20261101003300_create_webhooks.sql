-- The way back from 20261101003300_create_webhooks.sql.
drop table public.webhook_connections, otis.webhook_deliveries cascade;
drop function if exists otis.receive_webhook(p_connection uuid, p_dispatch text, p_subject text);
drop function if exists public.create_webhook(p_provider text);
