/**
 * From commit to rendered: how long a change takes to a browser, over each transport, beside what
 * OTIS replaces (a read every two seconds), all in one run.
 *
 *   npm run bench:live        (BENCH_SECONDS: seconds a load of the fast transports, default 10)
 *
 * One client is a page in Chromium, timed when the row is in the document; the others run the same
 * live core in a process of their own, timed when the row is in the store; each has its own user,
 * session and connections. Rows carry the time of their writing, taken within the transaction, so
 * the figures include the commit. Everything shares this machine, its load included.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { connect, createServer as createRelay, type Socket } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import postgres from "postgres";
import { installChromium } from "../../supabase/embedded/commands/chromium.ts";
import { percentile } from "../../web/src/live/metrics.ts";
import { buildPage } from "../faults/build-page.ts";
import { startOwnStack } from "../support/stack.ts";
import { type Address, type Seat, WAYS, type Way } from "./live-client.ts";
import type { CrowdOrder, CrowdReport } from "./live-crowd.ts";
import { fillSession, openLarge } from "./live-large.ts";
import { createSeats, writeStamped } from "./live-seats.ts";

const seconds = Number(process.env.BENCH_SECONDS ?? 10);
/** Clients, and row changes a second in all. */
const LOADS = [
  { clients: 1, rowsPerSecond: 4, rowsPerStatement: 1 },
  { clients: 20, rowsPerSecond: 200, rowsPerStatement: 5 },
  { clients: 100, rowsPerSecond: 1_000, rowsPerStatement: 5 },
] as const;
const STORM = 500;

await using stack = await startOwnStack();
using built = await buildPage(new URL("live-page", import.meta.url));
const sql = postgres(stack.databaseUrl, { max: 12, onnotice() {} });
const files = serve(built.folder);
const browser = await chromium.launch({
  executablePath: installChromium(process.env),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
});
const address: Address = { apiUrl: stack.apiUrl, publishableKey: stack.publishableKey };
try {
  const origin = await files.origin;
  console.log(
    `commit → rendered in Chromium | applied in the other clients, in ms` +
      ` (load average of this machine before: ${loadavg()[0]?.toFixed(1)}, ${availableParallelism()} cores)`,
  );
  for (const load of LOADS) {
    console.log(`\n${load.clients} clients, ${load.rowsPerSecond} row changes/s in all`);
    const medians = new Map<Way, number>();
    for (const way of WAYS) medians.set(way, await measure(browser, origin, way, load));
    const ratios = WAYS.filter((way) => way !== "baseline").map((way) => {
      const ratio = (medians.get("baseline") ?? Number.NaN) / (medians.get(way) ?? Number.NaN);
      return `${way} ${ratio.toFixed(1)}x`;
    });
    console.log(`  sooner than the baseline, at the median: ${ratios.join(", ")}`);
  }
  await large();
  await storm();
} finally {
  await browser.close();
  files.close();
  await sql.end({ timeout: 1 });
}

async function measure(
  browser: Browser,
  origin: string,
  way: Way,
  load: (typeof LOADS)[number],
): Promise<number> {
  const seats = await createSeats(sql, stack.jwtSecret, load.clients);
  const [first, ...others] = seats;
  if (first === undefined) throw new Error("no clients");
  const page = await browser.newPage();
  const crowd = startCrowd();
  try {
    await page.goto(
      `${origin}/?${new URLSearchParams({ way, session: first.sessionId, token: first.token, api: address.apiUrl, key: address.publishableKey })}`,
    );
    await page.waitForFunction(() => ["live", "degraded"].includes(window.live.phase()));
    await crowd.open(others, way, address);
    const writer = writeStamped(sql, seats, load);
    await sleep(1_000);
    await page.evaluate(() => window.latencies.splice(0));
    await crowd.report();
    await sleep((way === "polling" || way === "baseline" ? 3 : 1) * seconds * 1_000);
    const rendered = await page.evaluate(() => window.latencies.splice(0));
    const { latencies: applied } = await crowd.report();
    const rows = await writer.stop();
    console.log(
      `  ${way.padEnd(10)} rendered ${figures(rendered)}` +
        (others.length > 0 ? `  | applied ${figures(applied)}` : "") +
        `   (${rows} rows written)`,
    );
    return (
      percentile(
        rendered.toSorted((a, b) => a - b),
        0.5,
      ) ?? Number.NaN
    );
  } finally {
    crowd.close();
    await page.close();
  }
}

