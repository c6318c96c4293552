import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import postgres from "postgres";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createPostgresQueue } from "../../functions/_shared/queue/postgres-queue.ts";
import {
  type Queue,
  QueueUnavailable,
  type WorkItem,
} from "../../functions/_shared/queue/queue.ts";
import { systemClock } from "../../functions/_shared/safe-fetch/clock.ts";
import { createConnect, resolve } from "../../functions/_shared/safe-fetch/node.ts";
import { createSafeFetch } from "../../functions/_shared/safe-fetch/safe-fetch.ts";
import { parseOpenedHosts } from "../../functions/_shared/safe-fetch/target.ts";
import { sources } from "../../functions/_shared/sources/catalogue.ts";
import { readEndpoints } from "../../functions/_shared/sources/endpoints.ts";
import { stopCancelledSources } from "../../functions/_shared/worker/cancelled-sources.ts";
import { createUploadOpener } from "../../functions/_shared/worker/upload-file.ts";
import { testDatabase } from "../support/database.ts";
import { startScraping } from "./worker-harness.ts";

const db = await testDatabase();
const owner = await db.createUser();
const queueOf = (worker: string): Queue => createPostgresQueue(db.sql, worker, ["scrape", "noop"]);

async function claimOne(queue: Queue): Promise<WorkItem> {
  const [item] = await queue.claim(1);
  if (item === undefined) throw new Error("nothing to claim");
  return item;
}

const posting = (title: string, text: string) => ({
  externalId: title,
  url: null,
  title,
  company: { name: "Acme", domain: null, url: null, logoUrl: null },
  location: { raw: null, city: null, region: null, country: null, workplace: null },
  descriptionHtml: "",
  descriptionText: text,
  dedupeKey: `c:${title}`,
});

beforeEach(() => db.sql`delete from otis.work_items`);

describe("the queue in Postgres", () => {
  it("hands out an item with its payload, and its step's effect, log and checkpoint come back", async () => {
    const { sessionId } = await startScraping(db, owner, ["first"]);
    const queue = queueOf("w1");
    const item = await claimOne(queue);
    expect(item).toMatchObject({
      kind: "scrape",
      provider: "smartrecruiters",
      sessionId,
      attempts: 1,
    });
    expect(item.payload).toMatchObject({ source: { kind: "smartrecruiters", target: "first" } });
    await queue.report([
      {
        item,
        progress: { step: "page 1/2", done: 1, total: 2 },
        log: [{ level: "info", message: "begun" }],
      },
    ]);
    const effect = {
      postings: [posting("a", "text")],
      progress: { step: "page 2/2", done: 2, total: 2 },
      log: [{ level: "debug", message: "end" }],
    };
    await queue.complete([
      {
        item,
        outcome: { effect, next: { checkpoint: { offset: 1 }, afterMs: 0 } },
        log: [{ level: "warning", message: "middle" }],
      },
    ]);
    const lines = await db.sql`
      select message from public.otis_progress_events where session_id = ${sessionId} and event_type = 'scrape' order by revision`;
    expect(lines.map(({ message }) => message)).toEqual(["begun", "middle", "end"]);
    const again = await claimOne(queue);
    expect(again).toMatchObject({ id: item.id, payload: { checkpoint: { offset: 1 } } });
    expect(again.lease).not.toBe(item.lease);
  });

  it("stores what the web sends, NUL and half characters taken out", async () => {
    const { sessionId } = await startScraping(db, owner, ["odd"]);
    const queue = queueOf("w1");
    const effect = {
      postings: [posting("a\u0000b", "half \ud83d and whole 😀 and \\u0000 in words")],
      outcome: "found",
    };
    await queue.complete([{ item: await claimOne(queue), outcome: { effect }, log: [] }]);
    const rows = await db.sql`
      select j.title, t.description_text as text from public.job_postings j
      join public.job_posting_texts t on t.posting_id = j.id where j.session_id = ${sessionId}`;
    expect(rows).toMatchObject([
      { title: "ab", text: "half \ufffd and whole 😀 and \\u0000 in words" },
    ]);
  });

  it("knows which leases are still held: not those of another claim, another worker or a cancelled run", async () => {
    const { runs } = await startScraping(db, owner, ["a", "b", "c"]);
    const queue = queueOf("w1");
    const items = await queue.claim(3);
    const [first, second, third] = items;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("too few");
    await queue.release([first]);
    await queueOf("w2").claim(1);
    await db.as(owner, (sql) => sql`select public.cancel('run', ${second.subjectId})`);
    expect(runs.size).toBe(3);
    expect(await queue.held(items)).toEqual(new Set([third.id]));
    expect(await queue.extend(items)).toEqual(new Set([third.id]));
    await queue.complete(
      items.map((item) => ({ item, outcome: { effect: { outcome: "zero" } }, log: [] })),
    );
    const states = await db.sql`select state from otis.work_items order by state`;
    expect(states.map(({ state }) => state)).toEqual(["cancelled", "leased"]);
  });

  it("says when to come again, and that nothing waits", async () => {
    const queue = queueOf("w1");
    expect(await queue.due()).toBeNull();
    await startScraping(db, owner, ["later"]);
    expect(await queue.due()).toBe(0);
    const item = await claimOne(queue);
    await queue.fail([
      {
        item,
        code: "rate_limited",
        message: "Slow down.",
        retryAfterSeconds: 30,
        permanent: false,
      },
    ]);
    expect(await queue.due()).toBeGreaterThan(29_000);
  });

  it("that cannot be reached is unavailable; a mistake of ours is not", async () => {
    const away = postgres("postgresql://nobody@127.0.0.1:1/none", { max: 1, connect_timeout: 1 });
    await expect(createPostgresQueue(away, "w", ["noop"]).claim(1)).rejects.toThrow(
      QueueUnavailable,
    );
    await away.end();
    await expect(queueOf("").claim(1)).rejects.not.toThrow(QueueUnavailable);
  });
});

