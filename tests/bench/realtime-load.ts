import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import postgres, { type Sql } from "postgres";
import WebSocket from "ws";

export interface Scenario {
  readonly name: string;
  readonly table: TableName;
  readonly subscribers: number;
  /** Whether each subscriber filters for rows of its own, or all want all. */
  readonly own: boolean;
  /** Changes a second, all together. */
  readonly rate: number;
  /** The load ends earlier than asked for. */
  readonly mostSeconds?: number;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "one subscriber, single changes",
    table: "bench_own",
    subscribers: 1,
    own: true,
    rate: 50,
    mostSeconds: 20,
  },
  {
    name: "100 subscribers, each of its own rows, 1,000 changes/s",
    table: "bench_own",
    subscribers: 100,
    own: true,
    rate: 1_000,
  },
  {
    name: "100 subscribers of the same rows, 50 changes/s",
    table: "bench_open",
    subscribers: 100,
    own: false,
    rate: 50,
  },
  {
    name: "100 users of the same rows by a policy that Postgres has to decide, 50 changes/s",
    table: "bench_team",
    subscribers: 100,
    own: false,
    rate: 50,
  },
];

export interface Memory {
  readonly heap: number;
  readonly rss: number;
}

export interface Measurement {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly written: number;
  /** Changes a second that were reached. */
  readonly rate: number;
  readonly received: number;
  readonly expected: number;
  readonly before: Memory;
  readonly after: Memory;
}

const JWT_SECRET = "a-benchmark-secret-of-more-than-32-bytes";
const TABLES = ["bench_own", "bench_open", "bench_team"] as const;
type TableName = (typeof TABLES)[number];
/** As wide as one of OTIS's live rows. */
const BODY = "x".repeat(400);
const ROWS_PER_OWNER = 10;

/** Tables of three kinds of policy, and the trigger that the relay needs. */
export async function createTables(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  await sql.unsafe(`
    create table members (user_id uuid primary key);
    grant select on members to authenticated;
    create function notify_bench() returns trigger language plpgsql as $$
    begin
      perform pg_notify('bench', json_build_object('owner', new.owner_id, 'sent', new.sent)::text);
      return null;
    end $$;
  `);
  const policies = {
    bench_own: "owner_id = (select auth.uid())",
    bench_open: "true",
    bench_team: "exists (select from members m where m.user_id = (select auth.uid()))",
  };
  for (const table of TABLES) {
    await sql.unsafe(`
      create table ${table} (
        id bigint generated always as identity primary key,
        owner_id uuid not null, session_id uuid, body text, revision bigint default 0,
        sent float8, updated_at timestamptz not null default now()
      );
      create index on ${table} (owner_id);
      alter table ${table} enable row level security;
      create policy readers on ${table} for select to authenticated using (${policies[table]});
      create trigger notify after update on ${table} for each row execute function notify_bench();
    `);
  }
  await sql.end();
}

/** Puts one server under one load. */
export async function measure(
  scenario: Scenario,
  url: string,
  kind: "relay" | "realtime",
  seconds: number,
): Promise<Measurement> {
  const { table, subscribers, own, rate, mostSeconds = seconds } = scenario;
  const sql = postgres(url, { max: 8, onnotice() {} });
  const owners = Array.from({ length: subscribers }, () => randomUUID());
  const ids = await prepareRows(sql, table, owners, kind);
  const server = await startServer(kind, url);
  const latencies: number[] = [];
  const receive = (sent: number) => latencies.push(now() - sent);
  const sockets = await Promise.all(
    owners.map((owner) =>
      kind === "relay"
        ? connectRelay(server.port, own ? owner : "", receive)
        : connectRealtime(server.port, table, owner, own, receive),
    ),
  );
  await write(sql, table, ids, rate, 1);
  await settle(latencies, own ? rate : rate * subscribers);
  latencies.length = 0;
  const before = await server.memory();
  const length = Math.min(seconds, mostSeconds);
  const started = now();
  const written = await write(sql, table, ids, rate, length);
  const reached = written / ((now() - started) / 1000);
  const expected = own ? written : written * subscribers;
  await settle(latencies, expected);
  const after = await server.memory();
  for (const socket of sockets) socket.terminate();
  await server.stop();
  await sql.end();
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    written,
    rate: reached,
    received: latencies.length,
    expected,
    before,
    after,
  };
}

