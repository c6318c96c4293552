import type { Sql } from "postgres";
import { instantlySettings } from "../campaigns/instantly.ts";
import { llmSettings } from "../campaigns/llm.ts";
import type { Env } from "../http/authenticate.ts";
import { apolloSettings } from "../providers/apollo/apollo-client.ts";
import { apolloProvider } from "../providers/apollo/apollo-provider.ts";
import { websiteProvider } from "../providers/website/website-provider.ts";
import { createPostgresQueue } from "../queue/postgres-queue.ts";
import { type Clock, systemClock } from "../safe-fetch/clock.ts";
import type { Connect, Resolve } from "../safe-fetch/connection.ts";
import { createSafeFetch, type SafeFetch } from "../safe-fetch/safe-fetch.ts";
import { parseOpenedHosts } from "../safe-fetch/target.ts";
import { apifySettings } from "../sources/apify-api.ts";
import { sources } from "../sources/catalogue.ts";
import { readEndpoints } from "../sources/endpoints.ts";
import { stopCancelledSources } from "./cancelled-sources.ts";
import { type Drain, startDrain } from "./drain.ts";
import { createHandlers, type HandlerSettings } from "./handlers.ts";
import { createJsonLog } from "./log.ts";
import { createSqlTill } from "./sql-till.ts";
import { createUploadOpener } from "./upload-file.ts";
import { withdrawLeads } from "./withdraw-leads.ts";

export interface WorkerSettings {
  env: Env;
  sql: Sql;
  network: { resolve: Resolve; connect: Connect };
  /** CPU time of this process so far, in ms. */
  cpuMs: () => number;
  /** Aborts when the isolate is about to end. */
  stopping: AbortSignal;
  write: (line: string) => void;
  clock?: Clock;
}

/** Defaults fit Supabase's smallest plan, which ends a function after 150 s. */
const defaultWallMs = 110_000;
/** From the end of claiming to giving back what still runs. */
const lastWordsMs = 25_000;
const defaultParallel = 16;
const defaultMaxByModel = 2_000;

/** Everything a worker is made of, once per process; the result starts one drain each time. */
export function createWorker(settings: WorkerSettings): () => Drain {
  const { env, sql, cpuMs, stopping, write, clock = systemClock } = settings;
  const door = createDoor(settings, clock);
  const world: HandlerSettings = {
    sql,
    sources,
    endpoints: readEndpoints((name) => env[name]),
    apify: apifySettings(env),
    openUpload: (ownerId) => createUploadOpener(sql, ownerId),
    providers: new Map(
      [websiteProvider, apolloProvider(apolloSettings(env, fetch))].map((one) => [one.name, one]),
    ),
    till: (item) => createSqlTill(sql, item),
    llm: llmSettings(env, fetch),
    model: env.OPENAI_MODEL,
    maxByModel: Number(env.OTIS_LLM_MAX_LEADS || defaultMaxByModel),
    instantly: instantlySettings(env, fetch),
  };
  const handlers = createHandlers(world);
  const softMs = Number(env.OTIS_WORKER_WALL_MS || defaultWallMs);
  return () => {
    const worker = `worker-${crypto.randomUUID().slice(0, 8)}`;
    const log = createJsonLog(write, worker);
    return startDrain({
      queue: createPostgresQueue(sql, worker, [...handlers.keys()]),
      handlers,
      door,
      clock,
      cpuMs,
      budget: {
        softMs,
        hardMs: softMs + lastWordsMs,
        cpuMs: Number(env.OTIS_WORKER_CPU_MS || Number.POSITIVE_INFINITY),
      },
      parallel: Number(env.OTIS_WORKER_PARALLEL || defaultParallel),
      log,
      chores: async (signal) => {
        await Promise.all([
          stopCancelledSources(sql, world, { ...door, clock, signal }),
          withdrawLeads(world, signal, log),
        ]);
      },
      stopping,
    });
  };
}

function createDoor({ env, network }: WorkerSettings, clock: Clock): SafeFetch {
  const contact = env.OTIS_CONTACT || "https://github.com/otis-app/otis";
  return createSafeFetch({
    ...network,
    clock,
    random: Math.random,
    userAgent: `OtisBot/1.0 (+${contact})`,
    openedHosts: parseOpenedHosts(env.OTIS_ALLOW_PRIVATE_HOSTS),
    endpoints: Object.values(readEndpoints((name) => env[name])),
  });
}
