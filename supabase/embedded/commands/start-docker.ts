import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { connect } from "../postgres/connect.ts";
import { seed } from "../seed.ts";
import { StackError } from "../stack-error.ts";
import { startWeb } from "../web/start.ts";
import type { CommandContext } from "./command.ts";
import { watchForEnd } from "./run-until-told.ts";

/**
 * `npm run start:docker`: the same on `supabase start`, which brings Postgres, the API, Realtime, the functions
 * and pg_cron in containers, applies the migrations and runs seed.sql.
 */
export async function run({ settings, env }: CommandContext): Promise<number> {
  const shutdown = watchForEnd();
  const { root } = settings;
  await supabase(root, ["start"], "inherit");
  const values = parseEnv(await supabase(root, ["status", "-o", "env"], "pipe"));
  const value = (name: string) => {
    const found = values[name];
    if (!found) throw new StackError(`\`supabase status\` does not name ${name}.`);
    return found;
  };
  const keys = {
    publishableKey: value("PUBLISHABLE_KEY"),
    demoPassword: env.OTIS_DEMO_PASSWORD ?? "otis-demo-password",
  };
  const apiUrl = value("API_URL");
  const demo = await seed({ root, fresh: false, apiUrl, databaseUrl: value("DB_URL"), keys });
  await tellWorkerAddress(value("DB_URL"), value("SECRET_KEY"));
  const web = await startWeb({
    settings,
    stack: { apiUrl, keys, demo },
    log: (line) => console.error(line),
  });
  console.log(`
OTIS is ready.

  Open      http://127.0.0.1:${settings.webPort}
  Sign in   ${demo.email} / ${demo.password}

Ctrl-C stops the web client, \`npx supabase stop\` the rest.`);
  await shutdown.asked;
  await web.close();
  return 0;
}

/** As the database's container sees the API. */
const WORKER_URL = "http://api.supabase.internal:8000/functions/v1/worker";

/** Puts what `otis.call_worker()`, which pg_cron runs, needs into Vault. */
async function tellWorkerAddress(databaseUrl: string, secretKey: string): Promise<void> {
  const sql = connect(databaseUrl);
  try {
    for (const [name, secret] of [
      ["otis_worker_url", WORKER_URL],
      ["otis_worker_key", secretKey],
    ] as const) {
      const [known] = await sql`select id from vault.secrets where name = ${name}`;
      await (known
        ? sql`select vault.update_secret(${known.id}, ${secret})`
        : sql`select vault.create_secret(${secret}, ${name})`);
    }
  } finally {
    await sql.end();
  }
}

async function supabase(
  root: string,
  args: readonly string[],
  stdout: "inherit" | "pipe",
): Promise<string> {
  const child = spawn(
    process.execPath,
    [join(root, "node_modules/supabase/dist/supabase.js"), ...args],
    { cwd: root, stdio: ["ignore", stdout, "inherit"] },
  );
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = await once(child, "close");
  if (code === 0) return output;
  throw new StackError(
    `\`supabase ${args.join(" ")}\` failed (${code}). Is Docker running? Without Docker: npm start.`,
  );
}
