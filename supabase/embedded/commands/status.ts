import { loadKeys } from "../keys.ts";
import { databaseUrl } from "../postgres/cluster.ts";
import { askHolder } from "../stack-lock.ts";
import type { CommandContext } from "./command.ts";

/** `npm run stack:status [-- -o env|json]`: where the running stack is, as the Supabase CLI prints it. */
export async function run({ args, settings }: CommandContext): Promise<number> {
  if ((await askHolder(settings.dataDir)) === undefined) {
    console.error(`OTIS is not running in ${settings.dataDir}. Start it with \`npm run stack\`.`);
    return 1;
  }
  const keys = loadKeys(settings.dataDir);
  const api = `http://127.0.0.1:${settings.apiPort}`;
  const values = {
    API_URL: api,
    DB_URL: databaseUrl(settings.databasePort, keys.databasePassword),
    PUBLISHABLE_KEY: keys.publishableKey,
    SECRET_KEY: keys.secretKey,
    JWT_SECRET: keys.jwtSecret,
    MAILBOX_URL: `${api}/mailbox`,
  };
  const option = args.findIndex((arg) => arg === "-o" || arg === "--output");
  const format = option >= 0 ? args[option + 1] : "pretty";
  if (format === "json") console.log(JSON.stringify(values, null, 2));
  else if (format === "env") {
    for (const [name, value] of Object.entries(values)) console.log(`${name}="${value}"`);
  } else {
    for (const [name, value] of Object.entries(values)) console.log(`${name.padEnd(16)}${value}`);
  }
  return 0;
}
