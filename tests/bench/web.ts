/**
 * The page with a huge session, and Lighthouse on the production build. Prints figures; fails on none.
 *
 *   npm run bench:web
 */
import { createServer } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium, type Page } from "playwright-core";
import { type App, signIn, startApp } from "../e2e/harness.ts";
import { insertHugeSession, touchCompanies } from "./web-session.ts";

const COMPANIES = 10_000;
const POSTINGS_EACH = 5;
const FRAMES = 400;
/** CSS pixels a frame: eight screens a second. */
const SPEED = 120;

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const say = (name: string, value: string) => console.log(`  ${name.padEnd(58)}${value}`);
const ms = (time: number) => `${time.toFixed(0)} ms`;

const debugPort = await freePort();
await using app = await startApp([`--remote-debugging-port=${debugPort}`]);
console.log(`${availableParallelism()} processors, load ${loadavg()[0]?.toFixed(1)}`);
await benchHugeSession(app);
await benchLighthouse(app);

async function benchHugeSession({ sql, url, ...rest }: App): Promise<void> {
  await using visitor = await rest.visit({ viewport: { width: 1440, height: 900 } });
  const { page } = visitor;
  const sessionId = await insertHugeSession(sql, visitor.id, {
    companies: COMPANIES,
    postingsEach: POSTINGS_EACH,
  });
  console.log(`\n${COMPANIES} companies, ${COMPANIES * POSTINGS_EACH} postings in one session`);
  await page.addInitScript(recordFirstRows);
  for (const visit of ["first visit", "reload", "companies written last"]) {
    if (visit === "companies written last") await touchCompanies(sql, sessionId);
    await page.goto("about:blank");
    await page.goto(`${url}/s/${sessionId}?stage=enrichment`);
    const rows = await page.waitForFunction(
      () => performance.getEntriesByName("first-rows")[0]?.startTime,
    );
    say(`first companies on the screen, ${visit}`, ms((await rows.jsonValue()) ?? Number.NaN));
    await untilWhole(page);
    const whole = await page.evaluate(() => performance.now());
    say(`everything there, ${visit}`, ms(whole));
  }
  const heap = await heapOf(page);
  say("JS heap with everything, after a collection", `${heap.toFixed(1)} MB`);
  for (const [name, stage, area] of [
    ["companies", "enrichment", "[role=grid]"],
    ["postings", "scraping", "[aria-labelledby=found-title] li"],
  ] as const) {
    await page.goto(`${url}/s/${sessionId}?stage=${stage}`);
    await page.locator(area).first().waitFor();
    await untilWhole(page);
    const { wall, cpu } = await scroll(page, area);
    for (const [clock, tasks] of [
      ["by the clock", wall],
      ["of the processor", cpu],
    ] as const)
      say(
        `scrolling ${name}, tasks over 50 ms ${clock}`,
        `${tasks.filter((task) => task > 50).length} of ${tasks.length}, longest ${ms(Math.max(0, ...tasks))}`,
      );
  }
}

/** Marks the moment when rows are painted first. Runs in the page. */
function recordFirstRows(): void {
  const look = () => {
    if (document.querySelector("[role=grid] tbody tr")) performance.mark("first-rows");
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Waits until no page of changes has been asked for in a while. */
async function untilWhole(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(
    (count) => document.body.textContent?.includes(`${count} compan`) ?? false,
    COMPANIES.toLocaleString("en"),
  );
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

/** Scrolls down and up again. Resolves to the durations of the page's tasks (ms). */
async function scroll(page: Page, area: string): Promise<{ wall: number[]; cpu: number[] }> {
  const browser = page.context().browser();
  if (!browser) throw new Error("The page has no browser");
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await page.evaluate(
    async ({ area, frames, speed }) => {
      let scroller = document.querySelector(area)?.parentElement;
      while (scroller && scroller.scrollHeight <= scroller.clientHeight + 1)
        scroller = scroller.parentElement;
      for (let at = 0; at < frames; at += 1) {
        scroller?.scrollBy(0, at < frames / 2 ? speed : -speed);
        await new Promise(requestAnimationFrame);
      }
    },
    { area, frames: FRAMES, speed: SPEED },
  );
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  const threads = trace.traceEvents
    .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid} ${tid}`);
  // The page is the busiest of the renderers.
  const tasks = threads
    .map((thread) =>
      trace.traceEvents.filter(
        ({ name, pid, tid }) => name.endsWith("RunTask") && `${pid} ${tid}` === thread,
      ),
    )
    .toSorted((one, other) => other.length - one.length)[0];
  return {
    wall: (tasks ?? []).map(({ dur = 0 }) => dur / 1000),
    cpu: (tasks ?? []).map(({ tdur = 0 }) => tdur / 1000),
  };
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock, and of the processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The best of three runs: the machine's other work is no property of the page. */
async function benchLighthouse({ url, ...rest }: App): Promise<void> {
  await using visitor = await rest.visit();
  const { session_id } = await visitor.call("create_session", { name: "For Lighthouse" });
  // Lighthouse opens its tabs beside those of the default context, which Playwright reaches in this way only.
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${debugPort}`);
  const page = await browser.contexts()[0]?.newPage();
  if (!page) throw new Error("Chromium has no default context");
  console.log("\nLighthouse, out of 100, best of three");
  await audit("sign-in", url);
  await page.goto(url);
  await signIn(page, visitor.email);
  await audit("sessions", url);
  await audit("a session", `${url}/s/${session_id}`);
  await page.close();
}

async function audit(name: string, url: string): Promise<void> {
  for (const [device, config] of [
    ["phone", undefined],
    ["desktop", desktopConfig],
  ] as const) {
    let best: number[] = [];
    let failed: string[] = [];
    for (let run = 0; run < 3; run += 1) {
      const result = await lighthouse(
        url,
        {
          port: debugPort,
          logLevel: "error",
          disableStorageReset: true,
          onlyCategories: CATEGORIES,
        },
        config,
      );
      if (!result) throw new Error("Lighthouse gave no result");
      const { categories, audits } = result.lhr;
      const scores = CATEGORIES.map((id) => Math.round((categories[id]?.score ?? 0) * 100));
      if (sum(scores) <= sum(best)) continue;
      best = scores;
      failed = Object.values(audits).flatMap(({ id, score }) =>
        score !== null && score < 0.9 ? [`${id} ${score}`] : [],
      );
    }
    say(`${name}, ${device}`, CATEGORIES.map((id, at) => `${id} ${best[at]}`).join(", "));
    if (best.some((score) => score < 95)) console.log(`    ${failed.join(", ")}`);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
  });
  return promise;
}
