import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { act, seedCompanies } from "./effects-companies.ts";
import { scrape } from "./effects-postings.ts";
import { type Claimed, createSession, expireLeases, held, QueueWorker } from "./queue-worker.ts";

const db = await testDatabase();
await db.sql`delete from otis.provider_limits`;
let owner = "";
let session = "";
let companies: readonly string[] = [];

beforeEach(async () => {
  ({ owner, session, companyIds: companies } = await seedCompanies(db, ["Alpha", "Beta", "Gamma"]));
});

const start = (options: object = {}) =>
  act<{ batch_id: string; companies: number }>(db, owner, "start_enrichment", {
    session_id: session,
    company_ids: [...companies],
    ...options,
  });

/** The items of this test's session, in the order of its companies. */
async function claim(worker: QueueWorker): Promise<Claimed[]> {
  const items = await worker.claim(100, ["enrich"]);
  const mine = items.filter((item) => item.session_id === session);
  const rows = await db.sql<{ id: string; company_id: string }[]>`
    select id, company_id from public.enrichment_status where session_id = ${session}`;
  const place = new Map(rows.map((row) => [row.id, companies.indexOf(row.company_id)]));
  return mine.sort((a, b) => (place.get(a.subject_id) ?? 0) - (place.get(b.subject_id) ?? 0));
}

const value = (more: object) => ({
  provider: "website",
  source_url: "https://alpha.example/contact",
  method: "mailto",
  confidence: 0.9,
  cost: 0,
  found_at: "2026-11-01T00:00:00Z",
  ...more,
});

describe("what enrichment found", () => {
  it("is kept with its provenance, once, and copied to every session of the owner", async () => {
    const second = await createSession(db, owner);
    await scrape(db, owner, second, { kind: "feed", key: "f" }, [
      [{ key: "x", company: "Alpha", domain: "alpha.example" }],
    ]);
    await start();
    const worker = new QueueWorker(db);
    const [item] = await claim(worker);
    if (!item) throw new Error("nothing to enrich");
    const found = {
      company: {
        city: "Ulm",
        country: "DE",
        employees: 40,
        industry: "Robots",
        name: "Other name",
      },
      facts: [value({ key: "vat_id", value: "DE1" }), value({ key: "vat_id", value: "DE1" })],
      contacts: [
        value({ kind: "email", email: "Info@Alpha.example", email_status: "found" }),
        value({
          kind: "person",
          full_name: "Ann Lee",
          role: "CTO",
          email: "ann@alpha.example",
          email_status: "guessed",
          confidence: 0.4,
        }),
        value({ kind: "phone", phone: "+49 731 1" }),
        value({ kind: "email", email: "no address" }),
      ],
    };
    await worker.complete({
      ...held(item),
      effect: { ...found, provider: "website" },
      next: { from: 1 },
    });
    const [again] = await claim(worker);
    await worker.complete({ ...held(again ?? item), effect: { ...found, outcome: "completed" } });
    const contacts =
      await db.sql`select * from public.contacts where company_id = ${companies[0] ?? ""} order by value_key`;
    expect(contacts.map((row) => [row.value_key, row.email_status, row.source_url])).toEqual([
      ["email:info@alpha.example", "found", "https://alpha.example/contact"],
      ["person:annlee", "guessed", "https://alpha.example/contact"],
      ["phone:497311", null, "https://alpha.example/contact"],
    ]);
    const facts =
      await db.sql`select key, value, confidence from public.company_facts where company_id = ${companies[0] ?? ""}`;
    expect(facts).toEqual([{ key: "vat_id", value: "DE1", confidence: "0.900" }]);
    const copies = await db.sql`
      select name, city, employees, emails_count, phones_count, people_count, enriched_at is not null as enriched
      from public.session_companies where company_id = ${companies[0] ?? ""}`;
    expect(copies).toHaveLength(2);
    for (const copy of copies) {
      expect(copy).toEqual({
        name: "Alpha",
        city: "Ulm",
        employees: 40,
        emails_count: 2,
        phones_count: 1,
        people_count: 1,
        enriched: true,
      });
    }
  });

  it("never brings back who asked to be forgotten", async () => {
    await db.sql`insert into public.suppressions (owner_id, kind, email_hash, reason)
      values (${owner}, 'email', otis.hash_email('ann@alpha.example'), 'erased')`;
    await start();
    const worker = new QueueWorker(db);
    const items = await claim(worker);
    await worker.complete(
      ...items.map((item) => ({
        ...held(item),
        effect: {
          contacts: [value({ kind: "person", full_name: "Ann Lee", email: "ANN@alpha.example" })],
        },
      })),
    );
    expect(await db.sql`select from public.contacts where owner_id = ${owner}`).toHaveLength(0);
  });

  it("ends its batch when the last company ends, whatever came of each", async () => {
    const { batch_id } = await start();
    const worker = new QueueWorker(db);
    const [first, second, third] = await claim(worker);
    if (!first || !second || !third) throw new Error("nothing to enrich");
    await worker.complete({ ...held(first), effect: { outcome: "completed" } });
    await worker.complete({
      ...held(second),
      effect: { outcome: "failed", error_code: "no_site", message: "There is no web site." },
    });
    const [running] =
      await db.sql`select status, completed, failed, total from public.enrichment_batches where id = ${batch_id}`;
    expect(running).toMatchObject({ completed: 1, failed: 1, total: 3 });
    await worker.fail({ ...held(third), code: "refused", message: "No.", permanent: true });
    const [batch] =
      await db.sql`select status, completed, failed from public.enrichment_batches where id = ${batch_id}`;
    expect(batch).toEqual({ status: "completed", completed: 1, failed: 2 });
    const rows =
      await db.sql`select status, error_code from public.enrichment_status where batch_id = ${batch_id} order by error_code nulls first`;
    expect(rows).toEqual([
      { status: "completed", error_code: null },
      { status: "failed", error_code: "no_site" },
      { status: "failed", error_code: "refused" },
    ]);
    const news =
      await db.sql`select body from public.notifications where session_id = ${session} and kind = 'enrichment_finished'`;
    expect(news).toEqual([{ body: "1 of 3 companies enriched" }]);
  });
});

