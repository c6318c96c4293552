import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Closers } from "./closers.ts";
import { requireFreeSpace } from "./free-space.ts";
import { startEdgeRuntime } from "./functions/edge-runtime.ts";
import { watchFunctions } from "./functions/watch.ts";
import { createApi } from "./gateway/api.ts";
import { createFunctionProxy } from "./gateway/function-proxy.ts";
import { createMailbox } from "./gateway/mailbox.ts";
import { startGateway } from "./gateway/server.ts";
import { createJwks } from "./gateway/user-token.ts";
import { type Keys, loadKeys } from "./keys.ts";
import { migrate } from "./migrate.ts";
import { databaseUrl, SUPERUSER } from "./postgres/cluster.ts";
import { prepareDatabase } from "./postgres/prepare.ts";
import { keepPostgres } from "./postgres/supervise.ts";
import { createRealtimeServer } from "./realtime/server.ts";
import { startScheduler } from "./scheduler.ts";
import { listenForSchemaChanges } from "./schema-changes.ts";
import { type DemoUser, seed } from "./seed.ts";
import { findFunctions, readFunctionEnv, type Settings } from "./settings.ts";
import { lockStack } from "./stack-lock.ts";

export interface StackOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name → entry point; those of config.toml unless given. */
  readonly functions?: Readonly<Record<string, string>>;
  /** Where people are sent back to from a mail. */
  readonly siteUrl: string;
  readonly log: (line: string) => void;
  /** Take over changed functions while running. */
  readonly watch?: boolean;
  /** False gives up crash safety for speed; for tests. */
  readonly durable?: boolean;
}

export interface Stack {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly keys: Keys;
  readonly demo: DemoUser;
  /** Rejects with a StackError when the stack cannot go on by itself. */
  readonly failed: Promise<never>;
  /** Process ids of what runs beside this process. */
  processes(): { readonly postgres: number; readonly functions: number | undefined };
  close(): Promise<void>;
}

/**
 * Starts Supabase for one machine: Postgres, then REST, Auth, Realtime, the functions and the scheduler
 * behind one port. What can be refused is checked before anything is written; when a step fails, those
 * before it are undone. Throws StackError where a person can help.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers = new Closers();
  try {
    return { ...(await start(options, closers)), close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(
  { settings, env, functions: given, siteUrl, log, watch = false, durable = true }: StackOptions,
  closers: Closers,
): Promise<Omit<Stack, "close">> {
  const { root, dataDir } = settings;
  mkdirSync(dataDir, { recursive: true });
  requireFreeSpace(dataDir);
  const lock = await lockStack(dataDir);
  closers.add(() => lock.release());
  const gateway = await startGateway(settings.apiPort);
  closers.add(() => gateway.close());
  const apiUrl = `http://127.0.0.1:${gateway.port}`;
  const keys = loadKeys(dataDir);

  const postgres = await keepPostgres({
    dataDir: join(dataDir, "postgres"),
    logFile: join(dataDir, "logs/postgres.log"),
    port: settings.databasePort,
    password: keys.databasePassword,
    durable,
    log,
  });
  closers.add(() => postgres.stop());
  const url = (user?: string) =>
    databaseUrl(postgres.port, keys.databasePassword, user === undefined ? {} : { user });

  // Deno needs half a second to come up, which the migrations take anyway.
  const functionOptions = {
    functions: given ?? findFunctions(root),
    root,
    cacheDir: join(dataDir, "cache/deno"),
    env: {
      ...readFunctionEnv(root, env),
      SUPABASE_URL: apiUrl,
      SUPABASE_DB_URL: url(),
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
      SUPABASE_JWKS: createJwks(keys.jwtSecret),
    },
    log: (line: string) => log(`[functions] ${line}`),
  };
  const functions = startEdgeRuntime(functionOptions);
  closers.add(() => functions.close());

  const fresh = await prepareDatabase(url(SUPERUSER));
  await migrate(root, url());

  const mailbox = createMailbox();
  const api = await createApi({
    authenticatorUrl: url("authenticator"),
    ownerUrl: url(),
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    jwtSecret: keys.jwtSecret,
    apiUrl,
    siteUrl,
    mail: mailbox.driver,
    log,
  });
  closers.add(() => api.close());
  const schemaChanges = await listenForSchemaChanges(url(), api.reloadSchema);
  closers.add(() => schemaChanges.close());
  const realtime = await createRealtimeServer({
    databaseUrl: url(),
    jwtSecret: keys.jwtSecret,
    keys: { publishable: keys.publishableKey, secret: keys.secretKey },
    logger: realtimeLogger(log),
  });
  closers.add(() => realtime.close());
  const proxy = createFunctionProxy(functions);
  closers.add(() => proxy.close());
  gateway.open({ api, functions: proxy, mailbox, realtime: realtime.handleUpgrade, log });

  const demo = await seed({ root, fresh, apiUrl, databaseUrl: url(), keys });
  const scheduler = await startScheduler({
    databaseUrl: url(),
    wake: () => wakeWorker(apiUrl, keys.secretKey),
    log,
  });
  closers.add(() => scheduler.close());
  if (watch) {
    const watcher = watchFunctions(join(root, "functions"), functions.reload);
    closers.add(() => watcher.close());
  }
  return {
    apiUrl,
    databaseUrl: url(),
    keys,
    demo,
    failed: postgres.failed,
    processes: () => ({ postgres: postgres.pid(), functions: functions.pid() }),
  };
}

async function wakeWorker(apiUrl: string, secretKey: string): Promise<void> {
  const response = await fetch(`${apiUrl}/functions/v1/worker`, {
    method: "POST",
    headers: { apikey: secretKey, "content-type": "application/json" },
    body: "{}",
    signal: AbortSignal.timeout(5_000),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}

function realtimeLogger(log: (line: string) => void) {
  const write = (message: string, detail?: Readonly<Record<string, unknown>>) =>
    log(`[realtime] ${message}${detail ? ` ${JSON.stringify(detail)}` : ""}`);
  return { info() {}, warn: write, error: write };
}
