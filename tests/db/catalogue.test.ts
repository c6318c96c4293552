import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();
const names = (rows: readonly Record<string, unknown>[]) => rows.map((row) => row.name);

describe("the catalogue", () => {
  it("fixes the search path of every function", async () => {
    const loose = await db.sql`
      select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'otis'::regnamespace, 'inspect'::regnamespace)
        and not coalesce('search_path=""' = any (p.proconfig), false)`;
    expect(names(loose)).toEqual([]);
  });

  it("says of every function, table and inspected column what it is", async () => {
    const silent = await db.sql`
      select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'otis'::regnamespace) and obj_description(p.oid, 'pg_proc') is null
      union all
      select c.oid::regclass::text from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'otis'::regnamespace, 'inspect'::regnamespace) and c.relkind in ('r', 'v')
        and obj_description(c.oid, 'pg_class') is null
      union all
      select format('%s.%s', a.attrelid::regclass, a.attname) from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'inspect'::regnamespace and a.attnum > 0 and col_description(c.oid, a.attnum) is null`;
    expect(names(silent)).toEqual([]);
  });

  it("turns row security on for every table", async () => {
    const open = await db.sql`
      select c.oid::regclass::text as name from pg_class c
      where c.relnamespace in ('public'::regnamespace, 'otis'::regnamespace) and c.relkind = 'r' and not c.relrowsecurity`;
    expect(names(open)).toEqual([]);
  });

  it("indexes every foreign key", async () => {
    const missing = await db.sql`
      select format('%s (%s)', k.conrelid::regclass, k.conname) as name from pg_constraint k
      where k.contype = 'f' and k.connamespace in ('public'::regnamespace, 'otis'::regnamespace)
        and not exists (
          select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`;
    expect(names(missing)).toEqual([]);
  });

  it("names every check constraint after what it checks", async () => {
    const unnamed = await db.sql`
      select format('%s.%s', k.conrelid::regclass, k.conname) as name from pg_constraint k
      where k.contype = 'c' and k.connamespace = 'public'::regnamespace and k.conname ~ '_check\d*$'`;
    expect(names(unnamed)).toEqual([]);
  });

  it("gives nobody a function that was not granted", async () => {
    const open = await db.sql`
      select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace in ('public'::regnamespace, 'otis'::regnamespace) and has_function_privilege('anon', p.oid, 'execute')
        and p.prorettype <> 'trigger'::regtype`;
    expect(names(open)).toEqual([]);
  });

  it("gives clients no function of the private schema but refuse", async () => {
    const open = await db.sql`
      select p.proname as name from pg_proc p
      where p.pronamespace = 'otis'::regnamespace and has_function_privilege('authenticated', p.oid, 'execute')
        and p.prorettype <> 'trigger'::regtype`;
    expect(names(open)).toEqual(["refuse"]);
  });

  it("keeps every live row below 2 KB", async () => {
    const unchecked = await db.sql`
      select t.tablename as name from pg_publication_tables t
      where t.pubname = 'supabase_realtime' and t.tablename not in ('otis_workflow_sessions', 'otis_inboxes', 'feature_flags')
        and not exists (select from pg_constraint k where k.conrelid = format('public.%I', t.tablename)::regclass and k.conname like '%live_size')`;
    expect(names(unchecked.filter((row) => row.name !== "session_companies"))).toEqual([]);
  });
});
