import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually, openSession, PASSWORD, startTestApp, untilIdle } from "./harness.ts";

/** As `startOwnStack` has it. */
const SITE = "http://127.0.0.1:5173";

const app = await startTestApp();

test("signs in by a link in the mailbox, on the page that was asked for", async () => {
  await using visitor = await app.visit({ signedIn: false });
  const { page, context, email } = visitor;
  // Links lead to the site that the stack was told of; nothing else may be named in them.
  await context.route(`${SITE}/**`, async (route) => {
    const url = route.request().url().replace(SITE, app.url);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await context.grantPermissions(["local-network-access"]);
  await page.goto(`${SITE}/queue`);
  await page.getByLabel("E-mail", { exact: true }).fill(email);
  await page.getByRole("button", { name: "E-mail me a link instead" }).click();
  await page.getByText(`A link is on its way to ${email}`).waitFor();
  const [mail] = await mailsTo(email);
  const link = /https?:\/\/\S+/.exec(mail?.text ?? "")?.[0] ?? "";
  // Somebody else's link signs nobody in. (A redirect is not seen by the route above.)
  const { headers } = await fetch(link, { redirect: "manual" });
  const location = headers.get("location") ?? "";
  await using stranger = await app.visit({ signedIn: false });
  await stranger.page.goto(location.replace(SITE, app.url));
  await stranger.page.getByLabel("Password").waitFor();
  expect(stranger.page.url()).toBe(`${app.url}/`);
  expect(await stranger.context.cookies()).toEqual([]);
  await page.goto(location);
  await page.getByRole("heading", { name: "Queue" }).waitFor();
  expect(page.url()).toBe(`${SITE}/queue`);
  expect(visitor.complaints).toEqual([]);
});

test("an expired sign-in is renewed in place: what was typed stays, what was done is sent", async () => {
  await using visitor = await app.visit();
  const { page, context } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "Left open over lunch" });
  await visitor.call("start_scraping", { session_id, sources: [{ input: sourceOf("feed") }] });
  await untilIdle(app.sql, session_id);
  await openSession(app, page, session_id, "stage=enrichment");
  const search = page.getByRole("main").getByRole("searchbox").first();
  await search.fill("a");

  // From now on the server knows neither the token nor the one to renew it with.
  await context.route(isApi, (route) => route.fulfill(refusal));
  await page.getByLabel("Select every company shown").click();
  const banner = page.getByRole("region", { name: "Your sign-in has expired" });
  await banner.waitFor();
  const enrich = page.getByRole("button", { name: /^Enrich [1-9]/ });
  await enrich.waitFor();
  expect(await selected(session_id)).toBe(0);

  await context.unroute(isApi);
  await banner.getByRole("button", { name: "Sign in" }).click();
  await banner.getByLabel("Password").fill(PASSWORD);
  await banner.getByRole("button", { name: "Sign in", exact: true }).click();
  await banner.waitFor({ state: "detached" });
  await eventually(() => selected(session_id)).toBeGreaterThan(0);
  expect(await search.inputValue()).toBe("a");
  const [, ticked] = /(\d+)/.exec((await enrich.textContent()) ?? "") ?? [];
  expect(await selected(session_id)).toBe(Number(ticked));
});

test("a token that the server no longer takes is renewed before anybody notices", async () => {
  await using visitor = await app.visit();
  const { page, context } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "By a slow clock" });
  await visitor.call("start_scraping", { session_id, sources: [{ input: sourceOf("feed") }] });
  await untilIdle(app.sql, session_id);
  await openSession(app, page, session_id, "stage=enrichment");
  let renewed = false;
  await context.route(isApi, async (route) => {
    const { pathname } = new URL(route.request().url());
    renewed ||= pathname === "/auth/v1/token";
    if (renewed) await route.continue();
    else await route.fulfill(refusal);
  });
  await page.getByLabel("Select every company shown").click();
  await eventually(() => selected(session_id)).toBeGreaterThan(0);
  expect(renewed).toBe(true);
  expect(await page.getByRole("region", { name: "Your sign-in has expired" }).count()).toBe(0);
});

test("every page says so where nothing can be read, and shows all of it once it can", async () => {
  await using visitor = await app.visit();
  const { page, context } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "Behind a broken server" });
  const isData = (url: URL) => isApi(url) && !url.pathname.startsWith("/auth/");
  const unwell = { ...refusal, status: 503, json: { message: "Unwell" } };
  for (const path of ["/", `/s/${session_id}`, "/queue", "/insights", "/inbox"]) {
    await context.route(isData, (route) => route.fulfill(unwell));
    await page.goto(app.url + path);
    const notices = page.getByRole("main").getByRole("alert");
    await notices.first().waitFor();
    await context.unroute(isData);
    await eventually(async () => {
      // One may go by itself while another is asked for.
      const again = notices.getByRole("button", { name: "Try again" }).first();
      if (await again.isVisible()) await again.click({ timeout: 500 }).catch(() => {});
      return await notices.count();
    }).toBe(0);
  }
});

