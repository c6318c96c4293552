-- Run once on an empty database, after the migrations: by `supabase start`, `supabase db reset` and our own
-- stack alike. Sample data would go here; the demo user is made through the Auth API by `npm start`.
select 'nothing to seed' where false;
