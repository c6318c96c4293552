import { parse } from "csv-parse/sync";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { startVendor, type VendorAnswer } from "../contract/vendor-server.ts";
import { importedCampaign, leadList, preparedCampaign } from "./campaign-harness.ts";
import { startMainJob, untilIdle } from "./main-job-harness.ts";

const model = await startModel();
const job = await startMainJob({
  env: {
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: "secret",
    OTIS_LLM_MAX_LEADS: "60",
  },
});
const { sql } = job;
const user = await job.signUp();

afterEach(() => {
  model.refuse = () => undefined;
  model.leavesOut = () => false;
  model.asked.length = 0;
});

const campaignOf = async (id: string) => {
  const [row] = await sql`select * from public.campaigns where id = ${id}`;
  return row;
};
const leadsOf = (id: string) =>
  sql<
    {
      email: string | null;
      status: string;
      error_code: string | null;
      personal_line: string | null;
    }[]
  >`select email, status, error_code, personal_line from public.campaign_leads
    where campaign_id = ${id} order by position`;
const exported = async (campaign_id: string): Promise<Record<string, string>[]> =>
  parse(await user.exported({ what: "leads", campaign_id }), { columns: true });

describe("a template", () => {
  test("with a variable that nobody knows is refused by name, when preparing and when pushing", async () => {
    const { campaign_id, session_id } = await importedCampaign(job, user, leadList(3).csv, {
      body: "{{personal_line}} {{shoo_size}} {{shoe_size}}",
    });
    const preview = await user.call("preview_campaign", { campaign_id });
    expect(preview.unknown_variables).toEqual(["shoo_size"]);
    const unknown = {
      status: 400,
      code: "unknown_variable",
      details: { variables: ["shoo_size"] },
      message: expect.stringContaining("{{shoo_size}}"),
    };
    expect(await user.refused("prepare_campaign", { campaign_id })).toEqual(unknown);
    expect(await campaignOf(campaign_id)).toMatchObject({ status: "draft" });
    await user.call("edit_campaign", { campaign_id, texts: { body: "{{shoe_size}}" } });
    await user.call("prepare_campaign", { campaign_id });
    await untilIdle(job, session_id);
    await user.call("edit_campaign", { campaign_id, texts: { subject: "{{shoo_size}}" } });
    expect(await user.refused("push_campaign", { campaign_id })).toEqual(unknown);
    expect((await leadsOf(campaign_id)).map(({ status }) => status)).toEqual([
      "ready",
      "ready",
      "ready",
    ]);
  });

  test("says in the preview what real leads would read, with the texts as they are being written", async () => {
    const { campaign_id } = await importedCampaign(job, user, leadList(3).csv, { subject: "Old" });
    const { previews } = await user.call("preview_campaign", {
      campaign_id,
      texts: { subject: "Hi {{first_name}}", body: "{{company_name}}, {{shoe_size|no shoes}}" },
      limit: 2,
    });
    expect(previews.map(({ subject, body }) => `${subject}: ${body}`)).toEqual([
      "Hi Ann: Company 0, no shoes",
      "Hi Ann: Company 1, 1",
    ]);
  });
});

