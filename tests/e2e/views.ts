import type { Page } from "playwright-core";
import type { FilledSession } from "./filled-session.ts";

export interface View {
  readonly name: string;
  readonly path: string;
  /** Says that the view is there: a role and a name. */
  readonly shows: readonly ["heading" | "grid" | "dialog" | "link", string | RegExp];
  /** What is done on it before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Every view of somebody who has gone through all four stages. */
export function viewsOf({ sessionId, campaignId, companyId, postingId }: FilledSession): View[] {
  const session = `/s/${sessionId}`;
  const press = (key: string) => async (page: Page) => {
    await page.keyboard.press(key);
    await page.getByRole("dialog").waitFor();
  };
  return [
    { name: "sessions", path: "/", shows: ["heading", "Sessions"] },
    { name: "no session", path: "/?q=nothing", shows: ["heading", "Sessions"] },
    { name: "scraping", path: `${session}?stage=scraping`, shows: ["heading", /^Sources/] },
    { name: "enrichment", path: `${session}?stage=enrichment`, shows: ["grid", "Companies"] },
    {
      name: "company",
      path: `${session}?stage=enrichment&company=${companyId}`,
      shows: ["dialog", /./],
    },
    {
      name: "posting",
      path: `${session}?stage=scraping&posting=${postingId}`,
      shows: ["dialog", /./],
    },
    {
      name: "enriching",
      path: `${session}?stage=enrichment`,
      shows: ["grid", "Companies"],
      act: async (page) => {
        await page.getByRole("button", { name: /^Enrich \d/ }).click();
        await page
          .getByRole("dialog")
          .getByText(/requests ·/)
          .waitFor();
      },
    },
    {
      name: "campaigns",
      path: `${session}?stage=campaigns&campaign=${campaignId}`,
      shows: ["grid", "Leads"],
    },
    {
      name: "new campaign",
      path: `${session}?stage=campaigns`,
      shows: ["grid", "Leads"],
      act: async (page) => {
        await page.getByRole("button", { name: "New campaign" }).click();
        await page.getByRole("dialog").waitFor();
      },
    },
    {
      name: "results",
      path: `${session}?stage=results`,
      shows: ["heading", "From posting to reply"],
    },
    { name: "queue", path: "/queue", shows: ["heading", "Queue"] },
    { name: "insights", path: "/insights", shows: ["heading", "Insights"] },
    { name: "inbox", path: "/inbox", shows: ["heading", /Inbox|Notifications/] },
    { name: "settings", path: "/settings", shows: ["heading", "Settings"] },
    { name: "commands", path: "/", shows: ["heading", "Sessions"], act: press("Control+k") },
    { name: "keys", path: "/", shows: ["heading", "Sessions"], act: press("?") },
    { name: "not found", path: "/nowhere", shows: ["link", "To your sessions"] },
  ];
}

/** Opens a view and waits until all of it is there. */
export async function openView(page: Page, url: string, { path, shows, act }: View): Promise<void> {
  await page.goto(url + path);
  const [role, name] = shows;
  await page.getByRole(role, { name }).first().waitFor();
  await act?.(page);
  await settle(page);
}

/** Waits until fonts are there, nothing says that it is loading, and animations have ended. */
export async function settle(page: Page): Promise<void> {
  // What has just come moves from the next frame on.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await page.waitForFunction(
    () =>
      document.fonts.status === "loaded" &&
      document.querySelector("[aria-busy=true]") === null &&
      document.getAnimations().every(({ playState }) => playState === "finished"),
  );
}
