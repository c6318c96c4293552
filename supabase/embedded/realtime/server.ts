import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { WebSocketServer } from "ws";
import { Catalog } from "./catalog.ts";
import type { ChannelServices } from "./channel.ts";
import { Connection, type ConnectionLimits } from "./connection.ts";
import { Delivery } from "./delivery.ts";
import { Feed } from "./feed.ts";
import { HandshakeError, readHandshake, refuse } from "./handshake.ts";
import type { Logger } from "./logger.ts";
import { Registrar } from "./registrar.ts";
import { ReplicationStream, SESSION } from "./replication.ts";
import { SubscriptionIndex } from "./subscriptions.ts";
import { TableStates } from "./table-states.ts";
import { type ApiKeys, Tokens } from "./token.ts";
import { VisibilityHorizon } from "./visibility-horizon.ts";

export interface RealtimeOptions {
  /** A role that may replicate and become the roles of the tokens, such as `postgres`. */
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  readonly keys: ApiKeys;
  readonly logger: Logger;
  readonly publication?: string;
  readonly limits?: Partial<ConnectionLimits & { readonly connections: number }>;
  /** Milliseconds since the epoch, to judge the expiry of tokens by. */
  readonly now?: () => number;
}

export interface RealtimeServer {
  /** For the `upgrade` event of an HTTP server. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends the clients away and leaves neither connection nor slot behind. */
  close(): Promise<void>;
  stats(): RealtimeStats;
}

export interface RealtimeStats {
  /** Whether changes are being followed right now. */
  readonly streaming: boolean;
  readonly connections: number;
  readonly channels: number;
  /** Subscriptions, each counted once for each table that it is on. */
  readonly subscriptions: number;
  /** Changes taken from the stream, and messages made of them. */
  readonly changes: number;
  readonly messages: number;
  /** Changes that wait for delivery. */
  readonly waiting: number;
  /** Clients that were cut off since they did not read. */
  readonly cutOff: number;
}

/** Clients send a heartbeat every 25 s, background tabs one a minute. */
const SILENCE_MS = 90_000;
const SILENCE_CHECK_MS = 15_000;
/** A client's frame; only joins are of any size. */
const MAX_FRAME_BYTES = 1024 * 1024;
/** The longest that a burst waits for slow clients, each time. */
const BREATH_MS = 100;
/** How long clients have to take their leave, and Postgres to drop the slot. */
const FAREWELL_MS = 500;
const SLOT_DROP_MS = 2_000;

/** Starts the Realtime endpoint; it connects to the database by itself, now and whenever it was away. */
export async function createRealtimeServer(options: RealtimeOptions): Promise<RealtimeServer> {
  const { databaseUrl, logger, publication = "supabase_realtime" } = options;
  const limits = {
    bufferedBytes: 4 * 1024 * 1024,
    channels: 100,
    connections: 1_000,
    ...options.limits,
  };
  const sql = postgres(databaseUrl, {
    max: 4,
    connect_timeout: 5,
    onnotice() {},
    connection: { ...SESSION, application_name: "realtime", statement_timeout: 5_000 },
  });
  const tokens = new Tokens(options.jwtSecret, options.keys, options.now);
  const catalog = new Catalog(sql, publication);
  const index = new SubscriptionIndex();
  const registrar = new Registrar(sql, catalog, index);
  const states = new TableStates(catalog, registrar);
  const horizon = new VisibilityHorizon(sql, logger);
  const connections = new Set<Connection>();
  const delivery = new Delivery({ sql, index, states, horizon, logger, breathe });
  let streaming = false;
  let closing = false;
  let cutOff = 0;

  const services: ChannelServices = {
    registrar,
    index,
    horizon,
    tokens,
    logger,
    isStreaming: () => streaming,
  };
  const feed = new Feed({
    delivery,
    states,
    horizon,
    onFailure: (error) => stream.interrupt(error),
  });
  const stream = new ReplicationStream({
    databaseUrl,
    publication,
    logger,
    onMessage: (message) => feed.push(message),
    onStart() {
      streaming = true;
      logger.info("Changes are being followed", { publication });
      for (const connection of connections) {
        for (const channel of connection.channels) void channel.subscribe();
      }
    },
    onInterrupt() {
      streaming = false;
      feed.reset();
    },
  });

  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });
  const silence = setInterval(() => {
    for (const connection of connections) {
      if (performance.now() - connection.lastSeen > SILENCE_MS) connection.terminate();
    }
  }, SILENCE_CHECK_MS);
  silence.unref();

  /** Waits a little for clients that are behind; those that stay behind are cut off in the end. */
  async function breathe(): Promise<void> {
    await setImmediate();
    const deadline = performance.now() + BREATH_MS;
    const isBehind = (each: Connection) => each.bufferedBytes > limits.bufferedBytes / 4;
    while (performance.now() < deadline && connections.values().some(isBehind)) await sleep(2);
  }

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (closing) throw new HandshakeError(503, "Realtime is restarting");
    if (connections.size >= limits.connections) {
      throw new HandshakeError(429, "Too many connected users");
    }
    const { version, identity } = await readHandshake(request, tokens);
    sockets.handleUpgrade(request, socket, head, (client) => {
      const onCutOff = () => {
        cutOff += 1;
      };
      const connection = new Connection(client, version, identity, services, limits, onCutOff);
      connections.add(connection);
      client.once("close", () => connections.delete(connection));
    });
  }

  return {
    handleUpgrade(request, socket, head) {
      // A client that hangs up in the middle is none of our business.
      socket.on("error", () => {});
      admit(request, socket, head).catch((error: unknown) => {
        if (error instanceof HandshakeError) return refuse(socket, error);
        logger.error("A handshake failed", { reason: String(error) });
        socket.destroy();
      });
    },

    async close() {
      closing = true;
      clearInterval(silence);
      for (const connection of connections) connection.close(1001, "going away");
      const deadline = performance.now() + FAREWELL_MS;
      while (connections.size > 0 && performance.now() < deadline) await sleep(5);
      for (const connection of connections) connection.terminate();
      await stream.close();
      await slotDropped(sql, stream.slot).catch(() => {});
      await sql.end({ timeout: 1 });
    },

    stats: () => ({
      streaming,
      connections: connections.size,
      channels: [...connections].reduce((sum, each) => sum + each.channelCount, 0),
      subscriptions: index.size,
      changes: feed.changes,
      messages: delivery.sent,
      waiting: feed.waiting,
      cutOff,
    }),
  };
}

/** Postgres drops a temporary slot when it notices that the connection has ended, within milliseconds. */
async function slotDropped(sql: Sql, slot: string): Promise<void> {
  const deadline = performance.now() + SLOT_DROP_MS;
  while (performance.now() < deadline) {
    const rows = await sql`select from pg_replication_slots where slot_name = ${slot}`;
    if (rows.length === 0) return;
    await sleep(5);
  }
}
