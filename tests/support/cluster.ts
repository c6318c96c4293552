import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { databaseUrl, SUPERUSER, startPostgres } from "../../supabase/embedded/postgres/cluster.ts";
import { prepareDatabase } from "../../supabase/embedded/postgres/prepare.ts";

export interface TestCluster {
  /** URL of the migrated template as superuser; its last part is the template's name. */
  readonly templateUrl: string;
  /** Ends it, and throws when a test left a replication slot or a database behind. */
  stop(): Promise<void>;
}

const MIGRATIONS = new URL("../../migrations/", import.meta.url);

/**
 * Starts a throwaway Postgres with a migrated template database, in about a second and a half. With
 * `OTIS_TEST_DB_URL` (a superuser's URL) the template is made in that server instead, such as the one of
 * `supabase start`: postgresql://supabase_admin:postgres@127.0.0.1:54322/postgres
 */
export async function startTestCluster(): Promise<TestCluster> {
  const given = process.env.OTIS_TEST_DB_URL;
  const server = given ? { url: given, stop: async () => {} } : await startThrowaway();
  const template = `otis_template_${randomBytes(4).toString("hex")}`;
  const templateUrl = withDatabase(server.url, template);
  const admin = postgres(server.url, { max: 1, onnotice() {} });
  try {
    await admin.unsafe(`create database ${template} template template0`);
    await prepareDatabase(templateUrl);
    await migrate(templateUrl);
  } catch (error) {
    await admin.end();
    await server.stop();
    throw error;
  }
  await admin.end();
  return {
    templateUrl,
    async stop() {
      const leaks = await findLeaks(server.url, template).finally(() => server.stop());
      if (leaks.length > 0) throw new Error(`Left behind by tests: ${leaks.join(", ")}`);
    },
  };
}

/** The same server, another database, optionally another user. */
export function withDatabase(url: string, database: string, user?: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (user) changed.username = user;
  return changed.href;
}

async function startThrowaway(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "otis-test-"));
  const password = "postgres";
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await startPostgres({
      dataDir: join(folder, "data"),
      logFile: join(folder, "postgres.log"),
      port: 0,
      password,
      durable: false,
    });
    return {
      url: databaseUrl(server.port, password, { user: SUPERUSER }),
      stop: () => server.stop().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs every migration as `postgres`, each in one transaction, as the Supabase CLI does but without its start-up. */
async function migrate(templateUrl: string): Promise<void> {
  const sql = postgres(templateUrl, { max: 1, onnotice() {}, username: "postgres" });
  try {
    for (const file of readdirSync(MIGRATIONS)
      .filter((name) => name.endsWith(".sql"))
      .sort()) {
      const text = readFileSync(new URL(file, MIGRATIONS), "utf8");
      await sql
        .unsafe(text)
        .simple()
        .catch((error: unknown) => {
          throw new Error(`migrations/${file}${describe(error, text)}`);
        });
    }
  } finally {
    await sql.end();
  }
}

/** `:LINE message`; the error itself carries the whole file's text. */
function describe(error: unknown, text: string): string {
  if (!(error instanceof postgres.PostgresError)) return `: ${error}`;
  const line = text.slice(0, Number(error.position ?? 0)).split("\n").length;
  return `:${line}: ${[error.message, error.detail, error.where].filter(Boolean).join(" | ")}`;
}

async function findLeaks(url: string, template: string): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  try {
    const clones = `${template.replace("template", "clone")}%`;
    const rows = await sql<{ name: string }[]>`
      select 'replication slot ' || slot_name as name from pg_replication_slots where database like ${clones}
      union all
      select 'database ' || datname from pg_database where datname like ${clones}
    `;
    if (process.env.OTIS_TEST_DB_URL) await sql.unsafe(`drop database ${template}`);
    return rows.map((row) => row.name);
  } finally {
    await sql.end();
  }
}
