/**
 * A database of its own for each test file, cloned from the migrated template in some 30 ms:
 *
 *   const db = await testDatabase();                    // at the top of a test file
 *   const owner = await db.createUser();               // a row of auth.users, returns its id
 *   await db.as(owner, (sql) => sql`select …`);        // as that user, under RLS, committed
 *   await db.as("anon", …); await db.as("service_role", …);
 *   await db.sql`select …`;                            // as postgres: owns everything, bypasses RLS
 *   db.url                                             // for what connects by itself (Realtime, workers)
 *
 * Needs `globalSetup: "tests/support/global-cluster.ts"` in the Vitest project.
 */
import { randomBytes, randomUUID } from "node:crypto";
import postgres, { type Sql, type TransactionSql } from "postgres";
import { afterAll, inject } from "vitest";
import { withDatabase } from "./cluster.ts";

/** A user's id, or one of the two roles that are nobody in particular. */
export type Actor = "anon" | "service_role" | (string & {});

export interface TestDatabase {
  /** As `postgres`, who owns the tables, may replicate, and is no superuser. */
  readonly url: string;
  readonly sql: Sql;
  /** Runs `work` in a transaction under the actor's role and claims; throws what the database throws. */
  as<T>(actor: Actor, work: (sql: TransactionSql) => Promise<T>): Promise<T>;
  createUser(email?: string): Promise<string>;
  /** As Supabase Auth does, who has no rights but on its own tables. */
  deleteUser(id: string): Promise<void>;
  /** Disconnects everybody; fails if a replication slot is still there. */
  drop(): Promise<void>;
}

/** Clones the template and drops the clone after the file's last test. */
export async function testDatabase(): Promise<TestDatabase> {
  const database = await cloneDatabase(inject("templateUrl"));
  afterAll(() => database.drop());
  return database;
}

/** Clones a template of `startTestCluster`; for benchmarks, or where more than one database is needed. */
export async function cloneDatabase(templateUrl: string): Promise<TestDatabase> {
  const template = new URL(templateUrl).pathname.slice(1);
  const name = `${template.replace("template", "clone")}_${randomBytes(4).toString("hex")}`;
  const admin = (statement: string) => runAsAdmin(withDatabase(templateUrl, "postgres"), statement);
  await admin(`create database ${name} template ${template} owner postgres`);
  await admin(`alter database ${name} set search_path to "$user", public, extensions`);
  const url = withDatabase(templateUrl, name, "postgres");
  const sql = postgres(url, { max: 8, onnotice() {} });
  return {
    url,
    sql,
    as: (actor, work) => actAs(sql, actor, work),
    async createUser(email = `${randomUUID()}@test.local`) {
      const id = randomUUID();
      await sql`
        insert into auth.users (id, aud, role, email)
        values (${id}, 'authenticated', 'authenticated', ${email})
      `;
      return id;
    },
    deleteUser: (id) =>
      runAsAdmin(
        withDatabase(templateUrl, name),
        `set local role supabase_auth_admin; delete from auth.users where id = '${id}'`,
      ),
    async drop() {
      await sql.end({ timeout: 1 });
      await admin(`drop database ${name} with (force)`);
    },
  };
}

async function actAs<T>(
  sql: Sql,
  actor: Actor,
  work: (sql: TransactionSql) => Promise<T>,
): Promise<T> {
  const anonymous = actor === "anon" || actor === "service_role";
  const role = anonymous ? actor : "authenticated";
  const claims = JSON.stringify(anonymous ? { role } : { role, sub: actor });
  // postgres.js wraps the result's type for arrays of queries; work returns one promise, so it is T.
  let result: { readonly value: T } | undefined;
  await sql.begin(async (transaction) => {
    await transaction`
      select set_config('role', ${role}, true), set_config('request.jwt.claims', ${claims}, true)
    `;
    result = { value: await work(transaction) };
  });
  if (!result) throw new Error("The transaction ended without a result");
  return result.value;
}

async function runAsAdmin(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
