import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installChromium } from "../../supabase/embedded/commands/chromium.ts";
import { type OwnStack, signUp, startOwnStack } from "../support/stack.ts";
import { type BuiltPage, buildPage } from "./build-page.ts";
import { FaultProxy, healthy } from "./fault-proxy.ts";
import type { LivePage } from "./page/main.tsx";
import { Writer } from "./writer.ts";

/*
 * A real browser, the real stack, a writer that never stops, and something that breaks. After each
 * fault the page must show exactly what is in the database, must never have shown anything that was
 * not, and the time until it had caught up is printed.
 */

let stack: OwnStack;
let built: BuiltPage;
let browser: Browser;
const report: string[] = [];

beforeAll(async () => {
  [stack, built, browser] = await Promise.all([
    startOwnStack(),
    buildPage(),
    chromium.launch({
      executablePath: installChromium(process.env),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    }),
  ]);
});
afterAll(async () => {
  console.info(`\n${report.join("\n")}\n`);
  await browser?.close();
  built?.[Symbol.dispose]();
  await stack?.[Symbol.asyncDispose]();
});

const ms = (time: number): string => `${Math.round(time).toString().padStart(6)} ms`;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Scene {
  readonly proxy: FaultProxy;
  readonly page: Page;
  readonly writer: Writer;
  ask<T>(question: (otis: LivePage) => T): Promise<T>;
  until(question: (otis: LivePage) => boolean, timeoutMs?: number): Promise<void>;
}

interface Fault {
  readonly query?: string;
  /** Before the page is opened. */
  readonly prepare?: (scene: Pick<Scene, "proxy" | "page">) => Promise<void> | void;
  /** Breaks something, and mends it. */
  readonly happen: (scene: Scene) => Promise<void>;
  /** Looks at more than the rows. */
  readonly check?: (scene: Scene) => Promise<void>;
}

async function play(name: string, fault: Fault): Promise<void> {
  const user = await signUp(stack);
  await using writer = await Writer.create(stack.databaseUrl, user.id);
  await using proxy = new FaultProxy({ stack, folder: built.folder, userId: user.id });
  const origin = await proxy.listen();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await fault.prepare?.({ proxy, page });
    const { sessionId } = writer;
    await page.goto(
      `${origin}/?session=${sessionId}&user=${user.id}&key=${stack.publishableKey}${fault.query ?? ""}`,
    );
    const scene: Scene = {
      proxy,
      page,
      writer,
      ask: (question) => page.evaluate(`(${question})(window.otis)`),
      until: async (question, timeout = 20_000) => {
        await page.waitForFunction(`(${question})(window.otis)`, undefined, {
          timeout,
          polling: 20,
        });
      },
    };
    writer.start();
    await scene.until((otis) => ["live", "degraded"].includes(otis.connection().phase));
    await sleep(1_000);
    await fault.happen(scene);

    const mended = performance.now();
    const revision = await writer.revision();
    await page.waitForFunction((least) => window.otis.state().revision >= least, revision, {
      timeout: 60_000,
      polling: 10,
    });
    const recovered = performance.now() - mended;
    await sleep(1_000);
    await fault.check?.(scene);
    const silence = await scene.ask((otis) => otis.checks.longestSilence);
    await writer.stop();

    const expected = (await writer.contents()).toSorted();
    // The last statement may have lost its events, without anything after it to give that away:
    // that is what the slow pulse is for.
    await page
      .waitForFunction((least) => window.otis.state().revision >= least, await writer.revision(), {
        timeout: 45_000,
        polling: 20,
      })
      .catch(() => {});
    const shown = await scene.ask((otis) => otis.contents());
    const lost = expected.filter((row) => !shown.includes(row));
    const doubled = shown.length - new Set(shown.map((row) => row.split("/", 2).join("/"))).size;
    const problems = await scene.ask((otis) => otis.checks.problems.slice(0, 5));
    const { transport } = await scene.ask((otis) => otis.connection());
    const { requests, gapsHealed } = await scene.ask((otis) => otis.metrics());
    report.push(
      `${name.padEnd(36)} caught up ${ms(recovered)} after its end, longest silence ${ms(silence)}` +
        `  ${expected.length} rows, ${lost.length} lost, ${doubled} doubled, ${problems.length} wrong views` +
        `  (${transport}, ${requests} requests, ${gapsHealed} gaps healed)`,
    );
    expect({ lost, doubled, problems }).toEqual({ lost: [], doubled: 0, problems: [] });
    expect(shown.toSorted()).toEqual(expected);
    const rendered = await scene.ask((otis) => otis.rendered());
    expect(new Set(rendered).size).toBe(rendered.length);
  } finally {
    await context.close();
  }
}

