import { expect, test } from "vitest";
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
