import { randomUUID } from "node:crypto";
import type { ParameterOrJSON } from "postgres";
import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { act, seedCompanies } from "./effects-companies.ts";

type Data = Readonly<Record<string, ParameterOrJSON<never>>>;

const db = await testDatabase();
await db.sql`delete from otis.provider_limits`;
const { owner, session, companyIds } = await seedCompanies(db, ["Alpha", "Beta"]);
const stranger = await db.createUser();
const { campaign_id: campaign } = await act<{ campaign_id: string }>(db, owner, "create_campaign", {
  session_id: session,
  name: "Spring",
});
const [lead] = await db.sql<{ id: string }[]>`
  insert into public.campaign_leads (session_id, campaign_id, email) values (${session}, ${campaign}, 'a@b.example') returning id`;
const [run] = await db.sql<
  { id: string }[]
>`select id from public.scraping_runs where session_id = ${session}`;
const source = { kind: "lever", key: "lever:a", label: "A", target: "a" };
const many = Array.from({ length: 10_001 }, () => randomUUID());
const nobody = randomUUID();

beforeEach(async () => {
  await db.sql`delete from otis.rate_buckets`;
});

/** Everything a refused action must leave alone. */
async function everything() {
  const [row] = await db.sql`
    select (select jsonb_agg(s order by s.id) from public.otis_workflow_sessions s) as sessions,
      (select count(*) from otis.work_items) as items, (select count(*) from public.scraping_runs) as runs,
      (select count(*) from public.enrichment_batches) as batches, (select count(*) from public.campaigns) as campaigns,
      (select jsonb_agg(l order by l.id) from public.campaign_leads l) as leads,
      (select jsonb_agg(c order by c.id) from public.session_companies c) as companies,
      (select count(*) from public.suppressions) as suppressions`;
  return row;
}

async function refuses(user: string, action: string, data: Data, code: string): Promise<void> {
  const before = await everything();
  await expect(act(db, user, action, data)).rejects.toMatchObject({
    code: expect.stringMatching(/^PT4\d\d$/),
    message: code,
    detail: expect.stringMatching(/\w/),
  });
  expect(await everything()).toEqual(before);
}

const ofSession: readonly (readonly [string, Data])[] = [
  ["rename_session", { name: "Mine" }],
  ["archive_session", {}],
  ["duplicate_session", {}],
  ["set_stage", { stage: "enrichment" }],
  ["start_scraping", { sources: [source] }],
  ["start_enrichment", { company_ids: [...companyIds] }],
  ["select_companies", { company_ids: [...companyIds], selected: true }],
  ["set_lead_status", { company_ids: [...companyIds], lead_status: "won" }],
  ["remove_companies", { company_ids: [...companyIds] }],
  ["create_campaign", { name: "Theirs" }],
];

describe("actions on a session", () => {
  it.each(ofSession)("%s answers 404 to anybody but its owner", async (action, data) => {
    await refuses(stranger, action, { session_id: session, ...data }, "session_not_found");
    await refuses(owner, action, { session_id: nobody, ...data }, "session_not_found");
  });

  it("need an active session where they start work", async () => {
    await db.sql`update public.otis_workflow_sessions set status = 'paused' where id = ${session}`;
    for (const [action, data] of ofSession.filter(([name]) =>
      /^(start|create|set_stage)/.test(name),
    )) {
      await refuses(owner, action, { session_id: session, ...data }, "invalid_transition");
    }
    await db.sql`update public.otis_workflow_sessions set status = 'active' where id = ${session}`;
  });

  it.each<[string, Data, string]>([
    ["rename_session", { name: "  " }, "invalid_input"],
    ["rename_session", { name: "x".repeat(121) }, "invalid_input"],
    ["set_stage", { stage: "victory" }, "invalid_input"],
    ["set_stage", { stage: "campaigns-" }, "invalid_input"],
    ["start_scraping", { sources: [] }, "invalid_input"],
    ["start_scraping", { sources: {} }, "invalid_input"],
    ["start_scraping", { sources: Array.from({ length: 201 }, () => source) }, "too_many"],
    ["start_scraping", { sources: [{ ...source, kind: "telepathy" }] }, "not_a_source"],
    ["start_scraping", { sources: [{ ...source, key: "" }] }, "not_a_source"],
    [
      "start_scraping",
      { sources: [{ ...source, options: { x: "y".repeat(200_000) } }] },
      "not_a_source",
    ],
    [
      "start_scraping",
      { sources: [{ ...source, options: { x: "y".repeat(1_100_000) } }] },
      "too_large",
    ],
    ["start_enrichment", { company_ids: many }, "too_many"],
    ["start_enrichment", { company_ids: [nobody] }, "not_found"],
    ["start_enrichment", {}, "stage_not_ready"],
    ["start_enrichment", { providers: [] }, "invalid_input"],
    ["start_enrichment", { providers: [{ provider: "psychic" }] }, "invalid_input"],
    ["start_enrichment", { providers: [{ provider: "website", max_cost: -1 }] }, "invalid_input"],
    ["start_enrichment", { cost_ceiling: -1 }, "invalid_input"],
    ["start_enrichment", { cost_ceiling: 1e9 }, "invalid_input"],
    ["select_companies", { company_ids: many, selected: true }, "too_many"],
    ["select_companies", { company_ids: [], selected: true }, "invalid_input"],
    ["select_companies", { company_ids: [nobody], selected: true }, "not_found"],
    ["set_lead_status", { company_ids: [...companyIds], lead_status: "eternal" }, "invalid_input"],
    ["remove_companies", { company_ids: [nobody] }, "not_found"],
    ["create_campaign", { name: "" }, "invalid_input"],
    ["create_campaign", { name: "x", channel: "pigeon" }, "invalid_input"],
    ["create_campaign", { name: "x", company_ids: [...companyIds] }, "stage_not_ready"],
    ["create_campaign", { name: "x", company_ids: many }, "too_many"],
    ["create_campaign", { name: "x", texts: { body: "x".repeat(20_001) } }, "too_large"],
    ["create_campaign", { name: "x", texts: { sender: "me" } }, "invalid_input"],
  ])("%s refuses %j by name and writes nothing", async (action, data, code) => {
    await refuses(owner, action, { session_id: session, ...data }, code);
  });
});