describe("a list of leads", () => {
  test("comes back in its own order with a line for each, whatever its rows hold", async () => {
    const csv = [
      "Company;E-Mail;Vorname;Nachname;Icebreaker;Notes",
      'Bäckerei "Söhne" GmbH;anna@soehne.example;Anna;Weiß;;ok',
      "Acme;ANNA@soehne.example;Anna;Again;;the same address",
      '"=cmd|calc";bob@acme.example;Bob;;;"two\nlines"',
      "Nobody;no address at all;N;N;;",
      ";cyd@acme.example;;;My own words;",
      ";dan@acme.example;;;;nothing to say",
    ].join("\r\n");
    const { campaign_id } = await preparedCampaign(job, user, csv, {
      personal_line: "I saw {{company_name}}.",
    });
    expect(
      (await leadsOf(campaign_id)).map(({ email, status, error_code }) => [
        email,
        status,
        error_code,
      ]),
    ).toEqual([
      ["anna@soehne.example", "ready", null],
      ["bob@acme.example", "ready", null],
      [null, "skipped", "invalid_email"],
      ["cyd@acme.example", "ready", null],
      ["dan@acme.example", "failed", "no_line"],
    ]);
    expect(await campaignOf(campaign_id)).toMatchObject({ status: "ready", leads_ready: 3 });
    const rows = await exported(campaign_id);
    expect(
      rows.map(({ email, first_name, personalization, company_name }) => [
        email,
        first_name,
        personalization,
        company_name,
      ]),
    ).toEqual([
      ["anna@soehne.example", "Anna", 'I saw Bäckerei "Söhne" GmbH.', 'Bäckerei "Söhne" GmbH'],
      ["bob@acme.example", "Bob", "I saw =cmd|calc.", "'=cmd|calc"],
      ["cyd@acme.example", "", "My own words", ""],
    ]);
  });

  test("of 10,000 rows comes back complete and in order", async () => {
    const list = leadList(10_000);
    const from = performance.now();
    const { campaign_id } = await preparedCampaign(job, user, list.csv, {
      personal_line: "I saw {{company_name}}.",
    });
    const rows = await exported(campaign_id);
    console.log(`10,000 leads in, prepared and out: ${Math.round(performance.now() - from)} ms`);
    expect(rows.map(({ email }) => email)).toEqual(list.emails);
    expect(rows.every((row) => row.personalization === `I saw ${row.company_name}.`)).toBe(true);
  });

  test("without a column of addresses ends by name and leaves the campaign as it was", async () => {
    const { campaign_id, session_id } = await importedCampaign(
      job,
      user,
      "name,city\nAnn,Ghent",
      {},
    );
    expect(await campaignOf(campaign_id)).toMatchObject({ status: "draft", leads_total: 0 });
    const lines = await sql`
      select from public.otis_progress_events
      where session_id = ${session_id} and level = 'error' and message like '%e-mail%'`;
    expect(lines).toHaveLength(1);
  });
});

