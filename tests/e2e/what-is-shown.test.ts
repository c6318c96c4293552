import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { fillSession } from "./filled-session.ts";
import { eventually, openSession, signIn, startTestApp } from "./harness.ts";

const app = await startTestApp();

test("whoever signs in next sees nothing of whom was signed in before", async () => {
  await using first = await app.visit();
  await using next = await app.visit({ signedIn: false });
  const { page } = first;
  await first.call("create_session", { name: "Nobody else's" });
  await page.reload();
  await page.getByRole("link", { name: "Nobody else's" }).waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, next.email);
  await page.getByText("Your first search starts here").waitFor();
  expect(await page.getByRole("link", { name: "Nobody else's" }).count()).toBe(0);
});

test("what is still on its way is not said to be missing", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { sessionId } = await fillSession(app, visitor);
  const [last] = await app.sql<{ id: string; title: string }[]>`
    select id, title from public.job_postings where session_id = ${sessionId}
    order by created_at, id desc limit 1`;
  // The first page brings only what views show first, and the next one does not come yet.
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route(/rpc\/session_changes/, async (route) => {
    const wanted: unknown = route.request().postDataJSON();
    const first =
      typeof wanted === "object" && wanted !== null && "p_since" in wanted && wanted.p_since === 0;
    if (!first) await released;
    await route.continue(first ? { postData: JSON.stringify({ ...wanted, p_limit: 1 }) } : {});
  });
  await page.goto(`${app.url}/s/${sessionId}?stage=scraping&posting=${last?.id}`);
  const drawer = page.getByRole("dialog");
  await drawer.getByText("Loading", { exact: true }).waitFor();
  expect(await drawer.getByText("not in the session any more").count()).toBe(0);
  release();
  await drawer.getByRole("heading", { name: last?.title ?? "" }).waitFor();
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("the list of sessions goes on where it ended, although a row of it has moved up", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  // All of one moment: no page may end between them.
  await app.sql`insert into public.otis_workflow_sessions (owner_id, name)
    select ${visitor.id}, 'Session ' || n from generate_series(1, 60) n`;
  await page.reload();
  const items = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await eventually(() => items.count()).toBe(50);
  const last = (await items.last().getByRole("link").first().textContent()) ?? "";
  await app.sql`update public.otis_workflow_sessions set name = 'Renamed', last_activity_at = now()
    where owner_id = ${visitor.id} and name = ${last}`;
  await items.getByText("Renamed").waitFor();
  await page.getByRole("button", { name: "Load more" }).click();
  await eventually(() => items.count()).toBe(60);
  const names = await items.getByRole("link").allTextContents();
  expect(new Set(names).size).toBe(60);
});

test("what happens in a session before events flow is in the list all the same", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "As it was read" });
  const socket = await interceptSocket(page, "realtime:sessions of ");
  socket.hold();
  await page.reload();
  await page.getByRole("link", { name: "As it was read" }).waitFor();
  await visitor.call("rename_session", { session_id, name: "As it is" });
  socket.release();
  await page.getByRole("link", { name: "As it is" }).waitFor();

  // A channel that the server has closed is not opened again by supabase-js.
  const before = socket.joined.length;
  socket.close();
  await eventually(async () => {
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    return socket.joined.length;
  }).toBeGreaterThan(before);
  await visitor.call("rename_session", { session_id, name: "As it is now" });
  await page.getByRole("link", { name: "As it is now" }).waitFor();
});

test("a new name stays, however late the row comes that carries it", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "Old name" });
  const socket = await interceptSocket(page, "realtime:session:");
  await openSession(app, page, session_id);
  socket.hold();
  const renamed = page.waitForResponse(/functions\/v1\/workflow/);
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("New name").fill("New name");
  await page.keyboard.press("Enter");
  await (await renamed).finished();
  await page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
  );
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("New name");
});

test("an export leaves the page as it is, whether it is refused or the cookie does not get there", async () => {
  await using visitor = await app.visit();
  const { page, context } = visitor;
  const { sessionId } = await fillSession(app, visitor);
  const exportLeads = async () => {
    await page.getByRole("button", { name: "More actions" }).first().click();
    await page.getByRole("menuitem", { name: "Download for a spreadsheet" }).click();
  };
  const campaigns = `/s/${sessionId}?stage=campaigns`;
  const isExport = /functions\/v1\/export/;
  await context.route(isExport, (route) => route.fulfill({ status: 429, json: {} }));
  await page.goto(`${app.url}${campaigns}`);
  const elsewhere = context.waitForEvent("page");
  await exportLeads();
  await (await elsewhere).waitForLoadState();
  await page.getByRole("grid", { name: "Leads" }).waitFor();

  await context.unrouteAll({ behavior: "ignoreErrors" });
  const otherHost = app.url.replace("127.0.0.1", "localhost");
  await page.goto(otherHost);
  await signIn(page, visitor.email);
  await page.goto(`${otherHost}${campaigns}`);
  const download = page.waitForEvent("download");
  await exportLeads();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await page.getByRole("grid", { name: "Leads" }).waitFor();
});

test("a campaign's text is said to be saved when it is, and is sent until then", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { sessionId } = await fillSession(app, visitor);
  await page.goto(`${app.url}/s/${sessionId}?stage=campaigns`);
  const isAction = /functions\/v1\/workflow/;
  await page.route(isAction, (route) => route.fulfill({ status: 503, json: {} }));
  await page.getByLabel("Subject").fill("Written on a train");
  await page.getByText("Not saved yet", { exact: true }).waitFor();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  await eventually(() => page.getByLabel("Subject").inputValue()).toBe("Written on a train");
});

test("all of a list that was entered at one go can be reached", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  await app.sql`insert into public.suppressions (owner_id, kind, domain)
    select ${visitor.id}, 'domain', 'company-' || n || '.example' from generate_series(1, 60) n`;
  await page.goto(`${app.url}/settings`);
  const entries = page.getByRole("listitem").filter({ hasText: /company-\d+\.example/ });
  await eventually(() => entries.count()).toBe(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await eventually(() => entries.count()).toBe(60);
});

test("an address that names no session says so", async () => {
  await using visitor = await app.visit();
  await visitor.page.goto(`${app.url}/s/0a1b2c`);
  await visitor.page.getByText("There is no such session").waitFor();
});

/** Stands between the page and the events of some channels, and loses them while it holds. */
async function interceptSocket(page: Page, topics: string) {
  const isOfThem = (message: string) => message.includes(topics);
  const joined: [joinRef: string, ref: string, topic: string][] = [];
  let held: string[] | null = null;
  let send = (_message: string): void => {};
  await page.routeWebSocket(/realtime\/v1\/websocket/, (route) => {
    const server = route.connectToServer();
    send = (message) => route.send(message);
    route.onMessage((message) => {
      const text = String(message);
      if (isOfThem(text) && text.includes("phx_join")) joined.push(JSON.parse(text));
      server.send(message);
    });
    server.onMessage((message) => {
      const text = String(message);
      if (held === null || !isOfThem(text) || text.includes("phx_reply")) route.send(message);
      else if (text.includes('"system"')) held.push(text);
    });
  });
  return {
    joined,
    hold() {
      held = [];
    },
    release() {
      for (const message of held ?? []) send(message);
      held = null;
    },
    close() {
      for (const [joinRef, , topic] of joined) {
        send(JSON.stringify([joinRef, null, topic, "phx_close", {}]));
      }
    },
  };
}
