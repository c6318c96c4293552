import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { App } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import { connect } from "./connect.ts";

const foundation = readFileSync(new URL("supabase.sql", import.meta.url), "utf8");
const authentication = readFileSync(new URL("auth.sql", import.meta.url), "utf8");
const litePackage = readFileSync(
  new URL("../../../node_modules/@supabase/lite/package.json", import.meta.url),
  "utf8",
);

/** Kept as the database's comment, so that a warm start costs one query. */
const fingerprint = createHash("sha256")
  .update(foundation)
  .update(authentication)
  .update(litePackage)
  .digest("hex");

/**
 * Gives a database what Supabase's has: roles, schemas, default privileges, extensions, the `auth` tables,
 * the publication. Idempotent; all or nothing but for the roles.
 * @param superuserUrl URL of the database as `supabase_admin`; its password becomes the one of
 * `postgres` and `authenticator` too.
 * @returns whether anything had to be done
 */
export async function prepareDatabase(superuserUrl: string): Promise<boolean> {
  const sql = connect(superuserUrl);
  try {
    const [found] = await sql`
      select shobj_description(oid, 'pg_database') as comment, quote_ident(datname) as name
      from pg_database
      where datname = current_database()
    `;
    if (found?.comment === fingerprint) return false;
    await sql.unsafe(foundation).simple();
    const password = decodeURIComponent(new URL(superuserUrl).password).replaceAll("'", "''");
    for (const role of ["postgres", "authenticator"]) {
      await sql.unsafe(`alter role ${role} password '${password}'`);
    }
    await createAuthTables(superuserUrl);
    await sql.unsafe(authentication).simple();
    await sql.unsafe(`comment on database ${found?.name} is '${fingerprint}'`);
    return true;
  } finally {
    await sql.end();
  }
}

async function createAuthTables(url: string): Promise<void> {
  const connection = createPostgresConnection({ url, postgresOptions: { max: 1, onnotice() {} } });
  try {
    const app = new App({ connection, auth: { enabled: true } });
    await app.ensureSystemSchema();
  } finally {
    await connection.close();
  }
}