describe("personal lines by a language model", () => {
  const TEXTS = { personal_line: "Be brief." };
  const prepare = async ({
    campaign_id,
    session_id,
  }: {
    campaign_id: string;
    session_id: string;
  }) => {
    await user.call("prepare_campaign", { campaign_id, method: "llm" });
    await untilIdle(job, session_id);
  };

  test("come chunk by chunk from facts without addresses; what it leaves out is asked once more, then said by rules", async () => {
    const list = leadList(45);
    const made = await importedCampaign(job, user, list.csv, TEXTS);
    let left = 0;
    model.leavesOut = (lead) =>
      lead.full_name === "Ann Lee 7" || (lead.full_name === "Ann Lee 8" && left++ === 0);
    await prepare(made);
    const leads = await leadsOf(made.campaign_id);
    expect(leads.map(({ status }) => status)).toEqual(list.emails.map(() => "ready"));
    const byModel = leads.map(({ personal_line }) => personal_line?.startsWith("Model: "));
    expect(byModel.filter((is) => !is)).toHaveLength(1);
    expect(byModel[7]).toBe(false);
    expect(model.asked.map((ids) => ids.length)).toEqual([20, 2, 20, 5]);
    expect(model.heard).not.toMatch(/@|example/);
  });

  test("are written for so many leads only as the operator pays for, and by rules for the others", async () => {
    const made = await importedCampaign(job, user, leadList(85).csv, TEXTS);
    await prepare(made);
    const leads = await leadsOf(made.campaign_id);
    expect(leads.map(({ status }) => status)).toEqual(leads.map(() => "ready"));
    expect(model.asked.map((ids) => ids.length)).toEqual([20, 20, 20]);
    const byModel = leads.filter(({ personal_line }) => personal_line?.startsWith("Model: "));
    expect(byModel).toHaveLength(60);
    const said = await sql`
      select from public.otis_progress_events
      where session_id = ${made.session_id} and level = 'warning' and message like 'The model writes 60 lines%'`;
    expect(said).toHaveLength(1);
  });

  test("wait out a storm of 429; an empty account ends by name, and a retry asks only for the rest", async () => {
    const made = await importedCampaign(job, user, leadList(45).csv, TEXTS);
    let requests = 0;
    model.refuse = () => {
      requests++;
      if (requests <= 2)
        return {
          status: 429,
          headers: { "retry-after": "1" },
          body: { error: { message: "slow" } },
        };
      if (requests === 4)
        return { status: 429, body: { error: { code: "insufficient_quota", message: "empty" } } };
      return undefined;
    };
    await prepare(made);
    expect(await campaignOf(made.campaign_id)).toMatchObject({
      status: "failed",
      error_code: "out_of_credit",
      leads_ready: 20,
    });
    await user.call("retry", { target: "campaign", id: made.campaign_id });
    await untilIdle(job, made.session_id);
    expect(await campaignOf(made.campaign_id)).toMatchObject({ status: "ready", leads_ready: 45 });
    const asked = model.asked.flat();
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("are asked for again only as far as they were not kept, when the worker is killed", async () => {
    const made = await importedCampaign(job, user, leadList(60).csv, TEXTS);
    const kills: Promise<void>[] = [];
    model.refuse = () => {
      if (kills.length > 1 || model.asked.length === 0) return undefined;
      kills.push(job.killFunctions());
      return { body: null };
    };
    await user.call("prepare_campaign", { campaign_id: made.campaign_id, method: "llm" });
    await expect.poll(() => kills.length, { timeout: 30_000 }).toBe(2);
    await Promise.all(kills);
    await untilIdle(job, made.session_id);
    expect(await campaignOf(made.campaign_id)).toMatchObject({ status: "ready", leads_ready: 60 });
    expect(model.asked.map((ids) => ids.length)).toEqual([20, 20, 20]);
  });
});

describe("without keys", () => {
  test("nothing is pushed, and the campaign says which key is missing", async () => {
    const { campaign_id, session_id } = await preparedCampaign(
      job,
      user,
      leadList(2).csv,
      { personal_line: "Hi." },
      "instantly",
    );
    await user.call("push_campaign", { campaign_id });
    await untilIdle(job, session_id);
    expect(await campaignOf(campaign_id)).toMatchObject({
      status: "failed",
      error_code: "no_key",
      error_message: expect.stringContaining("INSTANTLY_API_KEY"),
      leads_ready: 2,
    });
  });
});

/** An OpenAI-compatible endpoint that writes a line for each lead. */
async function startModel() {
  const question = z.object({
    messages: z.array(z.object({ role: z.string(), content: z.string() })),
  });
  const asking = z.object({
    leads: z.array(z.object({ id: z.string(), full_name: z.optional(z.string()) })),
  });
  type Lead = z.infer<typeof asking>["leads"][number];
  const state = {
    url: "",
    /** The leads of each request that was answered. */
    asked: [] as string[][],
    /** All that it was ever told. */
    heard: "",
    leavesOut: (_lead: Lead): boolean => false,
    refuse: (): VendorAnswer | undefined => undefined,
  };
  const vendor = await startVendor(({ body }) => {
    const refusal = state.refuse();
    if (refusal !== undefined) return refusal;
    const content =
      question.parse(body).messages.find(({ role }) => role === "user")?.content ?? "";
    state.heard += content;
    const { leads } = asking.parse(JSON.parse(content));
    state.asked.push(leads.map(({ id }) => id));
    const lines = leads
      .filter((lead) => !state.leavesOut(lead))
      .map(({ id, full_name }) => ({ id, line: `Model: ${full_name}` }));
    return { body: { choices: [{ message: { content: JSON.stringify({ lines }) } }] } };
  });
  afterAll(vendor.close);
  state.url = vendor.url;
  return state;
}
