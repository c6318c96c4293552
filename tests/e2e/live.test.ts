import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { fillSession } from "./filled-session.ts";
import { eventually, openSession, startTestApp } from "./harness.ts";

const app = await startTestApp();
const { truth } = app.site;

test("nothing moves while nothing changes, and a changed row changes alone", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { sessionId, companyId } = await fillSession(app, visitor);
  await page.clock.install();
  await openSession(app, page, sessionId, "stage=enrichment");
  const row = page.locator(`[role=grid] tr[id$="${companyId}"]`);
  await row.waitFor();
  await eventually(() => settled(page)).toBe(true);

  await watchMutations(page);
  // Half a minute in which the slow pulse asks what is new, and is told: nothing.
  // Not at one go: a clock that jumps by 30 s says that the computer has slept.
  const asked = page.waitForResponse(/session_changes/);
  await page.clock.fastForward("00:18");
  await page.clock.fastForward("00:18");
  await asked;
  await eventually(() => settled(page)).toBe(true);
  expect(await mutations(page)).toEqual([]);

  const before = await row.elementHandle();
  await app.sql`update public.session_companies set industry = 'Boat building' where id = ${companyId}`;
  await row.getByText("Boat building").waitFor();
  expect(await row.evaluate((element, old) => element === old, before)).toBe(true);
  const elsewhere = (await mutations(page)).filter((place) => !place.includes(companyId));
  expect(elsewhere).toEqual([]);
});

test("loading more and scrolling while postings arrive: no reset, no duplicate, no jump", async () => {
  await using visitor = await app.visit();
  const { page } = visitor;
  const { session_id } = await visitor.call("create_session", { name: "While it runs" });
  // The offer to go on would take the page along, however slow this machine is.
  await app.sql`update public.otis_workflow_sessions set auto_advance = false where id = ${session_id}`;
  await app.holdBoards();
  await visitor.call("start_scraping", {
    session_id,
    sources: truth.sources.map(({ input }) => ({ input })),
  });
  await openSession(app, page, session_id);
  // Whatever is not on a board has been found.
  const held = new Set([
    "greenhouse",
    "lever",
    "ashby",
    "recruitee",
    "personio",
    "smartrecruiters",
    "workable",
  ]);
  const onBoards = new Set(truth.sources.filter(({ kind }) => held.has(kind)).map(({ id }) => id));
  const early = truth.postings.filter(({ sources }) => sources.some((id) => !onBoards.has(id)));
  expect(early.length).toBeGreaterThan(50);
  await eventually(() => found(page)).toBe(early.length);

  const list = page.locator("section", { has: page.getByRole("heading", { name: "Found" }) });
  const items = list.getByRole("listitem");
  expect(await items.count()).toBe(50);
  await list.getByRole("button", { name: "Load more" }).click();
  await eventually(() => items.count()).toBe(early.length);
  const mark = items.nth(45);
  await mark.hover();
  const seen = await items.allTextContents();
  const place = await mark.boundingBox();

  await app.releaseBoards();
  await eventually(() => found(page)).toBe(truth.postings.length);
  expect((await items.allTextContents()).slice(0, seen.length)).toEqual(seen);
  expect(await mark.boundingBox()).toEqual(place);

  await list.getByRole("button", { name: `${truth.postings.length - early.length} new` }).click();
  await eventually(() => items.count()).toBe(100);
  await list.getByRole("button", { name: "Load more" }).click();
  await eventually(() => items.count()).toBe(truth.postings.length);
  const all = await items.allTextContents();
  expect(new Set(all).size).toBe(all.length);
});

describe("the job is followed live", () => {
  for (const { name, blocked, transport } of [
    { name: "WebSocket blocked from the start", blocked: [], transport: "Server-sent events" },
    { name: "and streams too", blocked: ["**/functions/v1/events**"], transport: "Polling" },
  ]) {
    test(name, async () => {
      await using visitor = await app.visit();
      const { page, context } = visitor;
      await context.routeWebSocket(/./, (socket) => socket.close());
      for (const path of blocked) await context.route(path, (route) => route.abort());
      const { session_id } = await visitor.call("create_session", { name });
      await page.goto(`${app.url}/s/${session_id}?stage=scraping`);
      const badge = page.getByRole("button", { name: /^Connection: Live/ });
      await badge.waitFor();
      await badge.click();
      await page.getByText(transport, { exact: true }).waitFor();
      await page.keyboard.press("Escape");
      await visitor.call("start_scraping", {
        session_id,
        sources: truth.sources.map(({ input }) => ({ input })),
      });
      await eventually(() => found(page)).toBe(truth.postings.length);
    });
  }
});

/** How many postings the page says were found. */
async function found(page: Page): Promise<number> {
  const label = page.locator("label", { has: page.getByRole("radio", { name: /^Postings/ }) });
  return Number((await label.textContent())?.replaceAll(/\D/g, ""));
}

/** Whether fonts, animations and pictures have come to rest. */
const settled = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    await document.fonts.ready;
    return document.getAnimations().every(({ playState }) => playState === "finished");
  });

async function watchMutations(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = [];
    const nameOf = (node: Node | null): string =>
      node instanceof Element
        ? node.closest("[id]")?.id || node.tagName
        : nameOf(node?.parentElement ?? null);
    new MutationObserver((records) => {
      for (const { type, target, attributeName } of records)
        seen.push([type, nameOf(target), attributeName].filter(Boolean).join(" "));
    }).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    Object.assign(window, { seenMutations: seen });
  });
}

const mutations = (page: Page): Promise<string[]> =>
  page.evaluate(() => Reflect.get(window, "seenMutations"));
