import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Posting } from "../../../functions/_shared/postings/posting.ts";
import type {
  FoundContact,
  ProviderContext,
  ProviderResult,
} from "../../../functions/_shared/providers/provider.ts";
import type { Till } from "../../../functions/_shared/providers/till.ts";
import { websiteProvider } from "../../../functions/_shared/providers/website/website-provider.ts";
import { systemClock } from "../../../functions/_shared/safe-fetch/clock.ts";
import { createConnect, resolve } from "../../../functions/_shared/safe-fetch/node.ts";
import {
  createSafeFetch,
  type SafeFetch,
} from "../../../functions/_shared/safe-fetch/safe-fetch.ts";
import { parseOpenedHosts } from "../../../functions/_shared/safe-fetch/target.ts";
import { detectSource, sources } from "../../../functions/_shared/sources/catalogue.ts";
import { readEndpoints } from "../../../functions/_shared/sources/endpoints.ts";
import {
  type Checkpoint,
  type SourceContext,
  SourceError,
  type StepResult,
} from "../../../functions/_shared/sources/source.ts";
import { type PracticeSite, startPracticeSite } from "./server.ts";

let site: PracticeSite;
let safeFetch: SafeFetch;

beforeAll(async () => {
  site = await startPracticeSite({
    today: new Date("2026-11-20T12:00:00Z"),
    troubles: { slowMs: 100, pauseSeconds: 0 },
  });
  safeFetch = createSafeFetch({
    resolve,
    connect: createConnect(),
    clock: systemClock,
    random: () => 0,
    userAgent: "OtisTest/1.0",
    openedHosts: parseOpenedHosts(site.allowHosts),
    endpoints: Object.values(site.endpoints),
  });
});

afterAll(async () => {
  safeFetch.close();
  await site.close();
});

const unusedTill: Till = {
  reserve: () => Promise.reject(new Error("the website costs nothing")),
  record: () => Promise.reject(new Error("the website costs nothing")),
  release: () => Promise.reject(new Error("the website costs nothing")),
};

const context = (): ProviderContext => ({
  fetch: safeFetch.fetch,
  signal: new AbortController().signal,
  clock: systemClock,
  till: unusedTill,
  progress: () => {},
  maxCost: 0,
});

describe("the world", () => {
  it("names every posting at least once, and some at two sources", () => {
    const { postings, sources, companies } = site.truth;
    expect(companies.length).toBeGreaterThanOrEqual(39);
    expect(postings.filter((posting) => posting.sources.length === 0)).toEqual([]);
    expect(postings.filter((posting) => posting.sources.length > 1).length).toBeGreaterThan(15);
    expect(new Set(postings.map(({ key }) => key)).size).toBe(postings.length);
    expect(new Set(sources.map(({ input }) => input)).size).toBe(sources.length);
    expect(new Set(sources.map(({ outcome }) => outcome))).toEqual(
      new Set(["found", "zero", "unknown", "failed"]),
    );
  });

  it("answers a busy site's first visit with 429 and a pause, the next one with the page", async () => {
    const url = site.truth.sources.find(({ note }) => note === "busy_once")?.input ?? "";
    const first = await safeFetch.fetch(url);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "0"]);
  });

  it("serves the same site by path, for programs that do not know .localhost", async () => {
    const response = await fetch(`http://127.0.0.1:${site.port}/c/bakkerij-de-korenaar/vacatures`);
    expect(await response.text()).toContain("Bakker nachtdienst");
  });
});

describe("scraping", () => {
  it("finds at every source exactly the postings and the outcome that the truth names", async () => {
    const keys = new Set<string>();
    const differences = await Promise.all(
      site.truth.sources.map(async (source) => {
        const { outcome, postings, companies } = await scrape(source.input);
        for (const posting of postings) keys.add(posting.dedupeKey);
        const found = postings.map((posting) =>
          [posting.company.name, posting.title, posting.location.city].join(" | "),
        );
        const expected = site.truth.postings
          .filter(({ key }) => source.postings.includes(key))
          .map(({ company, title, city }) => [company, title, city].join(" | "));
        const same = JSON.stringify([...new Set(found)].sort()) === JSON.stringify(expected.sort());
        const sameCompanies =
          JSON.stringify(companies.sort()) === JSON.stringify([...source.companies].sort());
        return same && sameCompanies && outcome === source.outcome
          ? []
          : [{ source: source.id, outcome, expected, found, companies }];
      }),
    );
    expect(differences.flat()).toEqual([]);
    // The same opening at two sources has one key.
    expect(keys.size).toBe(site.truth.postings.length);
  });
});