describe("paid calls", () => {
  const reserve = async (item: Claimed, key: string, cost: number) => {
    const [row] = await db.sql`
      select otis.reserve_cost(${item.id}, ${item.lease}, 'apollo', ${key}, ${cost}) as answer`;
    return row?.answer;
  };
  const record = async (item: Claimed, key: string, cost: number | null = null) => {
    const [row] = await db.sql`
      select otis.record_purchase(${item.id}, ${item.lease}, 'apollo', ${key}, '{"found": 1}'::jsonb, ${cost}) as kept`;
    return row?.kept;
  };
  const batchOf = async (id: string) => {
    const [row] =
      await db.sql`select cost_spent::float8, credits_saved::float8 from public.enrichment_batches where id = ${id}`;
    return row;
  };

  it("never go beyond the ceiling, even when eight workers ask at once", async () => {
    const { batch_id } = await start({ cost_ceiling: 5 });
    const items = await claim(new QueueWorker(db));
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) => reserve(items[n % 3] as Claimed, `key ${n}`, 2)),
    );
    expect(answers.filter((answer) => answer.verdict === "reserved")).toHaveLength(2);
    expect(answers.filter((answer) => answer.verdict === "ceiling")).toHaveLength(22);
    expect(await batchOf(batch_id)).toMatchObject({ cost_spent: 4 });
  });

  it("bought once are not bought again, in any session of the owner, until they expire", async () => {
    const { batch_id } = await start({ cost_ceiling: 10 });
    const [item] = await claim(new QueueWorker(db));
    if (!item) throw new Error("nothing to enrich");
    expect(await reserve(item, "alpha.example", 1)).toEqual({ verdict: "reserved" });
    expect(await reserve(item, "alpha.example", 1)).toEqual({ verdict: "reserved" });
    expect(await record(item, "alpha.example")).toBe(true);
    expect(await record(item, "alpha.example")).toBe(false);
    expect(await reserve(item, "alpha.example", 1)).toMatchObject({
      verdict: "cached",
      result: { found: 1 },
    });
    expect(await batchOf(batch_id)).toEqual({ cost_spent: 1, credits_saved: 1 });

    const other = await seedCompanies(db, ["Alpha"], owner);
    await act(db, owner, "start_enrichment", {
      session_id: other.session,
      company_ids: [...other.companyIds],
      cost_ceiling: 10,
    });
    const [elsewhere] = (await new QueueWorker(db).claim(10, ["enrich"])).filter(
      (i) => i.session_id === other.session,
    );
    expect(await reserve(elsewhere as Claimed, "alpha.example", 1)).toMatchObject({
      verdict: "cached",
    });

    await db.sql`update otis.purchases set expires_at = now() - interval '1 second' where owner_id = ${owner}`;
    expect(await reserve(item, "alpha.example", 1)).toEqual({ verdict: "reserved" });
  });

  it("whose worker died before the answer was kept count as spent and are not repeated", async () => {
    const { batch_id } = await start({ cost_ceiling: 10 });
    const [item] = await claim(new QueueWorker(db));
    if (!item) throw new Error("nothing to enrich");
    await reserve(item, "alpha.example", 3);
    await expireLeases(db, [item.id]);
    const [again] = await claim(new QueueWorker(db));
    expect(again?.id).toBe(item.id);
    expect(await reserve(item, "beta.example", 1)).toEqual({ verdict: "lost" });
    expect(await reserve(again as Claimed, "alpha.example", 3)).toEqual({ verdict: "unresolved" });
    expect(await batchOf(batch_id)).toMatchObject({ cost_spent: 3 });
    // Not even days later.
    await db.sql`update otis.purchases set expires_at = now() - interval '1 day' where owner_id = ${owner}`;
    expect(await reserve(again as Claimed, "alpha.example", 3)).toEqual({ verdict: "unresolved" });
    // The answer came after all.
    expect(await record(item, "alpha.example")).toBe(true);
    expect(await reserve(again as Claimed, "alpha.example", 3)).toMatchObject({
      verdict: "cached",
    });
  });

  it("that cost more than was announced count in full", async () => {
    const { batch_id } = await start({ cost_ceiling: 10 });
    const [item] = await claim(new QueueWorker(db));
    if (!item) throw new Error("nothing to enrich");
    await reserve(item, "a", 5);
    await reserve(item, "b", 5);
    await record(item, "a", 8);
    await db.sql`select otis.release_purchase(${item.id}, ${item.lease}, 'apollo', 'b')`;
    expect(await batchOf(batch_id)).toMatchObject({ cost_spent: 8 });
    expect(await reserve(item, "c", 5)).toMatchObject({ verdict: "ceiling", left: 2 });
  });

  it("that another item makes at this moment are waited for", async () => {
    await start({ cost_ceiling: 10 });
    const [one, two] = await claim(new QueueWorker(db));
    await reserve(one as Claimed, "shared.example", 1);
    expect(await reserve(two as Claimed, "shared.example", 1)).toEqual({ verdict: "in_flight" });
  });

  it("that were refused, or cost less, give their credits back", async () => {
    const { batch_id } = await start({ cost_ceiling: 10 });
    const [item] = await claim(new QueueWorker(db));
    if (!item) throw new Error("nothing to enrich");
    await reserve(item, "a", 4);
    const [row] =
      await db.sql`select otis.release_purchase(${item.id}, ${item.lease}, 'apollo', 'a') as released`;
    expect(row?.released).toBe(true);
    expect(await batchOf(batch_id)).toMatchObject({ cost_spent: 0 });
    await reserve(item, "b", 4);
    await record(item, "b", 1);
    expect(await batchOf(batch_id)).toMatchObject({ cost_spent: 1 });
    const [status] =
      await db.sql`select cost::float8 from public.enrichment_status where id = ${item.subject_id}`;
    expect(status?.cost).toBe(1);
  });
});