describe("nothing is lost and nothing doubled when", () => {
  test("Realtime is killed", () =>
    play("Realtime killed, gone for 3 s", {
      async happen({ proxy }) {
        proxy.faults = { ...healthy, blockWebSockets: true };
        proxy.killConnections();
        await sleep(3_000);
        proxy.faults = healthy;
      },
      check: async ({ until }) => until((otis) => otis.connection().phase === "live", 40_000),
    }));

  test("the replication behind Realtime is killed", () =>
    play("Realtime's replication killed", {
      async happen({ writer }) {
        await writer.sql`
          select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'
        `;
      },
    }));

  test("WebSockets are blocked", () =>
    play("WebSocket blocked", {
      prepare: ({ proxy }) => {
        proxy.faults = { ...healthy, blockWebSockets: true };
      },
      async happen({ until, proxy }) {
        await until((otis) => otis.connection().transport === "sse");
        await sleep(3_000);
        proxy.faults = healthy;
      },
      check: ({ until }) => until((otis) => otis.connection().transport === "websocket", 60_000),
    }));

  test("a proxy buffers streams as well", () =>
    play("WebSocket blocked, streams buffered", {
      prepare: ({ proxy }) => {
        proxy.faults = { ...healthy, blockWebSockets: true, bufferStreams: true };
      },
      async happen({ until }) {
        await until((otis) => otis.connection().transport === "polling");
        await sleep(6_000);
      },
    }));

  test("a proxy cuts every connection after 10 s", () =>
    play("every connection cut after 10 s", {
      prepare: ({ proxy }) => {
        proxy.faults = { ...healthy, cutAfterMs: 10_000 };
      },
      happen: () => sleep(25_000),
    }));

  test("tokens expire", () =>
    play("token expires every 8 s", {
      prepare: ({ proxy }) => {
        proxy.faults = { ...healthy, tokenSeconds: 8 };
      },
      happen: () => sleep(20_000),
    }));

  test("the machine sleeps for ten minutes", () =>
    play("asleep for 10 min", {
      prepare: async ({ page }) => {
        await page.clock.install();
      },
      async happen({ page, proxy }) {
        proxy.faults = { ...healthy, cut: true };
        await sleep(3_000);
        proxy.killConnections();
        proxy.faults = healthy;
        await page.clock.fastForward("10:00");
      },
    }));

  test("the network goes and comes back, with a change made meanwhile", () =>
    play("offline for 5 s, renamed meanwhile", {
      async happen({ page, proxy }) {
        proxy.faults = { ...healthy, cut: true };
        proxy.killConnections();
        await page.context().setOffline(true);
        await page.evaluate(() => void window.otis.rename("renamed offline"));
        await sleep(5_000);
        expect(await page.evaluate(() => window.otis.title())).toBe("renamed offline");
        proxy.faults = healthy;
        await page.context().setOffline(false);
      },
      async check({ writer, until }) {
        await until((otis) => otis.title() === "renamed offline");
        await expect
          .poll(async () => {
            const [row] = await writer.sql`
              select name from public.otis_workflow_sessions where id = ${writer.sessionId}
            `;
            return row?.name;
          })
          .toBe("renamed offline");
      },
    }));

  test("30 % of all frames vanish", () =>
    play("30 % of frames dropped", {
      async happen({ proxy }) {
        proxy.faults = { ...healthy, dropFrames: 0.3 };
        await sleep(10_000);
        proxy.faults = healthy;
      },
    }));

  test("Postgres is killed and starts again", () =>
    play("Postgres killed", {
      async happen({ writer }) {
        const killed = stack.stack.processes().postgres;
        process.kill(killed, "SIGKILL");
        // For a moment its orphans still answer.
        await expect
          .poll(() => stack.stack.processes().postgres, { timeout: 30_000 })
          .not.toBe(killed);
        await writer.revision();
      },
    }));

  test("the functions' process is killed under its streams", () =>
    play("functions killed, on SSE", {
      query: "&transport=sse",
      async happen({ until }) {
        await until((otis) => otis.connection().transport === "sse");
        const { functions } = stack.stack.processes();
        if (functions) process.kill(functions, "SIGKILL");
      },
    }));

  test("the worker is killed three times while it reads a file of 3,000 postings", () =>
    play("worker killed 3 times in a scrape", {
      async happen({ writer, page }) {
        const runId = await page.evaluate(startScraping, {
          sessionId: writer.sessionId,
          csv: csvOf(3_000),
        });
        const found = async (): Promise<number> => {
          const [row] = await writer.sql<{ count: number }[]>`
            select count(*)::int from public.job_postings where run_id = ${runId} and title like 'Baker %'
          `;
          return row?.count ?? 0;
        };
        let killed: number | undefined;
        for (const part of [1, 1_000, 2_000]) {
          await expect.poll(found, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(part);
          // Not the one that has just been killed: its successor, once it is there.
          await expect.poll(() => stack.stack.processes().functions).not.toBe(killed);
          killed = stack.stack.processes().functions;
          if (killed !== undefined) process.kill(killed, "SIGKILL");
        }
        const status = async (): Promise<unknown> => {
          const [row] =
            await writer.sql`select status from public.scraping_runs where id = ${runId}`;
          return row?.status;
        };
        await expect.poll(status, { timeout: 120_000, interval: 200 }).toBe("completed");
        expect(await found()).toBe(3_000);
      },
    }));

  test("WebSockets are switched off and on again in feature_flags", () =>
    play("websocket switched off in the table", {
      async happen({ writer, until }) {
        const set = (on: boolean) =>
          writer.sql`update public.feature_flags set enabled = ${on} where key = 'websocket'`;
        for (const on of [false, true]) {
          const began = performance.now();
          await set(on);
          await until(
            on
              ? ({ connection }) => connection().transport === "websocket"
              : ({ connection }) => connection().transport === "sse",
          );
          const took = performance.now() - began;
          report.push(
            `  websocket switched ${on ? "on" : "off"} in the table: moved after ${ms(took)}`,
          );
        }
      },
    }));
});

const csvOf = (rows: number): string =>
  [
    "title,company,location,url",
    ...Array.from(
      { length: rows },
      (_, n) => `Baker ${n},Bakery ${n % 200},Utrecht,https://bakery-${n % 200}.example/jobs/${n}`,
    ),
  ].join("\n");

/** Runs in the page: uploads a file and starts to scrape it. Resolves to the run's id. */
async function startScraping(order: { sessionId: string; csv: string }): Promise<string> {
  const { token } = await (await fetch("/token")).json();
  const key = new URLSearchParams(location.search).get("key") ?? "";
  const post = async (path: string, body: unknown, extra = {}): Promise<unknown> => {
    const headers = {
      apikey: key,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...extra,
    };
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  const uploadId = crypto.randomUUID();
  await post("/rest/v1/rpc/append_upload", {
    p_upload_id: uploadId,
    p_name: "bakers.csv",
    p_seq: 0,
    p_base64: btoa(order.csv),
    p_last: true,
  });
  const started = await post(
    "/functions/v1/workflow",
    {
      action: "start_scraping",
      data: {
        session_id: order.sessionId,
        sources: [{ upload_id: uploadId, name: "bakers.csv" }],
      },
    },
    { "idempotency-key": crypto.randomUUID() },
  );
  const [runId] = (started as { run_ids: string[] }).run_ids;
  if (runId === undefined) throw new Error("no run was started");
  return runId;
}