async function prepareRows(
  sql: Sql,
  table: TableName,
  owners: readonly string[],
  kind: string,
): Promise<string[]> {
  await sql`truncate ${sql(table)}, members`;
  await sql.unsafe(
    `alter table ${table} ${kind === "relay" ? "enable" : "disable"} trigger notify`,
  );
  await sql`alter publication supabase_realtime set table ${sql(table)}`;
  await sql`insert into members select unnest(${owners}::uuid[])`;
  const rows = await sql<{ id: string }[]>`
    insert into ${sql(table)} (owner_id, body)
    select o, ${BODY} from unnest(${owners}::uuid[]) o, generate_series(1, ${ROWS_PER_OWNER})
    returning id
  `;
  await sql`analyze ${sql(table)}`;
  return rows.map((row) => row.id);
}

/** Updates rows in turn, each in a transaction of its own; resolves when all are committed. */
async function write(
  sql: Sql,
  table: TableName,
  ids: readonly string[],
  rate: number,
  seconds: number,
): Promise<number> {
  const started = now();
  const pending: Promise<unknown>[] = [];
  let count = 0;
  while (now() - started < seconds * 1000) {
    const due = Math.ceil(((now() - started) / 1000) * rate);
    for (; count < due; count += 1) {
      const id = ids[(count * 7) % ids.length] ?? "0";
      pending.push(
        sql`update ${sql(table)} set sent = ${now()}, revision = revision + 1 where id = ${id}`.execute(),
      );
    }
    await sleep(Math.max(1, (count / rate) * 1000 - (now() - started)));
  }
  await Promise.all(pending);
  return count;
}

/** Waits until as many messages have come, or none has come for two seconds. */
async function settle(latencies: readonly number[], expected: number): Promise<void> {
  for (let last = -1; latencies.length < expected && latencies.length !== last; ) {
    last = latencies.length;
    for (let i = 0; i < 20 && latencies.length < expected; i += 1) await sleep(100);
  }
}

async function connectRelay(
  port: number,
  owner: string,
  receive: (sent: number) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?owner=${owner}`);
  socket.on("message", (data) => receive(JSON.parse(String(data)).sent));
  await once(socket, "open");
  return socket;
}

async function connectRealtime(
  port: number,
  table: string,
  owner: string,
  own: boolean,
  receive: (sent: number) => void,
): Promise<WebSocket> {
  const token = await new SignJWT({ role: "authenticated", sub: owner })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(JWT_SECRET));
  const socket = new WebSocket(
    `ws://127.0.0.1:${port}/realtime/v1/websocket?apikey=sb_publishable_bench&vsn=2.0.0`,
  );
  const filter = own ? { filter: `owner_id=eq.${owner}` } : {};
  const change = { event: "*", schema: "public", table, ...filter };
  await once(socket, "open");
  const join = { config: { postgres_changes: [change] }, access_token: token };
  socket.send(JSON.stringify(["1", "1", "realtime:bench", "phx_join", join]));
  await new Promise<void>((resolve, reject) => {
    socket.on("message", (data) => {
      const [, , , event, payload] = JSON.parse(String(data));
      if (event === "postgres_changes") receive(payload.data.record.sent);
      else if (event === "system" && payload.status === "ok") resolve();
      else if (event === "system") reject(new Error(payload.message));
    });
  });
  return socket;
}

interface BenchServer {
  readonly port: number;
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

async function startServer(kind: string, url: string): Promise<BenchServer> {
  const child = fork(new URL("realtime-server.ts", import.meta.url), [kind, url, JWT_SECRET], {
    execArgv: ["--expose-gc"],
  });
  const { port } = await reply<{ port: number }>(child);
  return {
    port,
    memory() {
      child.send("memory");
      return reply<Memory>(child);
    },
    async stop() {
      child.send("stop");
      await once(child, "exit");
    },
  };
}

async function reply<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, "message");
  return message;
}

/** Milliseconds, comparable to a fraction of one. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
