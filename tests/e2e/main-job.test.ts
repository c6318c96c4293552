import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually, PASSWORD, startTestApp } from "./harness.ts";

const app = await startTestApp();
const { truth } = app.site;
const companies = new Map(truth.companies.map((company) => [company.name, company]));

test("from sign-up to the exported file, with a reload and a second tab in the middle", async () => {
  await using visitor = await app.visit({ signedIn: false });
  const { page, context } = visitor;

  await page.goto(app.url);
  await page.getByRole("button", { name: "New here? Create an account" }).click();
  await page.getByLabel("E-mail", { exact: true }).fill("founder@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("button", { name: "New session" }).first().click();

  // Paste, see what it was recognised as and what it will take. A reload keeps what was pasted.
  await sourceBox(page).fill(app.allSources);
  const recognised = page.getByRole("list", { name: "Recognised" }).getByRole("listitem");
  await eventually(() => recognised.count()).toBe(truth.sources.length);
  await page.getByText(/\d+ requests · .* · free/).waitFor();
  await eventually(savedDraft).toBe(app.allSources);
  await page.reload();
  await eventually(() => sourceBox(page).inputValue()).toBe(app.allSources);

  // Boards are held back, so that the middle is a place to stop at.
  await app.holdBoards();
  await page.getByRole("button", { name: "Start scraping" }).click();
  await eventually(() => figure(page, "Postings")).toBeGreaterThan(20);
  const second = await context.newPage();
  await second.goto(page.url());
  await page.reload();
  for (const tab of [page, second]) {
    await eventually(() => figure(tab, "Postings")).toBeGreaterThan(20);
    expect(await sourcesRead(tab)).toBe("some");
  }
  await app.releaseBoards();
  for (const tab of [page, second]) {
    await eventually(() => sourcesRead(tab)).toBe("all");
    await eventually(() => figure(tab, "Postings")).toBe(truth.postings.length);
    expect(await figure(tab, "Companies")).toBe(truth.companies.length);
  }

  // The second tab follows what the first one selects and enriches.
  await page.getByRole("button", { name: "Open Enrichment" }).click();
  await second.getByRole("navigation", { name: "Stages" }).getByText("Enrichment").click();
  await page.getByLabel("Select every company shown").click();
  await eventually(() => figure(second, "Selected")).toBe(truth.companies.length);
  await page.getByRole("button", { name: `Enrich ${truth.companies.length}` }).click();
  await page
    .getByRole("dialog")
    .getByText(/\d+ requests · /)
    .waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Start", exact: true }).click();
  for (const tab of [page, second]) {
    await eventually(() => figure(tab, "Enriched")).toBe(truth.companies.length);
  }

  await page.getByRole("navigation", { name: "Stages" }).getByText("Campaigns").click();
  await page.getByRole("button", { name: "New campaign" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: "Write personal lines" }).click();
  await page.getByRole("menuitem", { name: "By the rule below" }).click();
  await page.getByText(/^([1-9]\d*) of \1 leads ready$/).waitFor();

  const leads = await download(page, "Download CSV");
  const reachable = truth.companies.filter(({ emails }) => emails.length > 0);
  expect(leads.map((lead) => lead.company_name).toSorted()).toEqual(
    reachable.map(({ name }) => name).toSorted(),
  );
  for (const { email = "", company_name = "", personal_line } of leads) {
    expect(companies.get(company_name)?.emails).toContain(email);
    expect(truth.decoys).not.toContain(email);
    expect(personal_line).not.toBe("");
  }

  await page.getByRole("navigation", { name: "Stages" }).getByText("Results").click();
  const postings = await download(page, "Postings");
  expect(postings.map(({ company, title }) => `${company}: ${title}`).toSorted()).toEqual(
    truth.postings.map(({ company, title }) => `${company}: ${title}`).toSorted(),
  );

  expect(visitor.complaints).toEqual([]);
  expect([...visitor.hosts].toSorted()).toEqual(
    [app.url, app.stack.apiUrl].map((url) => new URL(url).host).toSorted(),
  );
});

const sourceBox = (page: Page) => page.getByRole("textbox", { name: "Where to look" });

/** A counter of the session's panel. */
async function figure(page: Page, name: string): Promise<number> {
  const panel = page.getByRole("complementary", { name: "Session details" });
  const value = panel.getByText(name, { exact: true }).locator("xpath=following-sibling::dd");
  return Number((await value.textContent())?.replaceAll(/\D/g, ""));
}

/** A file may name sources of its own: there may be more than were pasted. */
async function sourcesRead(page: Page): Promise<"all" | "some"> {
  const text = await page
    .getByText(/^\d+ of \d+ sources read$/)
    .first()
    .textContent();
  const [, done, total] = /(\d+) of (\d+)/.exec(text ?? "") ?? [];
  return done === total ? "all" : "some";
}

async function download(page: Page, link: string): Promise<Record<string, string>[]> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: link, exact: true }).click(),
  ]);
  return parse(await readFile(await file.path()), { columns: true, bom: true });
}

async function savedDraft(): Promise<string | undefined> {
  const [row] = await app.sql`select data->>'draft' as draft from public.otis_workflow_data`;
  return row?.draft;
}
