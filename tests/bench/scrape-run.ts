/** One round of `bench:scrape`, in Deno: `worker` drains the queue, `loop` and `parallel` fetch and parse the same pages. */
import process from "node:process";
import postgres from "postgres";
import {
  createConnect,
  createResolve,
  type DenoNet,
  type Socket,
} from "../../functions/_shared/safe-fetch/deno.ts";
import { readPage } from "../../functions/_shared/sources/page.ts";
import { createWorker } from "../../functions/_shared/worker/start-worker.ts";

declare const Deno: DenoNet<Socket, Socket>;

/** As many requests as the worker has under way: its door admits 16 in all. */
const parallel = 16;

const env = process.env;
let peak = 0;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10);

const mode = process.argv[2];
const round = mode === "worker" ? prepareWorker() : prepareBare(mode === "loop" ? 1 : parallel);
await round();
console.log("warm");
await new Promise((go) => process.stdin.once("data", go));
const begun = performance.now();
const postings = await round();
const seconds = (performance.now() - begun) / 1000;
clearInterval(sampler);
console.log(JSON.stringify({ seconds, postings, peakMb: peak / 1e6 }));
process.exit();

function prepareWorker(): () => Promise<number> {
  const start = createWorker({
    env,
    sql: postgres(env.SUPABASE_DB_URL ?? "", { max: 4, onnotice() {} }),
    network: { resolve: createResolve(Deno), connect: createConnect(Deno) },
    cpuMs: () => 0,
    stopping: new AbortController().signal,
    write: () => {},
  });
  return async () => {
    await start().finished;
    return 0;
  };
}

function prepareBare(atOnce: number): () => Promise<number> {
  const origins = (env.BENCH_ORIGINS ?? "").split(",");
  const read = async (url: string) => {
    const response = await fetch(url);
    const body = new Uint8Array(await response.arrayBuffer());
    return readPage(body, { url, contentType: response.headers.get("content-type") });
  };
  return async () => {
    const careers = await Promise.all(origins.map((origin) => read(`${origin}/careers`)));
    const urls = careers.flatMap(({ links }) =>
      links.map((link) => link.url).filter((url) => url.includes("/jobs/")),
    );
    let postings = 0;
    const loop = async () => {
      for (let url = urls.pop(); url !== undefined; url = urls.pop()) {
        const page = await read(url);
        postings += page.postings.length;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, loop));
    return postings;
  };
}
