import { expect, it } from "vitest";
import { buildPosting } from "./build-posting.ts";
import { withOwnSite } from "./own-site.ts";

const posting = (name: string, links: { url?: string; description?: string }) => {
  const built = buildPosting({ title: "Planner", company: { name }, ...links });
  if (built === null) throw new Error("no posting");
  return withOwnSite(built).company;
};

it("finds the company's site in the posting's own address", () => {
  expect(
    posting("Nordlicht Software", { url: "https://jobs.nordlicht-software.de/p/1?gh_jid=4" }),
  ).toMatchObject({
    domain: "nordlicht-software.de",
    url: "https://jobs.nordlicht-software.de/",
  });
});

it("finds it in the description", () => {
  const description =
    '<p>Follow <a href="https://linkedin.com/x">us</a>, <a href="https://www.studiokompas.be/over">more</a></p>';
  expect(
    posting("Studio Kompas", { url: "https://jobs.lever.co/studio-kompas/1", description }),
  ).toMatchObject({
    domain: "studiokompas.be",
  });
});

it.each([
  ["a board", { url: "https://jobs.lever.co/studio-kompas/1" }],
  ["somebody else", { description: '<a href="https://partner.example/">our partner</a>' }],
])("does not take %s for the company's site", (_who, links) => {
  expect(posting("Studio Kompas", links)).toMatchObject({ domain: null, url: null });
});
