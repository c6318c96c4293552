-- A paid call whose answer was lost with its worker is not repeated by itself. When the user has a company
-- enriched again it is: the credits of then stay counted, those of the new call are counted besides.
create function otis.forget_lost_purchases()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  delete from otis.purchases p
  using public.enrichment_status e
  where p.owner_id = new.owner_id and p.state = 'reserved' and e.id = p.status_id and e.company_id = new.company_id
    -- One that is being made right now will have its answer.
    and not exists (select from otis.work_items w where w.id = p.item_id and w.state = 'leased' and w.lease = p.lease);
  return null;
end $$;
comment on function otis.forget_lost_purchases() is
  'Row trigger: a company that had ended and is queued again, which only its user does, may buy what was paid for and lost.';

create trigger forget_lost_purchases after update of status on public.enrichment_status
  for each row when (old.status in ('completed', 'failed', 'cancelled') and new.status = 'queued')
  execute function otis.forget_lost_purchases();