describe("actions on a campaign or lead", () => {
  it.each<[string, Data]>([
    ["edit_campaign", { name: "x" }],
    ["add_leads", {}],
    ["import_leads", { upload_id: nobody }],
    ["prepare_campaign", {}],
    ["push_campaign", {}],
    ["activate_campaign", {}],
    ["refresh_analytics", {}],
    ["include_leads", { lead_ids: [lead?.id ?? ""], included: false }],
  ])("%s answers 404 to anybody but its owner", async (action, data) => {
    await refuses(stranger, action, { campaign_id: campaign, ...data }, "not_found");
    await refuses(owner, action, { campaign_id: nobody, ...data }, "not_found");
  });

  it.each<[string, Data, string]>([
    ["import_leads", { upload_id: nobody }, "not_found"],
    ["prepare_campaign", { method: "magic" }, "invalid_input"],
    ["push_campaign", {}, "stage_not_ready"],
    ["activate_campaign", {}, "stage_not_ready"],
    ["refresh_analytics", {}, "stage_not_ready"],
    ["add_leads", { per_company: 0 }, "invalid_input"],
    ["add_leads", { company_ids: many }, "too_many"],
    ["include_leads", { lead_ids: [], included: false }, "invalid_input"],
    ["include_leads", { lead_ids: many, included: false }, "too_many"],
    ["include_leads", { lead_ids: [nobody], included: false }, "invalid_transition"],
    ["edit_campaign", { texts: { subject: "x".repeat(301) } }, "too_large"],
  ])("%s refuses %j by name", async (action, data, code) => {
    await refuses(owner, action, { campaign_id: campaign, ...data }, code);
  });

  it("set_lead knows its owner and its limits", async () => {
    const id = lead?.id ?? "";
    await refuses(stranger, "set_lead", { lead_id: id, personal_line: "x" }, "not_found");
    await refuses(owner, "set_lead", { lead_id: id, personal_line: "é".repeat(251) }, "too_large");
    await db.sql`update public.campaign_leads set status = 'ready' where id = ${id}`;
    await db.sql`update public.campaign_leads set status = 'sent' where id = ${id}`;
    await refuses(
      owner,
      "set_lead",
      { lead_id: id, personal_line: "too late" },
      "invalid_transition",
    );
  });
});

describe("pause, resume, cancel, retry, priority", () => {
  const targeted = ["pause", "resume", "cancel", "retry", "why_waiting"];

  it.each(targeted)(
    "%s answers 404 to anybody but the owner, and 400 to no target",
    async (action) => {
      for (const [target, id] of [
        ["session", session],
        ["run", run?.id ?? ""],
        ["campaign", campaign],
      ]) {
        await refuses(stranger, action, { target: target ?? "", id: id ?? "" }, "not_found");
      }
      for (const target of ["session", "run", "batch", "company", "campaign", "item"]) {
        await refuses(owner, action, { target, id: nobody }, "not_found");
      }
      await refuses(owner, action, { target: "planet", id: session }, "invalid_input");
    },
  );

  it("say that there is nothing to do", async () => {
    const target = { target: "run", id: run?.id ?? "" };
    for (const action of ["pause", "resume", "cancel", "retry"]) {
      await refuses(owner, action, target, "invalid_transition");
    }
    await refuses(owner, "set_priority", { ...target, priority: 1 }, "invalid_transition");
    await refuses(owner, "set_priority", { ...target, priority: 101 }, "invalid_input");
  });
});

it("needs a signed-in user for every action, and gives anon none", async () => {
  await expect(
    db.as("service_role", (sql) => sql`select public.create_session('x')`),
  ).rejects.toMatchObject({ message: "needs_sign_in" });
  await expect(
    db.as("anon", (sql) => sql`select public.create_session('x')`),
  ).rejects.toMatchObject({
    code: "42501",
  });
});
