/**
 * The stack that integration and browser tests run against:
 *
 *   const stack = sharedStack();            // the one of this run, or any Supabase named by API_URL etc.
 *   const user = await signUp(stack);       // { id, client }, client is supabase-js, signed in
 *   await using own = await startOwnStack({ functions, env });   // one of its own, for faults and settings
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { inject } from "vitest";
import { ROOT } from "../../supabase/embedded/settings.ts";
import { type Stack, startStack } from "../../supabase/embedded/stack.ts";

/** What `npm run stack:status -- -o env` and `supabase status -o env` print. */
export interface StackAddress {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly jwtSecret: string;
}

export interface OwnStack extends StackAddress, AsyncDisposable {
  readonly stack: Stack;
  /** What the stack has logged so far. */
  readonly logged: readonly string[];
}

export function sharedStack(): StackAddress {
  return inject("stack");
}

/** Starts an embedded stack on free ports in a temporary folder; a few seconds. Dispose of it. */
export async function startOwnStack(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    /** Name → entry point, instead of those of config.toml. */
    readonly functions?: Readonly<Record<string, string>>;
    /** Keep the data here, and after the end. */
    readonly dataDir?: string;
  } = {},
): Promise<OwnStack> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "otis-stack-"));
  const remove = () => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  const logged: string[] = [];
  try {
    const stack = await startStack({
      settings: {
        root: ROOT,
        dataDir,
        apiPort: 0,
        databasePort: 0,
        webPort: 5173,
        practicePort: 0,
      },
      env: options.env ?? {},
      ...(options.functions && { functions: options.functions }),
      siteUrl: "http://127.0.0.1:5173",
      log: (line) => logged.push(line),
      durable: false,
    });
    return {
      ...addressOf(stack),
      stack,
      logged,
      async [Symbol.asyncDispose]() {
        await stack.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function addressOf({ apiUrl, databaseUrl, keys }: Stack): StackAddress {
  const { publishableKey, secretKey, jwtSecret } = keys;
  return { apiUrl, databaseUrl, publishableKey, secretKey, jwtSecret };
}

/** A client that keeps its session in memory only. */
export function connectAs({ apiUrl }: StackAddress, key: string): SupabaseClient {
  return createClient(apiUrl, key, { auth: { persistSession: false, autoRefreshToken: false } });
}

/** Signs a new user up. */
export async function signUp(
  stack: StackAddress,
): Promise<{ readonly id: string; readonly email: string; readonly client: SupabaseClient }> {
  const client = connectAs(stack, stack.publishableKey);
  const email = `${randomUUID()}@test.local`;
  const { data, error } = await client.auth.signUp({ email, password: "correct horse" });
  if (error || !data.user) throw error ?? new Error("Sign-up gave no user");
  return { id: data.user.id, email, client };
}
