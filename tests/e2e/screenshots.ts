/**
 * Pictures of the running app for the README, in docs/screenshots. `npm run screenshots`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "../../supabase/embedded/settings.ts";
import { type FilledSession, fillSession } from "./filled-session.ts";
import { type App, startApp, untilIdle, type Visitor } from "./harness.ts";
import { settle } from "./views.ts";

const FOLDER = join(ROOT, "docs/screenshots");
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

interface Picture {
  readonly name: string;
  readonly stage: string;
  readonly theme?: "dark";
  readonly phone?: boolean;
  /** Text that stands on the page once it is whole. */
  readonly shows: string | RegExp;
}

const pictures: readonly Picture[] = [
  { name: "sessions", stage: "", shows: "Carpenters and bakers" },
  { name: "enrichment", stage: "enrichment", shows: "24 of 24" },
  { name: "campaign", stage: "campaigns", shows: "Preview" },
  { name: "results", stage: "results", shows: "From posting to reply" },
  { name: "enrichment-dark", stage: "enrichment", theme: "dark", shows: "24 of 24" },
  { name: "results-dark", stage: "results", theme: "dark", shows: "From posting to reply" },
  { name: "enrichment-phone", stage: "enrichment", phone: true, shows: "24 of 24" },
  { name: "campaign-phone", stage: "campaigns", phone: true, shows: "Download CSV" },
];

mkdirSync(FOLDER, { recursive: true });
await using app = await startApp();
await using visitor = await app.visit({ viewport: DESKTOP });
await scrapeSome(app, visitor);
const filled = await fillSession(app, visitor);
await markLeads(app, visitor, filled);
await takeRunning(app, visitor);
for (const picture of pictures) await take(visitor.page, filled, picture);
await app.releaseBoards();

/** Company for the list of sessions. */
async function scrapeSome({ site, sql }: App, { call }: Visitor): Promise<void> {
  for (const [name, kind] of [
    ["Installers, north", "feed"],
    ["Software houses", "greenhouse"],
    ["Care homes, spring", "recruitee"],
  ] as const) {
    const { session_id } = await call("create_session", { name });
    const sources = site.truth.sources.filter((source) => source.kind === kind);
    await call("start_scraping", { session_id, sources: sources.map(({ input }) => ({ input })) });
    await untilIdle(sql, session_id);
  }
}

/** Somebody has been through the list, and goes on with a few. */
async function markLeads(
  { sql }: App,
  { call }: Visitor,
  { sessionId: session_id }: FilledSession,
): Promise<void> {
  const rows = await sql<{ id: string }[]>`
    select company_id as id from public.session_companies
    where session_id = ${session_id} order by jobs_count desc, name`;
  const ids = (places: readonly number[]) => places.flatMap((at) => rows[at]?.id ?? []);
  const all = rows.map(({ id }) => id);
  await call("select_companies", { session_id, company_ids: all, selected: false });
  await call("select_companies", { session_id, company_ids: ids([2, 3, 4, 9]), selected: true });
  for (const [lead_status, places] of [
    ["interesting", [0, 2, 3, 4, 12]],
    ["contacted", [6, 9]],
    ["replied", [7]],
    ["won", [5]],
    ["ignored", [8, 14]],
  ] as const)
    await call("set_lead_status", { session_id, company_ids: ids(places), lead_status });
}

/** A session at work: some sources read, some being read, some waiting. */
async function takeRunning({ url, site, ...rest }: App, { page, call }: Visitor): Promise<void> {
  const { session_id } = await call("create_session", { name: "Bakers in Utrecht" });
  await rest.holdBoards();
  await call("start_scraping", {
    session_id,
    sources: site.truth.sources.map(({ input }) => ({ input })),
  });
  const read = page.getByText(/^\d\d of \d+ sources read$/).first();
  await page.goto(`${url}/s/${session_id}?stage=scraping`);
  await read.waitFor();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await save(page, `session-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(PHONE);
  await page.reload();
  await page
    .getByText("Reading", { exact: true })
    .or(page.getByText("Done", { exact: true }))
    .first()
    .waitFor();
  await save(page, "session-phone");
}

async function take(page: Page, { sessionId }: FilledSession, picture: Picture): Promise<void> {
  await page.emulateMedia({ colorScheme: picture.theme ?? "light" });
  await page.setViewportSize(picture.phone ? PHONE : DESKTOP);
  const path = picture.stage === "" ? "/" : `/s/${sessionId}?stage=${picture.stage}`;
  await page.goto(app.url + path);
  await page.getByText(picture.shows).first().waitFor();
  await page.waitForLoadState("networkidle");
  await settle(page);
  await save(page, picture.name);
}

/** Where work runs, dots never rest: animations are stopped for the picture. */
async function save(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  console.log(path);
}
