import { afterEach, describe, expect, it } from "vitest";
import { apolloSettings } from "../../functions/_shared/providers/apollo/apollo-client.ts";
import {
  type ApolloOptions,
  apolloProvider,
} from "../../functions/_shared/providers/apollo/apollo-provider.ts";
import type { ProviderContext } from "../../functions/_shared/providers/provider.ts";
import type { Json, Reservation, Till } from "../../functions/_shared/providers/till.ts";
import { startVendor, type VendorAnswer, type VendorRequest } from "./vendor-server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const acme = { name: "Acme", domain: "acme.test", website: null };
const SEARCH = "/api/v1/mixed_people/api_search";
const MATCH = "/api/v1/people/bulk_match";
const ENRICH = "/api/v1/organizations/enrich";

/** What Apollo answers when all is well. */
const usual: Record<string, VendorAnswer> = {
  [SEARCH]: {
    body: {
      total_entries: 4,
      people: [
        {
          id: "p1",
          first_name: "Anna",
          last_name_obfuscated: "We***r",
          title: "Owner",
          has_email: true,
        },
        { id: "p0", first_name: "Nobody", title: "Intern", has_email: false },
        { id: "p2", first_name: "Jan", title: "HR manager", has_email: true },
        { id: "p3", first_name: "Eva", title: "Recruiter", has_email: true },
      ],
    },
  },
  [MATCH]: {
    headers: { "x-minute-requests-left": "48" },
    body: {
      credits_consumed: 2,
      missing_records: 1,
      matches: [
        {
          id: "p1",
          name: "Anna Weber",
          title: "Owner",
          email: "Anna@acme.test",
          email_status: "verified",
          linkedin_url: "https://www.linkedin.com/in/anna",
        },
        null,
        {
          id: "p3",
          first_name: "Eva",
          last_name: "Blom",
          title: "Recruiter",
          email: "eva@acme.test",
          email_status: "extrapolated",
        },
      ],
    },
  },
  [ENRICH]: {
    body: {
      organization: {
        id: "o1",
        name: "Acme",
        primary_domain: "acme.test",
        industry: "construction",
        estimated_num_employees: 42,
        annual_revenue: null,
        city: "Helmond",
        country: "Netherlands",
        technology_names: ["WordPress"],
      },
    },
  },
};

async function apollo(
  answers: (request: VendorRequest, nth: number) => VendorAnswer | undefined = () => undefined,
  options: ApolloOptions & { key?: string } = {},
) {
  const vendor = await startVendor(
    (request, nth) => answers(request, nth) ?? usual[request.url.pathname] ?? { status: 404 },
  );
  closing.push(vendor.close);
  const settings = apolloSettings(
    { OTIS_ENDPOINT_APOLLO: vendor.url, APOLLO_API_KEY: options.key ?? "secret" },
    fetch,
  );
  const paths = () => vendor.requests.map(({ url }) => url.pathname);
  return { provider: apolloProvider(settings, options), requests: vendor.requests, paths };
}

/** The rules of SQL in memory: what is reserved and not ended when a new attempt comes is lost. */
class MemoryTill implements Till {
  readonly purchases = new Map<
    string,
    { state: "reserved" | "bought"; credits: number; answer: Json; attempt: number }
  >();
  attempt = 1;
  ceiling = 100;
  /** Dies instead of keeping the next answer, as a killed worker does. */
  diesAtRecord = false;

  get spent(): number {
    return [...this.purchases.values()].reduce((sum, { credits }) => sum + credits, 0);
  }

  async reserve({ key, credits }: { key: string; credits: number }): Promise<Reservation> {
    const known = this.purchases.get(key);
    if (known?.state === "bought") return { kind: "bought", answer: known.answer };
    if (known) return known.attempt === this.attempt ? { kind: "busy" } : { kind: "lost" };
    if (this.spent + credits > this.ceiling) return { kind: "refused" };
    this.purchases.set(key, { state: "reserved", credits, answer: null, attempt: this.attempt });
    return { kind: "reserved", id: key };
  }

