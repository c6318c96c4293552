import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { fillSession } from "./filled-session.ts";
import { openSession, PASSWORD, signIn, startTestApp } from "./harness.ts";
import { openView, settle, viewsOf } from "./views.ts";

const MOST_KB = 170;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const app = await startTestApp();
const visitor = await app.visit();
const filled = await fillSession(app, visitor);
const views = viewsOf(filled);

test("on every view axe finds nothing, light and dark, and nothing scrolls sideways at 360 px", async () => {
  const { page } = visitor;
  const found: string[] = [];
  for (const view of views) {
    await openView(page, app.url, view);
    found.push(...(await findings(page, view.name)));
  }
  await using stranger = await app.visit({ signedIn: false });
  await stranger.page.goto(app.url);
  await stranger.page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  found.push(...(await findings(stranger.page, "sign-in")));
  expect(found).toEqual([]);
});

test("at 360 px what one does is in reach", async () => {
  const { page } = visitor;
  await page.setViewportSize(NARROW);
  const session = `${app.url}/s/${filled.sessionId}`;
  for (const [address, ...actions] of [
    [app.url, "New session"],
    [`${session}?stage=scraping`, "Start scraping", "Choose files", "Choose companies"],
    [`${session}?stage=enrichment`, /^Enrich \d+$/, "Filter", "Set lead status"],
    [`${session}?stage=campaigns`, "Write personal lines", "More actions"],
  ] as const) {
    await page.goto(address);
    for (const name of actions) await expectInReach(page.getByRole("button", { name }).first());
  }
  await page.goto(`${session}?stage=results`);
  await expectInReach(page.getByRole("link", { name: "Contacts" }));
  await page.setViewportSize(WIDE);
});

test("at 360 px the longest name leaves the head of a session in one row", async () => {
  const { page } = visitor;
  await page.setViewportSize(NARROW);
  const { session_id } = await visitor.call("create_session", { name: "Longname".repeat(15) });
  await openSession(app, page, session_id);
  const [back, last] = await Promise.all(
    [/^Sessions$/, "Show details and log"].map((name) =>
      page.locator("header").getByLabel(name).boundingBox(),
    ),
  );
  expect(back?.y).toBe(last?.y);
  await page.setViewportSize(WIDE);
});

test("everything by keyboard: in, to a session, over its companies", async () => {
  await using other = await app.visit({ signedIn: false });
  const { page } = other;
  const { sessionId } = await fillSession(app, other, "By keyboard");
  await page.goto(app.url);
  await tabTo(page, page.getByLabel("E-mail", { exact: true }));
  await page.keyboard.type(other.email);
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");

  const link = page.getByRole("link", { name: "By keyboard" });
  await link.waitFor();
  await tabTo(page, link);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Stages" }).waitFor();
  await page.keyboard.press("2");
  const grid = page.getByRole("grid", { name: "Companies" });
  await grid.waitFor();
  await app.sql`update public.session_companies set selected = false where session_id = ${sessionId}`;
  await page.getByText("Tick companies to work on them together.").waitFor();

  await tabTo(page, grid);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Enrich 1", exact: true }).waitFor();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.getByRole("button", { name: "Enrich 3", exact: true }).waitFor();
  await expect.poll(() => selectedInDatabase(sessionId), { timeout: 10_000 }).toBe(3);

  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await isFocused(grid)).toBe(true);

  await page.keyboard.press("e");
  const start = page.getByRole("dialog").getByRole("button", { name: "Start", exact: true });
  await tabTo(page, start);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test(`what a newcomer's browser runs weighs at most ${MOST_KB} KB, signed in and live`, async () => {
  await using newcomer = await app.visit({ signedIn: false });
  const { page } = newcomer;
  const scripts = new Map<string, number>();
  page.on("request", (request) => {
    if (request.resourceType() !== "script" || !request.url().startsWith(app.url)) return;
    const { pathname } = new URL(request.url());
    scripts.set(pathname, gzipSync(readFileSync(join(app.folder, pathname))).length / 1000);
  });
  const total = () => scripts.values().reduce((sum, kb) => sum + kb, 0);
  await page.goto(app.url);
  await page.getByLabel("Password").waitFor();
  const first = total();
  await signIn(page, newcomer.email);
  await page.waitForRequest(/inbox_changes/);
  const signedIn = total();
  console.info(
    `Scripts, gzip: ${first.toFixed(1)} KB for the sign-in page, ${signedIn.toFixed(1)} KB with the sessions, live`,
  );
  expect(first).toBeGreaterThan(0);
  expect(signedIn).toBeLessThanOrEqual(MOST_KB);
});

test("no page asked anyone but the stack, and the browser complained of nothing", () => {
  const own = [app.url, app.stack.apiUrl].map((url) => new URL(url).host);
  expect([...visitor.hosts].toSorted()).toEqual(own.toSorted());
  expect(visitor.complaints).toEqual([]);
});

async function findings(page: Page, view: string): Promise<string[]> {
  const text = (await page.locator("body").textContent()) ?? "";
  const nonsense = /NaN|undefined|Invalid Date|\[object/.exec(text);
  await page.evaluate(AXE);
  const light: AxeResults = await page.evaluate("axe.run()");
  // The other scheme differs in its colours only.
  await page.emulateMedia({ colorScheme: "dark" });
  await settle(page);
  const dark: AxeResults = await page.evaluate("axe.run({ runOnly: ['color-contrast'] })");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(NARROW);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize(WIDE);
  return [
    ...[...light.violations, ...dark.violations].flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${view}: ${id} at ${html.slice(0, 200)}`),
    ),
    ...(nonsense ? [`${view}: says ${nonsense[0]}`] : []),
    ...(width > NARROW.width ? [`${view}: ${width} px wide`] : []),
  ];
}

/** Can be scrolled to, lies within the screen's width, and nothing lies over it. */
async function expectInReach(button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded();
  const covered = await button.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < 0 || right > innerWidth) return `from ${left} to ${right} px`;
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return element.contains(hit) ? null : `under ${hit?.outerHTML.slice(0, 120)}`;
  });
  expect(covered).toBeNull();
}

const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => node === document.activeElement);

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await isFocused(element)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${element}`);
}

async function selectedInDatabase(sessionId: string): Promise<number> {
  const rows = await app.sql`
    select from public.session_companies where session_id = ${sessionId} and selected`;
  return rows.length;
}
