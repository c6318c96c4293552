import { readdirSync, readFileSync } from "node:fs";
import postgres, { type Sql } from "postgres";
import { expect, inject, it } from "vitest";
import { prepareDatabase } from "../../supabase/embedded/postgres/prepare.ts";
import { withDatabase } from "../support/cluster.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);
const names = (folder: URL) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
const ups = names(FOLDER);
const downs = new URL("down/", FOLDER);

/** What there is in the database: every object of ours, with its definition. */
async function catalogue(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select format('schema %s', nspname) as line from pg_namespace where nspname in ('otis', 'inspect')
    union all
    select format('column %s.%s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'otis', 'inspect') and c.relkind in ('r', 'v', 'c') and a.attnum > 0 and not a.attisdropped
    union all
    select format('function %s %s', p.oid::regprocedure, md5(pg_get_functiondef(p.oid)))
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'otis', 'inspect')
    union all
    select format('constraint %s %s', k.conrelid::regclass, pg_get_constraintdef(k.oid)) from pg_constraint k
    join pg_namespace n on n.oid = k.connamespace where n.nspname in ('public', 'otis')
    union all
    select format('index %s', pg_get_indexdef(i.indexrelid)) from pg_index i join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'otis')
    union all
    select format('trigger %s', pg_get_triggerdef(t.oid)) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    join pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal and n.nspname in ('public', 'otis')
    union all
    select format('policy %s on %s', policyname, tablename) from pg_policies where schemaname in ('public', 'otis')
    union all
    select format('published %s', tablename) from pg_publication_tables where pubname = 'supabase_realtime'
    union all
    select format('default %s %s %s', d.defaclnamespace::regnamespace, d.defaclobjtype, d.defaclacl) from pg_default_acl d
    where d.defaclrole = 'postgres'::regrole
    order by 1`;
  return rows.map((row) => row.line);
}

const run = (sql: Sql, folder: URL, name: string) =>
  sql.begin((transaction) =>
    transaction.unsafe(readFileSync(new URL(name, folder), "utf8")).simple(),
  );

it("has a way back for each migration", () => {
  expect(names(downs)).toEqual(ups);
});

it("goes up, down and up again: each way back leaves what was there before", async () => {
  const admin = postgres(withDatabase(inject("templateUrl"), "postgres"), {
    max: 1,
    onnotice() {},
  });
  const name = "otis_up_and_down";
  await admin.unsafe(`create database ${name} template template0 owner postgres`);
  const url = withDatabase(inject("templateUrl"), name);
  try {
    await prepareDatabase(url);
    const sql = postgres(withDatabase(inject("templateUrl"), name, "postgres"), {
      max: 1,
      onnotice() {},
    });
    const before: string[][] = [];
    for (const up of ups) {
      before.push(await catalogue(sql));
      await run(sql, FOLDER, up);
    }
    const top = await catalogue(sql);
    for (const down of ups.toReversed()) {
      await run(sql, downs, down);
      expect(await catalogue(sql), down).toEqual(before.pop());
    }
    for (const up of ups) await run(sql, FOLDER, up);
    expect(await catalogue(sql)).toEqual(top);
    await sql.end();
  } finally {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
});
