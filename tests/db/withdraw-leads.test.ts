import { expect, it } from "vitest";
import { instantlySettings } from "../../functions/_shared/campaigns/instantly.ts";
import { withdrawLeads } from "../../functions/_shared/worker/withdraw-leads.ts";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();

/** Suppressed leads that Instantly has, under these ids, each of an owner of its own. */
async function suppressedLeads(ids: readonly string[]) {
  for (const id of ids) {
    const session = await createSession(db, await db.createUser());
    const [campaign] = await db.sql<{ id: string }[]>`
      insert into public.campaigns (session_id, name) values (${session.id}, 'C') returning id`;
    await db.sql`insert into public.campaign_leads (session_id, campaign_id, company_id, email, status, provider_lead_id)
      values (${session.id}, ${campaign?.id ?? ""}, ${session.companyIds[0] ?? ""}, 'a@acme.example', 'suppressed', ${id})`;
  }
}

/** One run against an Instantly that answers by the lead's id. */
async function run(answers: Record<string, number>, key: string | undefined = "secret") {
  const asked: string[] = [];
  const logged: string[] = [];
  const instantly = instantlySettings({ INSTANTLY_API_KEY: key }, async (input) => {
    const id = String(input).split("/").at(-1) ?? "";
    asked.push(id);
    return new Response("{}", { status: answers[id] ?? 200 });
  });
  const end = await withdrawLeads(
    { sql: db.sql, instantly },
    new AbortController().signal,
    (event) => logged.push(event),
  ).then(
    () => "done",
    (cause: { code: string }) => cause.code,
  );
  const left = await db.sql<{ provider_lead_id: string }[]>`select * from otis.leads_to_withdraw()`;
  return {
    end,
    asked: asked.sort(),
    logged,
    left: left.map((lead) => lead.provider_lead_id).sort(),
  };
}

/** Whether a worker is called for that would find nothing due. */
const isCalledFor = async () =>
  (await db.sql<{ waits: boolean }[]>`select otis.chores_wait() as waits`)[0]?.waits;

const whatWaits = () => db.sql`
  select waiting::int, reason, ceil(extract(epoch from not_before - now()) / 60)::int as minutes
  from inspect.chores where chore = 'withdraw_leads'`;

it("a lead that the vendor will not take out does not keep the others in", async () => {
  await suppressedLeads(["foreign", "gone", "odd", "one", "stuck", "two"]);
  const answers = { foreign: 403, gone: 404, odd: 400, stuck: 500 };
  expect(await run(answers)).toEqual({
    end: "vendor_down",
    asked: ["foreign", "gone", "odd", "one", "stuck", "two"],
    logged: ["lead_not_withdrawn", "lead_not_withdrawn"],
    left: ["stuck"],
  });
  expect(await run({})).toEqual({ end: "done", asked: ["stuck"], logged: [], left: [] });
});

it("without a key leads wait without a worker being called again and again, and leave once it is back", async () => {
  await suppressedLeads(["one"]);
  expect(await isCalledFor()).toBe(true);
  const none = { end: "done", asked: [], logged: [], left: ["one"] };
  expect(await run({}, "")).toEqual(none);
  expect(await isCalledFor()).toBe(false);
  expect(await whatWaits()).toEqual([{ waiting: 1, reason: "no_key", minutes: 10 }]);
  // Now and then one is called, since only a worker knows the keys; without it, it says so again.
  await db.sql`update otis.postponed_chores set not_before = now()`;
  expect(await isCalledFor()).toBe(true);
  expect(await run({}, "")).toEqual(none);
  expect(await isCalledFor()).toBe(false);
  // One that is there for something else does not wait, and what comes after is not held back.
  expect(await run({})).toEqual({ end: "done", asked: ["one"], logged: [], left: [] });
  expect(await whatWaits()).toEqual([{ waiting: 0, reason: null, minutes: null }]);
  await suppressedLeads(["two"]);
  expect(await isCalledFor()).toBe(true);
  expect(await run({})).toMatchObject({ left: [] });
});

it("what concerns all leads ends the run at once and keeps them for later", async () => {
  await suppressedLeads(["one", "two"]);
  for (const [status, code, minutes] of [
    [401, "key_refused", 10],
    [402, "out_of_credit", 10],
    [429, "rate_limited", 1],
  ] as const) {
    const { end, asked, left } = await run({ one: status, two: status });
    expect([end, asked.length, left]).toEqual([code, 1, ["one", "two"]]);
    expect(await isCalledFor()).toBe(false);
    expect(await whatWaits()).toEqual([{ waiting: 2, reason: code, minutes }]);
    await db.sql`update otis.postponed_chores set not_before = now()`;
  }
});