test("a dropped file is recognised and read", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "From a file" });
  await openSession(app, page, session_id);
  const rows = [
    "company,title,location,url",
    "Bäckerei Sommer,Baker,Münster,https://sommer.example/jobs/1",
    "Bäckerei Sommer,Confectioner,Münster,https://sommer.example/jobs/2",
    "Visser Timber,Carpenter,Utrecht,https://visser.example/jobs/7",
  ];
  await drop(page, "jobs.csv", rows.join("\r\n"));
  await page
    .getByRole("list", { name: "Recognised" })
    .getByRole("listitem")
    .filter({ hasText: "jobs.csv" })
    .filter({ hasText: "CSV file" })
    .waitFor();
  await page.getByRole("button", { name: "Start scraping" }).click();
  for (const title of ["Baker", "Confectioner", "Carpenter"]) {
    await page.getByText(title, { exact: true }).waitFor();
  }
  await page.getByText("Bäckerei Sommer · Münster").first().waitFor();
});

test("removed companies come back with one click, ticked as they were", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "Second thoughts" });
  await visitor.call("start_scraping", { session_id, sources: [{ input: sourceOf("feed") }] });
  await untilIdle(app.sql, session_id);
  await openSession(app, page, session_id, "stage=enrichment");
  await page.getByLabel("Select every company shown").click();
  await eventually(() => selected(session_id)).toBeGreaterThan(0);
  const all = await selected(session_id);
  await page.getByRole("button", { name: "Remove", exact: false }).first().click();
  // The offer goes by itself, but not while one points at it.
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover();
  await eventually(() => selected(session_id)).toBe(0);
  await undo.click();
  await eventually(() => selected(session_id)).toBe(all);
  await page.getByRole("button", { name: `Enrich ${all}`, exact: true }).waitFor();
});

test("the queue opens a batch to its companies: why one waits, first, cancelled", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "In the queue" });
  await visitor.call("start_scraping", { session_id, sources: [{ input: sourceOf("feed") }] });
  await untilIdle(app.sql, session_id);
  const companies = await app.sql<{ id: string; name: string }[]>`
    select company_id as id, name from public.session_companies where session_id = ${session_id} order by name`;
  const company_ids = companies.map(({ id }) => id);
  const name = companies[0]?.name ?? "";
  // At once, so that no worker comes in between.
  await app.sql.begin(async (sql) => {
    await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: visitor.id })}, true)`;
    await sql`select public.start_enrichment(${session_id}, ${company_ids})`;
    await sql`select public.pause('session', ${session_id})`;
  });

  await page.goto(`${app.url}/queue`);
  await page.getByRole("button", { name: /^Enrichment of/ }).click();
  await page.getByRole("button", { name: `Why is ${name} waiting?` }).click();
  await page.getByText("The session is not active: resume it.").waitFor();
  await page.keyboard.press("Escape");
  const menu = page.getByRole("button", { name: `Actions for ${name}` });
  await menu.click();
  await page.getByRole("menuitem", { name: "Do this first" }).click();
  await eventually(() => priority(session_id, name)).toBeGreaterThan(0);
  await menu.click();
  await page.getByRole("menuitem", { name: "Cancel" }).click();
  await menu.waitFor({ state: "detached" });
});

const isApi = (url: URL): boolean => url.origin === app.stack.apiUrl;

/** What the API says to a token that it does not take. */
const refusal = {
  status: 401,
  headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" },
  json: { code: "PGRST301", message: "JWT expired" },
};

const sourceOf = (kind: string): string =>
  app.site.truth.sources.find((source) => source.kind === kind)?.input ?? "";

async function mailsTo(email: string): Promise<{ readonly text: string }[]> {
  const response = await fetch(`${app.stack.apiUrl}/mailbox.json?to=${encodeURIComponent(email)}`);
  return await response.json();
}

async function selected(sessionId: string): Promise<number> {
  const [row] = await app.sql<{ n: number }[]>`
    select count(*)::int as n from public.session_companies where session_id = ${sessionId} and selected`;
  return row?.n ?? Number.NaN;
}

async function priority(sessionId: string, company: string): Promise<number> {
  const [row] = await app.sql<{ priority: number }[]>`
    select w.priority from otis.work_items w
      join public.enrichment_status e on e.id = w.subject_id join public.companies c on c.id = e.company_id
    where w.session_id = ${sessionId} and c.name = ${company}`;
  return row?.priority ?? Number.NaN;
}

async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: "text/csv" }));
      return transfer;
    },
    [name, text] as const,
  );
  const area = page.getByRole("region", { name: "Where to look" });
  await area.dispatchEvent("dragover", { dataTransfer });
  await area.dispatchEvent("drop", { dataTransfer });
}