  async record(id: string, { credits, answer }: { credits: number; answer: Json }): Promise<void> {
    if (this.diesAtRecord) throw new Error("killed");
    this.purchases.set(id, { state: "bought", credits, answer, attempt: this.attempt });
  }

  async release(id: string): Promise<void> {
    this.purchases.delete(id);
  }
}

const context = (till: Till, more: Partial<ProviderContext> = {}): ProviderContext => ({
  fetch: () => Promise.reject(new Error("Apollo is not a page of the web")),
  signal: new AbortController().signal,
  clock: { now: () => Date.parse("2026-11-20T12:00:00Z"), after: () => () => {} },
  till,
  progress: () => {},
  maxCost: 10,
  ...more,
});

describe("Apollo", () => {
  it("buys addresses of people whom the free search names, then facts, and says what they cost", async () => {
    const { provider, requests, paths } = await apollo();
    const till = new MemoryTill();
    const result = await provider.run(acme, context(till));
    expect(paths()).toEqual([SEARCH, MATCH, ENRICH]);
    expect(
      requests.every(
        ({ headers }) => headers["x-api-key"] === "secret" && headers.authorization === undefined,
      ),
    ).toBe(true);
    expect(requests[1]?.body).toMatchObject({
      details: [{ id: "p1" }, { id: "p2" }, { id: "p3" }],
    });
    expect(requests[2]?.url.searchParams.get("domain")).toBe("acme.test");
    expect(
      result.contacts.map(({ fullName, email, emailStatus, cost }) => [
        fullName,
        email,
        emailStatus,
        cost,
      ]),
    ).toEqual([
      ["Anna Weber", "anna@acme.test", "verified", 2],
      ["Eva Blom", "eva@acme.test", "guessed", 0],
    ]);
    expect(result.facts.map(({ key, value }) => `${key}=${value}`)).toEqual([
      "name=Acme",
      "industry=construction",
      "employees=42",
      "city=Helmond",
      "country_name=Netherlands",
      "technology=WordPress",
    ]);
    expect([result.cost, till.spent]).toEqual([3, 3]);
  });

  it("does not buy what was bought before, and counts what that saved", async () => {
    const { provider, paths } = await apollo();
    const till = new MemoryTill();
    const first = await provider.run(acme, context(till));
    const second = await provider.run(acme, context(till));
    expect(paths().filter((path) => path !== SEARCH)).toEqual([MATCH, ENRICH]);
    expect(second.contacts.map(({ email }) => email)).toEqual(
      first.contacts.map(({ email }) => email),
    );
    expect([second.cost, second.saved]).toEqual([0, 4]);
  });

  it("asks for no more people than the budget allows, and for no facts beyond it", async () => {
    const { provider, requests, paths } = await apollo();
    await provider.run(acme, context(new MemoryTill(), { maxCost: 2 }));
    expect(requests[1]?.body).toMatchObject({ details: [{ id: "p1" }, { id: "p2" }] });
    expect(paths()).toEqual([SEARCH, MATCH]);
  });

  it("sends nothing that costs beyond the ceiling", async () => {
    const { provider, paths } = await apollo();
    const till = new MemoryTill();
    till.ceiling = 2;
    await expect(provider.run(acme, context(till))).rejects.toMatchObject({
      code: "ceiling_reached",
      retryable: false,
    });
    expect(paths()).toEqual([SEARCH]);
  });

  it("sends nothing at all without a key", async () => {
    const { provider, paths } = await apollo(undefined, { key: "" });
    await expect(provider.run(acme, context(new MemoryTill()))).rejects.toMatchObject({
      code: "no_key",
      retryable: false,
    });
    expect(paths()).toEqual([]);
  });

  it("is content with an unknown domain and with nobody found", async () => {
    const { provider } = await apollo(({ url }) =>
      url.pathname === SEARCH
        ? { body: { people: [] } }
        : url.pathname === ENRICH
          ? { body: {} }
          : undefined,
    );
    expect(await provider.run(acme, context(new MemoryTill()))).toMatchObject({
      contacts: [],
      facts: [],
      cost: 1,
    });
  });

  it.each([
    ["a refused key", { status: 401, body: "Invalid access credentials." }, "key_refused", false],
    [
      "a plan without the endpoint",
      {
        status: 403,
        body: { error: "not accessible with this api_key", error_code: "API_INACCESSIBLE" },
      },
      "key_refused",
      false,
    ],
    [
      "an empty account",
      { status: 402, body: { error: "insufficient credits" } },
      "out_of_credit",
      false,
    ],
    [
      "a request it does not understand",
      { status: 422, body: { error: "details is too long" } },
      "bad_request",
      false,
    ],
    [
      "too many requests",
      {
        status: 429,
        headers: { "retry-after": "7" },
        body: { message: "The maximum number of api calls allowed is 50 times per minute." },
      },
      "rate_limited",
      true,
    ],
    [
      "a pause for maintenance",
      { status: 503, body: "<html>maintenance</html>" },
      "vendor_down",
      true,
    ],
  ] as const)("gives the credits back after %s", async (_, answer, code, retryable) => {
    const { provider } = await apollo(({ url }) => (url.pathname === MATCH ? answer : undefined));
    const till = new MemoryTill();
    const failure = await provider.run(acme, context(till)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code,
      retryable,
      retryAfterSeconds: code === "rate_limited" ? 7 : null,
    });
    expect(till.spent).toBe(0);
  });

  it("gets through a storm of refusals with each credit spent once", async () => {
    const { provider, paths } = await apollo((_, nth) =>
      nth <= 12 && nth % 3 !== 0
        ? { status: 429, headers: { "retry-after": "1" }, body: { message: "slow down" } }
        : undefined,
    );
    const till = new MemoryTill();
    let done = null;
    for (till.attempt = 1; done === null && till.attempt < 20; till.attempt++) {
      done = await provider.run(acme, context(till)).catch(() => null);
    }
    expect(done?.contacts).toHaveLength(2);
    expect(till.spent).toBe(3);
    expect(paths().length).toBeLessThan(20);
  });

  describe("killed or cut off around a paid call", () => {
    it.each([
      ["the connection breaks before the answer", { body: null }, false],
      ["the server fails with the request in hand", { status: 500, body: "oops" }, false],
      ["the answer cannot be read", { body: "half an ans" }, false],
      ["the worker dies before it keeps the answer", undefined, true],
    ] as const)(
      "counts the credits as spent and does not buy again when %s",
      async (_, answer, dies) => {
        const { provider, paths } = await apollo(({ url }) =>
          url.pathname === MATCH ? answer : undefined,
        );
        const till = new MemoryTill();
        till.diesAtRecord = dies;
        await expect(provider.run(acme, context(till))).rejects.toBeInstanceOf(Error);
        expect(till.spent).toBe(3);
        till.attempt++;
        till.diesAtRecord = false;
        const result = await provider.run(acme, context(till));
        expect(paths().filter((path) => path === MATCH)).toHaveLength(1);
        expect(result.notes.join()).toMatch(/counts as paid/);
        expect(result.facts.length).toBeGreaterThan(0);
      },
    );

    it("keeps the answer of a call that the user cancels in the middle", async () => {
      const cancel = new AbortController();
      const { provider, paths } = await apollo(({ url }) => {
        if (url.pathname === MATCH) cancel.abort(new Error("cancelled"));
        return undefined;
      });
      const till = new MemoryTill();
      await expect(provider.run(acme, context(till, { signal: cancel.signal }))).rejects.toThrow(
        "cancelled",
      );
      expect(till.purchases.get("people/bulk_match:acme.test")).toMatchObject({
        state: "bought",
        credits: 2,
      });
      expect(paths()).toEqual([SEARCH, MATCH]);
    });

    it("waits while another batch is buying the same", async () => {
      const { provider, paths } = await apollo();
      const till = new MemoryTill();
      await till.reserve({ key: "people/bulk_match:acme.test", credits: 3 });
      await expect(provider.run(acme, context(till))).rejects.toMatchObject({
        code: "in_use",
        retryable: true,
        retryAfterSeconds: 10,
      });
      expect(paths()).toEqual([SEARCH]);
    });
  });
});
