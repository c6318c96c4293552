import { expect, test } from "vitest";
import { fillSession } from "./filled-session.ts";
import { signIn, startTestApp } from "./harness.ts";

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
});
