import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMailbox } from "./mailbox.ts";

const mailbox = createMailbox(() => new Date("2026-01-02T03:04:05Z"));
const server = createServer((incoming, response) => mailbox.handle(incoming, response));
let url: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(() => {
  server.close();
});

test("mails are listed newest first, and can be asked for by address", async () => {
  for (const to of ["a@test.local", "b@test.local"]) {
    await mailbox.driver.send({ to, subject: `For ${to}`, html: "", text: "Hello" });
  }
  const all = await (await fetch(`${url}/mailbox.json`)).json();
  expect(all.map((mail: { to: string }) => mail.to)).toEqual(["b@test.local", "a@test.local"]);
  expect(await (await fetch(`${url}/mailbox.json?to=a@test.local`)).json()).toMatchObject([
    { to: "a@test.local", subject: "For a@test.local", at: "2026-01-02T03:04:05.000Z" },
  ]);
});

test("the page shows markup as text, links as links, and runs no script", async () => {
  const text = 'See http://x.test/?a=1&b="><script>alert(1)</script>';
  await mailbox.driver.send({ to: "<b>@test.local", subject: "<i>", html: "", text });
  const response = await fetch(`${url}/mailbox`);
  const page = await response.text();
  expect(page).not.toMatch(/<script|<i>|<b>/);
  expect(page).toContain(
    '<a href="http://x.test/?a=1&amp;b=&quot;>&lt;script>alert(1)&lt;/script>">',
  );
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
});
