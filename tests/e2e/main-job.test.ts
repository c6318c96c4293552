import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openSession, PASSWORD, startTestApp } from "./harness.ts";

const app = await startTestApp();
const { truth } = app.site;
const readable = truth.sources.filter(({ outcome }) => outcome === "found");
/** Postings that any of the sources names; the same opening named twice is one. */
const expected = truth.postings.filter(({ sources }) => sources.length > 0);

const download = async (page: Page, link: string): Promise<Record<string, string>[]> => {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: link, exact: true }).click(),
  ]);
  return parse(await readFile(await file.path()), { columns: true, bom: true });
};

test("from sign-up to the exported file, by hand, with a reload and a second tab on the way", async () => {
  await using visitor = await app.visit({ signedIn: false, acceptDownloads: true });
  const { page, context } = visitor;

  await page.goto(app.url);
  await page.getByRole("button", { name: "New here? Create an account" }).click();
  await page.getByLabel("E-mail", { exact: true }).fill("founder@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();

  await page.getByRole("button", { name: "New session" }).first().click();
  const box = page.getByLabel("Where to look", { exact: true }).and(page.locator("textarea"));
  await box.fill(app.allSources);
  await expect
    .poll(() => page.getByRole("list", { name: "Recognised" }).getByRole("listitem").count())
    .toBe(truth.sources.length);
  await page.getByText(/\d+ requests/).waitFor();

  // What was typed is there after a reload, before anything was started.
  await expect.poll(() => savedDraft(), { timeout: 10_000 }).toBe(app.allSources);
  await page.reload();
  await expect.poll(() => box.inputValue()).toBe(app.allSources);

  await page.getByRole("button", { name: "Start scraping" }).click();
  const postings = page.getByRole("radio", { name: /^Postings/ });
  await page.getByRole("progressbar").first().waitFor();
  const sessionId = /\/s\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";

  // A second tab, and a reload of the first, while it runs.
  const second = await context.newPage();
  await second.goto(page.url());
  await page.reload();
  await page.getByText(`${truth.sources.length} of ${truth.sources.length} sources read`).waitFor();
  await second
    .getByText(`${truth.sources.length} of ${truth.sources.length} sources read`)
    .waitFor();
  expect(await countOf(page, "Postings")).toBe(expected.length);
  expect(await countOf(second, "Postings")).toBe(expected.length);
  void postings;

  console.log(sessionId, readable.length);
});

/** The figure that stands beside a counter's name in the session's panel. */
async function countOf(page: Page, name: string): Promise<number> {
  const figure = page.getByRole("term").filter({ hasText: name }).locator("+ dd").first();
  return Number((await figure.textContent())?.replaceAll(/\D/g, ""));
}

async function savedDraft(): Promise<string | undefined> {
  const [row] = await app.sql`select data->>'draft' as draft from public.otis_workflow_data`;
  return row?.draft;
}
void openSession;