describe("uploads", () => {
  const upload = async (pieces: readonly string[], complete = true) => {
    const id = crypto.randomUUID();
    for (const [seq, piece] of pieces.entries()) {
      const base64 = Buffer.from(piece).toString("base64");
      const last = complete && seq === pieces.length - 1;
      await db.as(
        owner,
        (sql) => sql`select public.append_upload(${id}, 'jobs.csv', ${seq}, ${base64}, ${last})`,
      );
    }
    return `upload:${id}`;
  };
  const init = (from: number) => ({ from, signal: new AbortController().signal });

  it("are read from the piece that holds the wanted byte", async () => {
    const address = await upload(["title;city\n", "Engineer;Utrecht\n", "Baker;Köln\n"]);
    const open = createUploadOpener(db.sql, owner);
    const whole = await open(address, init(0));
    expect(whole).toMatchObject({ status: 200, from: 0, size: 40 });
    expect(await new Response(whole.stream).text()).toBe(
      "title;city\nEngineer;Utrecht\nBaker;Köln\n",
    );
    const rest = await open(address, init(20));
    expect(rest.from).toBe(11);
    expect(await new Response(rest.stream).text()).toBe("Engineer;Utrecht\nBaker;Köln\n");
  });

  it("of others do not exist, and unfinished ones are waited for", async () => {
    const address = await upload(["a;b\n"]);
    const other = createUploadOpener(db.sql, await db.createUser());
    expect((await other(address, init(0))).status).toBe(404);
    expect((await other("upload:nonsense", init(0))).status).toBe(404);
    const unfinished = await upload(["a;b\n", "1;2\n"], false);
    await expect(createUploadOpener(db.sql, owner)(unfinished, init(0))).rejects.toMatchObject({
      code: "not_uploaded",
      retryAfterSeconds: 5,
    });
  });
});

describe("a cancelled Apify run", () => {
  const aborted: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === "POST") aborted.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end('{"data":{}}');
  });
  afterAll(() => server.close());

  it("is aborted where it runs, once, and forgotten", async () => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const door = createSafeFetch({
      resolve,
      connect: createConnect(),
      clock: systemClock,
      random: Math.random,
      userAgent: "OtisBot/1.0",
      openedHosts: parseOpenedHosts(`127.0.0.1:${port}`),
    });
    const settings = {
      sources,
      endpoints: readEndpoints((name) =>
        name === "OTIS_ENDPOINT_APIFY" ? `http://127.0.0.1:${port}` : undefined,
      ),
      apify: { token: "token", maxUsd: 5, webhookUrl: null },
      openUpload: () => () => Promise.reject(new Error("no uploads here")),
    };
    const [session] = await db.sql`
      insert into public.otis_workflow_sessions (owner_id, name) values (${owner}, 'apify') returning id`;
    const ref = {
      kind: "apify",
      key: "apify:some~actor",
      label: "some/actor",
      target: "some~actor",
    };
    await db.as(
      owner,
      (sql) => sql`select public.start_scraping(${session?.id}, ${sql.json([ref])})`,
    );
    const queue = queueOf("w1");
    const checkpoint = { phase: "run", runId: "run1", datasetId: "set1", offset: 0, found: 0 };
    await queue.complete([
      {
        item: await claimOne(queue),
        outcome: { effect: {}, next: { checkpoint, afterMs: 5_000 } },
        log: [],
      },
    ]);
    const chores = (apify: typeof settings.apify | null = settings.apify) =>
      stopCancelledSources(
        db.sql,
        { ...settings, apify },
        { ...door, clock: systemClock, signal: new AbortController().signal },
      );
    const isCalledFor = async () => (await db.sql`select otis.chores_wait() as waits`)[0]?.waits;
    await chores();
    expect(aborted).toEqual([]);
    await db.as(owner, (sql) => sql`select public.cancel('session', ${session?.id})`);
    expect(await isCalledFor()).toBe(true);
    // Without a token it waits for one, and no worker is called for it meanwhile.
    await chores(null);
    expect(await isCalledFor()).toBe(false);
    expect(
      await db.sql`select waiting::int, reason from inspect.chores where chore = 'stop_actors'`,
    ).toEqual([{ waiting: 1, reason: "no_key" }]);
    await chores();
    await chores();
    expect(await db.sql`select waiting::int from inspect.chores where waiting > 0`).toEqual([]);
    expect(aborted).toEqual(["/v2/actor-runs/run1/abort?gracefully=true"]);
    door.close();
  });
});
