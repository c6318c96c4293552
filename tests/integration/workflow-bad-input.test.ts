import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { newSession, startMainJob, untilIdle } from "./main-job-harness.ts";

const bad = await startBadSite();
const job = await startMainJob({ env: { OTIS_ALLOW_PRIVATE_HOSTS: bad.host } });
const { sql } = job;
const user = await job.signUp();
const good = job.site.truth.sources.find(({ kind }) => kind === "greenhouse");

/** Uploads a file as the client does, and gives its id. */
async function upload(name: string, content: string): Promise<string> {
  const id = randomUUID();
  const { error } = await user.client.rpc("append_upload", {
    p_upload_id: id,
    p_name: name,
    p_seq: 0,
    p_base64: Buffer.from(content).toString("base64"),
    p_last: true,
  });
  if (error) throw error;
  return id;
}

const page = (path: string) => `http://${bad.host}${path}`;
const CASES: readonly (readonly [string, string, string, RegExp])[] = [
  ["a private address", "http://10.1.2.3/jobs", "failed", /private network/],
  [
    "the cloud's own address",
    "http://169.254.169.254/latest/meta-data/",
    "failed",
    /private network/,
  ],
  ["a name that leads inside", "http://localhost/jobs", "failed", /private network|itself/],
  ["a host that does not exist", "https://nobody.invalid/jobs", "failed", /nobody\.invalid/],
  ["a page behind a login", page("/login"), "failed", /login/i],
  ["a page that does not exist", page("/missing"), "unknown", /not exist/],
  ["a page of 200 MB", page("/endless"), "failed", /larger than 5\.0 MB/],
  ["a page that answers with an error", page("/broken"), "failed", /HTTP 500/],
  ["malformed JSON-LD and nothing else", page("/malformed"), "zero", /No postings on/],
  ["an XML bomb", page("/bomb.xml"), "failed", /for security/],
  ["a feed that is none", page("/noise.xml"), "failed", /no feed/],
  ["a CSV that is a picture", page("/picture.csv"), "failed", /read/i],
  ["an empty CSV", page("/empty.csv"), "failed", /is empty/],
  ["a board that does not exist", "https://jobs.lever.co/nobody-at-all", "unknown", /not exist/],
  ["an actor without a key", "apify:acme/jobs", "failed", /token/i],
];

describe("bad sources", () => {
  test("end in their proper outcome with a sentence, and the good one among them goes on", async () => {
    const session_id = await newSession(user);
    const headless = await upload("headless.csv", "Baker,Acme,Ghent\nCook,Acme,Ghent\n");
    const { run_ids } = await user.call("start_scraping", {
      session_id,
      sources: [
        ...CASES.map(([, input]) => ({ input })),
        { input: good?.input ?? "" },
        { upload_id: headless, name: "headless.csv" },
        { upload_id: randomUUID(), name: "nobody's.csv" },
      ],
    });
    expect(run_ids).toHaveLength(CASES.length + 3);
    // What may pass would be tried again with longer and longer pauses.
    await sql`update otis.work_items set max_attempts = 1 where session_id = ${session_id}`;
    await untilIdle(job, session_id);

    const runs = await sql<
      { id: string; outcome: string; error_message: string; items_found: number }[]
    >`select id, outcome, error_message, items_found from public.scraping_runs where session_id = ${session_id}`;
    const run = (index: number) => runs.find(({ id }) => id === run_ids[index]);
    for (const [index, [what, , outcome, words]] of CASES.entries()) {
      expect.soft(run(index)?.outcome, what).toBe(outcome);
      expect.soft(run(index)?.error_message, what).toMatch(words);
    }
    expect(run(CASES.length)).toMatchObject({
      outcome: "found",
      items_found: good?.postings.length,
    });
    expect(run(CASES.length + 1)).toMatchObject({
      outcome: "failed",
      error_message: expect.stringContaining("Its columns are: Baker, Acme, Ghent."),
    });
    expect(run(CASES.length + 2)).toMatchObject({
      outcome: "unknown",
      error_message: expect.stringContaining("does not exist"),
    });
  });
});

/** A web server on which everything is wrong. */
async function startBadSite() {
  const bomb = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">${"bcdefghij"
    .split("")
    .map((name, index) => `<!ENTITY ${name} "${`&${"abcdefghij"[index]};`.repeat(10)}">`)
    .join("")}]><rss><channel><item><title>&j;</title></item></channel></rss>`;
  const answers: Record<string, (response: ServerResponse) => void> = {
    "/robots.txt": (response) => response.end("User-agent: *\nAllow: /\n"),
    "/login": (response) => response.writeHead(302, { location: "/sign-in?return=/login" }).end(),
    "/sign-in": (response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end('<h1>Login</h1><form method="post"><input name="u"><input type="password"></form>'),
    "/endless": (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      const write = () => {
        while (!response.destroyed && response.write("<p>and so on</p>".repeat(4096)));
      };
      response.on("drain", write);
      write();
    },
    "/broken": (response) => response.writeHead(500).end("oops"),
    "/malformed": (response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(
          '<script type="application/ld+json">{"@type": "JobPosting", "title": "Ba</script><p>Join us</p>',
        ),
    "/bomb.xml": (response) =>
      response.writeHead(200, { "content-type": "application/rss+xml" }).end(bomb),
    "/noise.xml": (response) =>
      response.writeHead(200, { "content-type": "application/rss+xml" }).end("<<<&&& no feed"),
    "/picture.csv": (response) =>
      response
        .writeHead(200, { "content-type": "text/csv" })
        .end(Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 89) % 256))),
    "/empty.csv": (response) => response.writeHead(200, { "content-type": "text/csv" }).end(""),
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const answer = answers[path];
    if (answer) answer(response);
    else response.writeHead(404).end("Not here");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}
