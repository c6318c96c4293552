import { randomUUID } from "node:crypto";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ApifyVendor } from "../contract/apify-vendor.ts";
import { startVendor } from "../contract/vendor-server.ts";
import { type Call, startApollo } from "./apollo-account.ts";
import { newSession, startMainJob, untilIdle } from "./main-job-harness.ts";

const apollo = await startApollo();
const apify = await startVendor(new ApifyVendor().answer);
afterAll(apify.close);
const job = await startMainJob({
  env: {
    ...apollo.env,
    OTIS_ENDPOINT_APIFY: `${apify.url}/apify`,
    OTIS_ALLOW_PRIVATE_HOSTS: new URL(apify.url).host,
    APIFY_TOKEN: "refused",
  },
});
const { sql } = job;
const user = await job.signUp();
/** Of one company: two people and the organisation. */
const PRICE = 3;

afterEach(() => {
  apollo.refuse = () => undefined;
  apollo.answering = () => undefined;
  apollo.charged.clear();
});

const newDomains = (count: number) => {
  const name = `c${randomUUID().slice(0, 8)}`;
  return Array.from({ length: count }, (_, n) => `${name}-${n}.example`);
};

/** A new session in which these companies were found. */
async function sessionOf(domains: readonly string[]): Promise<string> {
  const session_id = await newSession(user);
  await sql.begin(async (transaction) => {
    await transaction`
      insert into public.companies (owner_id, name, normalised_name, domain)
      select ${user.id}, d, otis.company_key(d), d from unnest(${[...domains]}::text[]) d
      where not exists (select from public.companies c where c.owner_id = ${user.id} and c.domain = d)`;
    await transaction`select otis.lock_sessions(array[${session_id}]::uuid[])`;
    await transaction`
      select otis.show_companies(${session_id}, array(
        select id from public.companies where owner_id = ${user.id} and domain = any (${[...domains]})))`;
  });
  return session_id;
}

/** Enriches all companies of the session by Apollo. */
async function start(session_id: string, cost_ceiling = 1000): Promise<string> {
  const companies = await sql<{ company_id: string }[]>`
    select company_id from public.session_companies where session_id = ${session_id}`;
  const { batch_id } = await user.call("start_enrichment", {
    session_id,
    company_ids: companies.map(({ company_id }) => company_id),
    providers: [{ provider: "apollo" }],
    cost_ceiling,
  });
  return batch_id;
}

interface Row {
  readonly id: string;
  readonly domain: string;
  readonly status: string;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly cost: number;
  readonly people_found: number;
}

async function ended(session_id: string, batch_id: string) {
  await untilIdle(job, session_id);
  const [batch] = await sql<{ status: string; spent: number; saved: number }[]>`
    select status, cost_spent::float8 as spent, credits_saved::float8 as saved
    from public.enrichment_batches where id = ${batch_id}`;
  const rows = await sql<Row[]>`
    select e.id, c.domain, e.status, e.error_code, e.error_message, e.cost::float8 as cost, e.people_found
    from public.enrichment_status e join public.companies c on c.id = e.company_id
    where e.batch_id = ${batch_id} order by c.domain`;
  return { batch, rows };
}

/** What Apollo has charged more than once for. */
const chargedTwice = () =>
  [...apollo.charged].filter(([key, credits]) => credits > (key.startsWith("match") ? 2 : 1));

const enrich = async (session_id: string, ceiling?: number) =>
  ended(session_id, await start(session_id, ceiling));

describe("what is bought", () => {
  test("is charged once, shows its price and origin, and a second session has it for nothing", async () => {
    const domains = newDomains(5);
    const first = await enrich(await sessionOf(domains));
    expect(apollo.spent).toBe(domains.length * PRICE);
    expect(first.batch).toEqual({ status: "completed", spent: apollo.spent, saved: 0 });
    for (const row of first.rows)
      expect(row).toMatchObject({ status: "completed", cost: PRICE, people_found: 2 });
    const [bought] = await sql`
      select sum(cost)::float8 as cost, bool_and(provider = 'apollo' and method = 'api' and found_at is not null) as told
      from (select cost, provider, method, found_at, company_id from public.contacts
        union all select cost, provider, method, found_at, company_id from public.company_facts) v
      where company_id in (select id from public.companies where domain = any (${domains}))`;
    expect(bought).toEqual({ cost: apollo.spent, told: true });

    const second = await enrich(await sessionOf(domains));
    expect(apollo.spent).toBe(domains.length * PRICE);
    expect(second.batch).toEqual({ status: "completed", spent: 0, saved: domains.length * PRICE });
    for (const row of second.rows)
      expect(row).toMatchObject({ status: "completed", cost: 0, people_found: 2 });
  });

  test("never costs more than the ceiling: the others end by name, the batch goes on", async () => {
    const { batch, rows } = await enrich(await sessionOf(newDomains(8)), 7);
    expect(apollo.spent).toBeLessThanOrEqual(7);
    expect(batch).toMatchObject({ status: "completed", spent: apollo.spent });
    const without = rows.filter(({ status }) => status === "failed");
    expect(without.length).toBeGreaterThan(3);
    for (const row of without) expect(row.error_message).toMatch(/ceiling/);
  });
});

