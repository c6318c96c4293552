/**
 * For tests of the page as a user sees it: a stack of its own with the real functions, the practice site, the web
 * client built for production, and one Chromium.
 *
 *   const app = await startTestApp();               // at the top of a file; ends with it
 *   await using visitor = await app.visit();        // a browser context of its own, signed in
 *   await visitor.page.goto(app.url);
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import postgres, { type Sql } from "postgres";
import { afterAll, expect } from "vitest";
import type {
  ActionInput,
  ActionName,
  ActionResults,
} from "../../functions/_shared/contract/workflow.ts";
import { installChromium } from "../../supabase/embedded/commands/chromium.ts";
import {
  type PracticeSite,
  startPracticeSite,
} from "../../supabase/embedded/practice-site/server.ts";
import { type OwnStack, signUp, startOwnStack } from "../support/stack.ts";
import { serveWebBuild } from "./web-build.ts";

export const PASSWORD = "correct horse";

export interface App extends AsyncDisposable {
  /** Origin of the page. */
  readonly url: string;
  /** Folder of its files. */
  readonly folder: string;
  readonly stack: OwnStack;
  readonly site: PracticeSite;
  /** What a user pastes to read every source of the site. */
  readonly allSources: string;
  /** As `postgres`: sees everything. */
  readonly sql: Sql;
  readonly browser: Browser;
  /** Lets no job board be read, as if all of them had asked to wait; careers pages and feeds are. */
  holdBoards(): Promise<void>;
  releaseBoards(): Promise<void>;
  /** Somebody new in a browser of her own, signed in unless told otherwise. */
  visit(options?: BrowserContextOptions & { readonly signedIn?: boolean }): Promise<Visitor>;
}

export interface Visitor extends AsyncDisposable {
  readonly id: string;
  readonly email: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Hosts that were asked for anything, with their ports. */
  readonly hosts: ReadonlySet<string>;
  /** What the browser complained of: exceptions, errors of the console, refused by the policy. */
  readonly complaints: readonly string[];
  /** Calls an action as this user, past the page. */
  call<A extends ActionName>(action: A, data: ActionInput<A>): Promise<ActionResults[A]>;
}

/** Starts everything, and ends it after the file. */
export async function startTestApp(): Promise<App> {
  const app = await startApp();
  afterAll(() => app[Symbol.asyncDispose]());
  return app;
}

/** Starts everything; some seconds. Limits on strangers' servers are lifted: these are ours. */
export async function startApp(chromiumArgs: readonly string[] = []): Promise<App> {
  await using started = new AsyncDisposableStack();
  const site = await startPracticeSite({ troubles: { slowMs: 300, pauseSeconds: 1 } });
  started.defer(() => site.close());
  const stack = started.use(
    await startOwnStack({
      env: { ...site.endpoints, OTIS_ALLOW_PRIVATE_HOSTS: site.allowHosts },
    }),
  );
  const sql = postgres(stack.databaseUrl, { max: 4, onnotice() {} });
  started.defer(() => sql.end());
  await sql`update otis.provider_limits set capacity = null, per_second = null`;
  await sql`update otis.rate_limits set capacity = 10000, per_second = 1000`;
  const web = started.use(await serveWebBuild(stack));
  const browser = await launchChromium(chromiumArgs);
  started.defer(() => browser.close());
  const ending = started.move();
  return {
    url: web.url,
    folder: web.folder,
    stack,
    site,
    allSources: site.truth.sources.map(({ input }) => input).join("\n"),
    sql,
    browser,
    async holdBoards() {
      await sql`update otis.provider_limits set blocked_until = now() + interval '1 day'`;
    },
    async releaseBoards() {
      await sql`update otis.provider_limits set blocked_until = null`;
      await sql`select otis.wake_workers()`;
    },
    visit: (options) => visit({ stack, browser, url: web.url }, options),
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: installChromium(process.env),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
}

async function visit(
  { stack, browser, url }: { stack: OwnStack; browser: Browser; url: string },
  { signedIn = true, ...options }: BrowserContextOptions & { readonly signedIn?: boolean } = {},
): Promise<Visitor> {
  const { id, email, client } = await signUp(stack);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const hosts = new Set<string>();
  const complaints: string[] = [];
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http")) hosts.add(host);
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("websocket", (socket) => hosts.add(new URL(socket.url()).host));
  if (signedIn) {
    await page.goto(url);
    await signIn(page, email);
  }
  return {
    id,
    email,
    context,
    page,
    hosts,
    complaints,
    async call(action, data) {
      const { data: auth } = await client.auth.getSession();
      const response = await fetch(`${stack.apiUrl}/functions/v1/workflow`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${auth.session?.access_token}`,
          "content-type": "application/json",
          "idempotency-key": randomUUID(),
        },
        body: JSON.stringify({ action, data }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${action}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      // What is still on its way through a route ends with the visit, and is nobody's failure.
      const routed = [context, ...context.pages()];
      await Promise.all(routed.map((one) => one.unrouteAll({ behavior: "ignoreErrors" })));
      await context.close();
    },
  };
}

/** `expect` of what becomes true sooner or later. */
export const eventually = <T>(question: () => T) =>
  expect.poll(question, { timeout: 60_000, interval: 50 });

/** Fills in the sign-in page that is open. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail", { exact: true }).fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
}

/** Opens a session's stage and waits until it is live. */
export async function openSession(
  app: Pick<App, "url">,
  page: Page,
  sessionId: string,
  query = "stage=scraping",
): Promise<void> {
  await page.goto(`${app.url}/s/${sessionId}?${query}`);
  await page.getByRole("button", { name: "Connection: Live", exact: true }).waitFor();
}

/** Waits until nothing of the session is waiting or being worked on. */
export async function untilIdle(sql: Sql, sessionId: string): Promise<void> {
  for (;;) {
    const [left] = await sql`
      select from otis.work_items where session_id = ${sessionId} and state in ('ready', 'leased') limit 1`;
    if (!left) return;
    await pause(100);
  }
}
