import { once } from "node:events";
import { createServer, type Server } from "node:http";
import {
  createClient,
  type RealtimeChannel,
  type RealtimeClientOptions,
  type SupabaseClient,
} from "@supabase/supabase-js";
import { SignJWT } from "jose";
import {
  createRealtimeServer,
  type RealtimeOptions,
  type RealtimeServer,
} from "../../supabase/embedded/realtime/server.ts";

export const JWT_SECRET = "an-integration-test-secret-of-more-than-32-bytes";
export const KEYS = { publishable: "sb_publishable_test", secret: "sb_secret_test" };

export interface Harness {
  readonly url: string;
  readonly realtime: RealtimeServer;
  /** What was logged as warning or error. */
  readonly complaints: string[];
  /** An unmodified client that asks for its token, as one does that is signed in; without one it is anon. */
  client(
    token?: string | (() => string | Promise<string>),
    options?: RealtimeClientOptions,
  ): Promise<SupabaseClient>;
  close(): Promise<void>;
}

/** Serves the endpoint on a port of its own. */
export async function serveRealtime(
  databaseUrl: string,
  options: Partial<RealtimeOptions> = {},
): Promise<Harness> {
  const complaints: string[] = [];
  const complain = (message: string, detail?: object) => {
    complaints.push(`${message} ${JSON.stringify(detail ?? {})}`);
  };
  const realtime = await createRealtimeServer({
    databaseUrl,
    jwtSecret: JWT_SECRET,
    keys: KEYS,
    logger: { info() {}, warn: complain, error: complain },
    ...options,
  });
  const server = createServer();
  server.on("upgrade", (request, socket, head) => realtime.handleUpgrade(request, socket, head));
  const url = await listen(server);
  const clients: SupabaseClient[] = [];
  return {
    url,
    realtime,
    complaints,
    async client(token, realtimeOptions = {}) {
      const client = createClient(url, KEYS.publishable, {
        ...(token === undefined
          ? {}
          : { accessToken: async () => (typeof token === "string" ? token : token()) }),
        realtime: realtimeOptions,
      });
      // Otherwise it joins as anon first and tells its token afterwards.
      await client.realtime.setAuth();
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.realtime.disconnect()));
      await realtime.close();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("No port");
  return `http://127.0.0.1:${address.port}`;
}

/** A user's access token, as Auth signs it. */
export function signToken(user: string, claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ role: "authenticated", sub: user, aud: "authenticated", ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime(typeof claims.exp === "number" ? claims.exp : "1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
}

/** A list that can be waited on: `until` resolves with the items as soon as the condition holds. */
export class Inbox<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  add(item: T): void {
    this.items.push(item);
    for (const check of [...this.#waiting]) check();
  }

  /** Rejects after ten seconds with what has come until then. */
  until(condition: (items: readonly T[]) => boolean): Promise<readonly T[]> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`Waited in vain, got ${JSON.stringify(this.items)}`));
      }, 10_000);
      const check = () => {
        if (!condition(this.items)) return;
        clearTimeout(late);
        this.#waiting.delete(check);
        resolve(this.items);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Resolves when there are as many items. */
  count(count: number): Promise<readonly T[]> {
    return this.until((items) => items.length >= count);
  }
}

/** What `postgres_changes` hands to its callback, as far as the tests look at it. */
export interface Received {
  readonly eventType: string;
  readonly schema: string;
  readonly table: string;
  readonly commit_timestamp: string;
  readonly errors: string[] | null;
  readonly new: Record<string, unknown>;
  readonly old: Record<string, unknown>;
}

export interface SystemMessage {
  readonly extension: string;
  readonly status: string;
  readonly message: string;
  readonly channel: string;
}

export interface Listening {
  readonly channel: RealtimeChannel;
  readonly changes: Inbox<Received>;
  readonly system: Inbox<SystemMessage>;
  readonly statuses: Inbox<string>;
}

export interface Interest {
  readonly event?: "*" | "INSERT" | "UPDATE" | "DELETE";
  readonly schema?: string;
  readonly table?: string;
  readonly filter?: string;
  readonly select?: string[];
}

let topics = 0;

/** Subscribes to a table's changes and waits until they flow. */
export async function listenTo(
  client: SupabaseClient,
  ...interests: Interest[]
): Promise<Listening> {
  const listening = join(client, ...interests);
  await listening.system.until((all) => all.some((message) => message.status === "ok"));
  return listening;
}

/** Subscribes without waiting for anything. */
export function join(client: SupabaseClient, ...interests: Interest[]): Listening {
  topics += 1;
  const changes = new Inbox<Received>();
  const system = new Inbox<SystemMessage>();
  const statuses = new Inbox<string>();
  const channel = client.channel(`topic-${topics}`);
  for (const { event = "*", schema = "public", ...rest } of interests) {
    channel.on(
      "postgres_changes" as "system",
      { event, schema, ...rest } as object,
      (change: Received) => changes.add(change),
    );
  }
  channel
    .on("system", {}, (message: SystemMessage) => system.add(message))
    .subscribe((status) => statuses.add(status));
  return { channel, changes, system, statuses };
}
