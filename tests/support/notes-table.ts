import postgres from "postgres";
import type { StackAddress } from "./stack.ts";

/** A published table whose rows belong to who inserts them; to be dropped by disposing of it. */
export async function createNotesTable(
  stack: StackAddress,
  name: string,
): Promise<AsyncDisposable> {
  const sql = postgres(stack.databaseUrl, { max: 1, onnotice() {} });
  await sql.unsafe(`
    create table public.${name} (
      id int primary key, owner_id uuid not null default auth.uid(), body text not null
    );
    alter table public.${name} enable row level security;
    grant all on public.${name} to authenticated;
    create policy owner on public.${name} to authenticated
      using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
    -- So that a DELETE tells whose row it was, and is kept from others.
    alter table public.${name} replica identity full;
    alter publication supabase_realtime add table public.${name};
    notify pgrst, 'reload schema';
  `);
  return {
    async [Symbol.asyncDispose]() {
      await sql.unsafe(`drop table public.${name}`);
      await sql.end();
    },
  };
}
