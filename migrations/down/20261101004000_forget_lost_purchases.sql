-- The way back from 20261101004000_forget_lost_purchases.sql.
drop trigger forget_lost_purchases on public.enrichment_status;
drop function otis.forget_lost_purchases();