describe("an account that says no", () => {
  test.each([
    ["a refused key", { status: 401, body: "Invalid access credentials." }, "key_refused"],
    ["an empty account", { status: 402, body: { error: "insufficient credits" } }, "out_of_credit"],
    ["a plan without it", { status: 403, body: { error: "no", error_code: "X" } }, "key_refused"],
  ])("by %s fails every company by name, and costs nothing", async (_, answer, code) => {
    apollo.refuse = (call) => (call === "search" ? undefined : answer);
    const { batch, rows } = await enrich(await sessionOf(newDomains(3)));
    expect(apollo.spent).toBe(0);
    expect(batch).toEqual({ status: "failed", spent: 0, saved: 0 });
    for (const row of rows)
      expect(row).toMatchObject({ status: "failed", error_code: code, cost: 0 });
  });

  test("to one company fails that one alone", async () => {
    const domains = newDomains(4);
    apollo.refuse = (_, domain) =>
      domain === domains[1] ? { status: 422, body: { error: "bad domain" } } : undefined;
    const { batch, rows } = await enrich(await sessionOf(domains));
    expect(batch).toMatchObject({ status: "completed", spent: 3 * PRICE });
    expect(rows.map(({ status }) => status)).toEqual([
      "completed",
      "failed",
      "completed",
      "completed",
    ]);
  });

  test("in a storm of 429 holds all back until it may, and nothing is bought twice", async () => {
    let refused = 0;
    apollo.refuse = () =>
      refused++ < 3
        ? { status: 429, headers: { "retry-after": "1" }, body: { message: "slow down" } }
        : undefined;
    const domains = newDomains(4);
    const { batch, rows } = await enrich(await sessionOf(domains));
    expect(refused).toBeGreaterThanOrEqual(3);
    expect(batch).toMatchObject({ status: "completed", spent: domains.length * PRICE });
    expect(rows.every(({ status }) => status === "completed")).toBe(true);
    expect(chargedTwice()).toEqual([]);
  });

  test("Apify's refusal of a key ends its run with a sentence", async () => {
    const session_id = await newSession(user);
    const { run_ids } = await user.call("start_scraping", {
      session_id,
      sources: [{ input: "apify:acme/jobs" }],
    });
    await untilIdle(job, session_id);
    const [run] = await sql`select * from public.scraping_runs where id = ${run_ids[0] ?? ""}`;
    expect(run).toMatchObject({
      outcome: "failed",
      error_message: expect.stringMatching(/token|key/i),
    });
  });
});

describe("a worker that is killed around a paid call", () => {
  /** Kills it the first time that a call of this kind is in this state; ends the pending request, too. */
  function killOnce(at: "before" | "after", call: Call) {
    const killed = Promise.withResolvers<void>();
    let done = false;
    const kill = (of: Call) => {
      if (done || of !== call) return undefined;
      done = true;
      job.killFunctions().then(killed.resolve, killed.reject);
      return null;
    };
    if (at === "before") apollo.refuse = (of) => (kill(of) === null ? { body: null } : undefined);
    else apollo.answering = kill;
    return killed.promise;
  }

  test.each([
    ["before anything is reserved", "before", "search", 0],
    ["with the reservation made and the request out", "before", "match", 1],
    ["with people charged and the answer lost", "after", "match", 1],
    ["with facts charged and the answer lost", "after", "enrich", 1],
  ] as const)("%s spends no credit twice", async (_, at, call, lost) => {
    const session_id = await sessionOf(newDomains(3));
    const killed = killOnce(at, call);
    const batch_id = await start(session_id);
    await killed;
    const { batch, rows } = await ended(session_id, batch_id);
    expect(batch).toMatchObject({ status: "completed" });
    expect(chargedTwice()).toEqual([]);
    // What may have been charged counts as spent, and its company says so.
    expect(batch?.spent).toBe(3 * PRICE);
    expect(apollo.spent).toBeLessThanOrEqual(3 * PRICE);
    const open = await sql`
      select from otis.purchases where batch_id = ${batch_id} and state = 'reserved'`;
    expect(open.length).toBeGreaterThanOrEqual(lost);
    const told = rows.filter(({ error_message }) => /broke off/.test(error_message ?? ""));
    expect(told.length > 0).toBe(open.length > 0);
  });

  test("just when the answer has come spends no credit twice", async () => {
    const session_id = await sessionOf(newDomains(6));
    const kills: Promise<void>[] = [];
    apollo.answering = (call) => {
      // The answer goes out; the worker dies while it reads it, keeps it, or goes on.
      if (call !== "search" && kills.length < 2) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        kills.push(promise);
        setImmediate(() => setImmediate(() => job.killFunctions().then(resolve, reject)));
      }
      return undefined;
    };
    const batch_id = await start(session_id);
    await expect.poll(() => kills.length, { timeout: 30_000 }).toBe(2);
    await Promise.all(kills);
    const { batch } = await ended(session_id, batch_id);
    expect(chargedTwice()).toEqual([]);
    expect(apollo.spent).toBeLessThanOrEqual(6 * PRICE);
    expect(batch).toMatchObject({ status: "completed", spent: 6 * PRICE });
  });

  test("leaves a purchase open that the user may ask for again, which she is told", async () => {
    const domains = newDomains(1);
    const session_id = await sessionOf(domains);
    const killed = killOnce("after", "match");
    const batch_id = await start(session_id);
    await killed;
    const broken = await ended(session_id, batch_id);
    const row = broken.rows[0];
    expect(row).toMatchObject({ status: "completed", people_found: 0 });
    expect(row?.error_message).toMatch(/counts as paid.*[Rr]etry/);
    await user.call("retry", { target: "company", id: row?.id ?? "" });
    const again = await ended(session_id, batch_id);
    expect(again.rows[0]).toMatchObject({
      status: "completed",
      people_found: 2,
      error_message: null,
    });
    // The people were paid for twice, since she asked for it; the facts were not.
    expect(Object.fromEntries(apollo.charged)).toEqual({
      [`match:${domains[0]}`]: 4,
      [`enrich:${domains[0]}`]: 1,
    });
    expect(again.batch).toMatchObject({ spent: 5 });
  });
});
