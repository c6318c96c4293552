import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { CommandContext } from "../cli.ts";
import { seed } from "../seed.ts";
import { StackError } from "../stack-error.ts";
import { startWeb } from "../web.ts";
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