/** 10,000 companies with 50,000 postings on one page. */
async function large(): Promise<void> {
  const [seat] = await createSeats(sql, stack.jwtSecret, 1);
  if (seat === undefined) throw new Error("no session");
  await fillSession(sql, seat);
  const { firstRowsMs, readyMs, heapBytes, rows } = await openLarge(
    browser,
    await files.origin,
    address,
    seat,
  );
  console.log(
    `\na session of ${rows} rows\n  first rows ${Math.round(firstRowsMs)} ms after the page was asked for,` +
      ` all after ${Math.round(readyMs)} ms; JS heap ${(heapBytes / 1e6).toFixed(1)} MB`,
  );
}

/** 500 clients lose their sockets at once, and the way is closed for two seconds. */
async function storm(): Promise<void> {
  const relay = await startRelay(Number(new URL(stack.apiUrl).port));
  const seats = await createSeats(sql, stack.jwtSecret, STORM);
  const crowd = startCrowd();
  try {
    await crowd.open(seats, "websocket", { ...address, apiUrl: relay.url });
    const before = await crowd.report();
    relay.close(true);
    await sql`
      insert into public.otis_progress_events (session_id, owner_id, event_type, message)
      select s.id, s.owner_id, 'bench', 'during the storm' from public.otis_workflow_sessions s
      where s.id = any(${seats.map(({ sessionId }) => sessionId)}::uuid[])
    `;
    await sleep(2_000);
    relay.close(false);
    const opened = performance.now();
    const wanted = new Map(
      (
        await sql<{ id: string; revision: string }[]>`
          select id, revision from public.otis_workflow_sessions
          where id = any(${seats.map(({ sessionId }) => sessionId)}::uuid[])
        `
      ).map(({ id, revision }) => [id, Number(revision)]),
    );
    const caughtUp: number[] = [];
    let done = new Set<string>();
    let report = await crowd.report();
    let live = 0;
    while (performance.now() - opened < 60_000 && (done.size < STORM || report.connected < STORM)) {
      report = await crowd.report();
      const now = performance.now() - opened;
      const exact = Object.entries(report.revisions).filter(([id, at]) => at === wanted.get(id));
      for (let n = done.size; n < exact.length; n++) caughtUp.push(now);
      done = new Set(exact.map(([id]) => id));
      if (report.connected === STORM && live === 0) live = now;
      await sleep(50);
    }
    console.log(
      `\nreconnect storm of ${STORM} clients, sockets cut and the way closed for 2 s\n` +
        `  up to date after it opened: ${figures(caughtUp)}, ${done.size} of ${STORM};` +
        ` all connected again after ${Math.round(live)} ms;` +
        ` ${((report.requests - before.requests) / STORM).toFixed(1)} requests a client`,
    );
  } finally {
    crowd.close();
    relay.stop();
  }
}

function startCrowd() {
  const child = fork(fileURLToPath(new URL("live-crowd.ts", import.meta.url)), [], {
    serialization: "advanced",
  });
  const tell = async (order: CrowdOrder): Promise<unknown> => {
    child.send(order);
    const [answer] = await once(child, "message");
    return answer;
  };
  return {
    open: (seats: Seat[], way: Way, at: Address) => tell({ kind: "open", seats, way, address: at }),
    report: async () => (await tell({ kind: "report" })) as CrowdReport,
    close: () => {
      if (child.connected) child.send({ kind: "close" });
    },
  };
}

/** Passes connections on to `port`; can be closed, which cuts those there are. */
async function startRelay(port: number) {
  const sockets = new Set<Socket>();
  let closed = false;
  const server = createRelay((socket) => {
    if (closed) return void socket.destroy();
    const onward = connect(port, "127.0.0.1");
    for (const side of [socket, onward]) {
      sockets.add(side);
      side.on("error", () => {});
      side.on("close", () => {
        sockets.delete(side);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  return {
    url: `http://127.0.0.1:${typeof bound === "object" && bound ? bound.port : 0}`,
    close(now: boolean) {
      closed = now;
      if (now) for (const socket of sockets) socket.destroy();
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serve(folder: string) {
  const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url ?? "/", "http://page");
    const file = pathname === "/" ? "index.html" : pathname;
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    createReadStream(join(folder, file)).pipe(response);
  }).listen(0, "127.0.0.1");
  const origin = once(server, "listening").then(() => {
    const bound = server.address();
    return `http://127.0.0.1:${typeof bound === "object" && bound ? bound.port : 0}`;
  });
  return { origin, close: () => server.close() };
}

function figures(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): string =>
    (percentile(sorted, part) ?? Number.NaN).toFixed(1).padStart(7);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  (${values.length})`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
