import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@supabase/supabase-js";
import type { Keys } from "./keys.ts";
import { connect } from "./postgres/connect.ts";
import { StackError } from "./stack-error.ts";

export interface DemoUser {
  readonly email: string;
  readonly password: string;
}

const DEMO_EMAIL = "demo@otis.local";

/** Puts the first contents into a database: seed.sql on a fresh one, and the demo user when nobody is there. */
export async function seed(options: {
  readonly root: string;
  readonly fresh: boolean;
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly keys: Pick<Keys, "publishableKey" | "demoPassword">;
}): Promise<DemoUser> {
  const demo = { email: DEMO_EMAIL, password: options.keys.demoPassword };
  const sql = connect(options.databaseUrl);
  try {
    const [user] = await sql`select from auth.users limit 1`;
    if (user) return demo;
    await signUp(options.apiUrl, options.keys.publishableKey, demo);
    if (options.fresh) {
      await sql.unsafe(readFileSync(join(options.root, "supabase/seed.sql"), "utf8")).simple();
    }
    return demo;
  } finally {
    await sql.end();
  }
}

async function signUp(apiUrl: string, key: string, user: DemoUser): Promise<void> {
  const client = createClient(apiUrl, key, { auth: { persistSession: false } });
  const { error } = await client.auth.signUp(user);
  if (error) throw new StackError(`The demo user could not be made: ${error.message}`);
}