/** Runs one source to its end, as a worker does; trouble that passes is tried again. */
async function scrape(input: string) {
  const context: SourceContext = {
    fetch: safeFetch.fetch,
    open: safeFetch.open,
    signal: new AbortController().signal,
    clock: systemClock,
    endpoints: readEndpoints((name) => site.endpoints[name]),
  };
  const ref = detectSource(input);
  if (ref === null) throw new Error(`not recognised: ${input}`);
  const postings: Posting[] = [];
  const companies: string[] = [];
  let checkpoint: Checkpoint | null = null;
  for (let failures = 0; ; ) {
    let step: StepResult;
    try {
      step = await sources[ref.kind].step(context, ref, checkpoint);
    } catch (error) {
      if (!(error instanceof SourceError) || ++failures > 3) throw error;
      continue;
    }
    postings.push(...step.postings);
    companies.push(...step.companies.map(({ name }) => name));
    if (step.next === null) return { outcome: step.outcome, postings, companies };
    checkpoint = step.next;
  }
}

describe("enrichment from the companies' own pages", () => {
  it("finds the e-mails, phones, addresses and profiles that are there, and no decoy", async () => {
    const tally = {
      emails: newTally(),
      phones: newTally(),
      addresses: newTally(),
      socials: newTally(),
    };
    const decoys: string[] = [];
    await Promise.all(
      site.truth.companies.map(async (company) => {
        const result = await websiteProvider.run(company, context());
        compare(tally.emails, company.emails, emailsOf(result.contacts));
        compare(
          tally.phones,
          company.phones,
          result.contacts.flatMap(({ phone, kind }) =>
            phone === null || kind !== "phone" ? [] : [phone],
          ),
        );
        compare(
          tally.addresses,
          company.address === null
            ? []
            : [
                `${company.address.street}, ${company.address.postalCode} ${company.address.city}, ${company.address.country}`,
              ],
          factsOf(result, "address"),
        );
        compare(
          tally.socials,
          company.socials,
          result.facts.filter(({ key }) => key.startsWith("social_")).map(({ value }) => value),
        );
        decoys.push(...site.truth.decoys.filter((decoy) => JSON.stringify(result).includes(decoy)));
      }),
    );
    expect(decoys).toEqual([]);
    for (const [field, { expected, found, correct, wrong }] of Object.entries(tally)) {
      expect({
        field,
        wrong,
        precision: correct / found >= 0.95,
        recall: correct / expected >= 0.95,
      }).toEqual({ field, wrong: [], precision: true, recall: true });
    }
  });

  it("keeps where each value comes from", async () => {
    const company = site.truth.companies.find(({ name }) => name === "Tiefbau Wernicke");
    const result = await websiteProvider.run(
      company ?? { name: "", domain: null, website: null },
      context(),
    );
    expect(result.contacts.find(({ kind }) => kind === "person")).toMatchObject({
      fullName: "Martin Wernicke",
      role: "Geschäftsführer",
      email: "m.wernicke@tiefbau-wernicke.localhost",
      provider: "website",
      cost: 0,
    });
    expect(factsOf(result, "fax")).toEqual(["+493023125109"]);
    expect(result.contacts.find(({ kind }) => kind === "email")?.sourceUrl).toMatch(/\/impressum$/);
  });
});

interface Tally {
  expected: number;
  found: number;
  correct: number;
  wrong: string[];
}

function newTally(): Tally {
  return { expected: 0, found: 0, correct: 0, wrong: [] };
}

function compare(tally: Tally, expected: string[], found: string[]): void {
  tally.expected += expected.length;
  tally.found += found.length;
  tally.correct += found.filter((value) => expected.includes(value)).length;
  tally.wrong.push(
    ...expected.filter((value) => !found.includes(value)).map((value) => `missed ${value}`),
    ...found.filter((value) => !expected.includes(value)).map((value) => `too much ${value}`),
  );
}

function emailsOf(contacts: FoundContact[]): string[] {
  return contacts.flatMap(({ email, emailStatus }) =>
    email === null || emailStatus === "guessed" ? [] : [email],
  );
}

function factsOf(result: ProviderResult, key: string): string[] {
  return result.facts.filter((fact) => fact.key === key).map(({ value }) => value);
}
