import { afterEach, describe, expect, test } from "vitest";
import { leadList, preparedCampaign } from "./campaign-harness.ts";
import { type Call, startInstantly } from "./instantly-account.ts";
import { startMainJob, untilIdle } from "./main-job-harness.ts";

const account = await startInstantly();
const job = await startMainJob({ env: account.env });
const { sql } = job;
const user = await job.signUp();

afterEach(() => {
  account.refuse = () => undefined;
  account.answering = () => undefined;
  account.calls.length = 0;
  account.blocked.clear();
  account.invalid.clear();
});

const TEXTS = {
  subject: "Hello {{first_name|there}}",
  body: "{{personal_line}} Your shoes: {{shoe_size|unknown}}. {{sender_name}}",
  personal_line: "I saw {{company_name}}.",
  unsubscribe_text: "Say stop.",
  sender: { name: "Eva" },
};
const prepared = (csv: string) => preparedCampaign(job, user, csv, TEXTS, "instantly");
type Made = Awaited<ReturnType<typeof prepared>>;

async function push({ campaign_id, session_id }: Made): Promise<void> {
  await user.call("push_campaign", { campaign_id });
  await untilIdle(job, session_id);
}
const campaignOf = async ({ campaign_id }: Made) => {
  const [row] = await sql`select * from public.campaigns where id = ${campaign_id}`;
  return row;
};
const leadsOf = ({ campaign_id }: Made) =>
  sql<
    { email: string; status: string; error_code: string | null; provider_lead_id: string | null }[]
  >`select email, status, error_code, provider_lead_id from public.campaign_leads
    where campaign_id = ${campaign_id} order by position`;
const there = async (made: Made) => {
  const name = (await campaignOf(made))?.name ?? "";
  const found = account.campaigns.filter((campaign) => campaign.name.startsWith(name));
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} campaigns`);
  return found[0];
};

/** Kills the worker at each of these moments in turn. */
function killAt(moments: readonly (readonly ["before" | "after", Call])[]) {
  const kills: Promise<void>[] = [];
  const reached = (when: string, call: Call) => {
    const next = moments[kills.length];
    if (next?.[0] !== when || next[1] !== call) return undefined;
    kills.push(job.killFunctions());
    return null;
  };
  account.refuse = (call) => (reached("before", call) === null ? { body: null } : undefined);
  account.answering = (call) => reached("after", call);
  return kills;
}

describe("a push to Instantly", () => {
  test("goes in pages of 1,000 and reads there as its preview did", async () => {
    const list = leadList(2500);
    const made = await prepared(list.csv);
    const { previews } = await user.call("preview_campaign", {
      campaign_id: made.campaign_id,
      limit: 2,
    });
    await push(made);
    expect(await campaignOf(made)).toMatchObject({ status: "ready", leads_sent: 2500 });
    expect(account.calls).toEqual(["search", "create", "add", "add", "add"]);
    const campaign = await there(made);
    expect([...campaign.leads.keys()]).toEqual(list.emails);
    const own = new Map(
      (await leadsOf(made)).map(({ email, provider_lead_id }) => [email, provider_lead_id]),
    );
    for (const lead of campaign.leads.values()) expect(own.get(lead.email)).toBe(lead.id);
    const rendered = previews.map(({ email }) => {
      const lead = campaign.leads.get(email ?? "");
      return campaign.body
        .replace("{{personalization}}", lead?.personalization ?? "")
        .replace(/\{\{(\w+)\}\}/g, (_, key: string) => lead?.custom_variables[key] ?? "?");
    });
    expect(rendered).toEqual(previews.map(({ body }) => `${body}\n\nSay stop.`));
    expect(rendered[0]).toContain("Your shoes: unknown.");
    expect(rendered[1]).toContain("Your shoes: 1.");
  });

  test("killed at every step pushes nobody twice and loses nobody", async () => {
    const list = leadList(1500);
    const made = await prepared(list.csv);
    const kills = killAt([
      ["before", "search"],
      ["after", "create"],
      ["before", "add"],
      ["after", "add"],
      ["after", "list"],
    ]);
    await user.call("push_campaign", { campaign_id: made.campaign_id });
    await expect.poll(() => kills.length, { timeout: 90_000 }).toBe(5);
    await Promise.all(kills);
    await untilIdle(job, made.session_id);
    const campaign = await there(made);
    expect([...campaign.leads.keys()].sort()).toEqual([...list.emails].sort());
    for (const { email, status, provider_lead_id } of await leadsOf(made)) {
      expect(status).toBe("sent");
      expect(provider_lead_id).toBe(campaign.leads.get(email)?.id);
    }
    expect(await campaignOf(made)).toMatchObject({ status: "ready", leads_sent: 1500 });
  });

  test("says of each lead that is not taken why, also when the page came twice", async () => {
    const list = leadList(8);
    const [a = "", b = "", c = ""] = list.emails;
    account.blocked.add(a);
    account.invalid.add(b);
    const made = await prepared(list.csv);
    const kills = killAt([["after", "add"]]);
    await user.call("push_campaign", { campaign_id: made.campaign_id });
    await expect.poll(() => kills.length, { timeout: 10_000 }).toBe(1);
    await Promise.all(kills);
    await untilIdle(job, made.session_id);
    const leads = await leadsOf(made);
    expect(leads.map(({ status }) => status)).toEqual([
      "skipped",
      "skipped",
      ...Array.from({ length: 6 }, () => "sent"),
    ]);
    expect(leads.slice(0, 2).map(({ error_code }) => error_code)).toEqual([
      "not_taken",
      "not_taken",
    ]);

    const other = await prepared(`email,company,shoe size\n${a},Ace,1\nnew@x.example,X,2`);
    await push(other);
    expect((await leadsOf(other)).map(({ error_code }) => error_code)).toEqual(["blocked", null]);
    const third = await prepared(`email,company,shoe size\n${c},Ace,1\nnewer@x.example,X,2`);
    await push(third);
    expect((await leadsOf(third)).map(({ error_code }) => error_code)).toEqual([
      "known_elsewhere",
      null,
    ]);
  });

  test.each([
    ["a refused key", { status: 401, body: { message: "Invalid" } }, "key_refused"],
    ["an account without a plan", { status: 402, body: { message: "Upgrade" } }, "out_of_credit"],
  ])("ends by name with %s, and a retry goes on", async (_, answer, code) => {
    const made = await prepared(leadList(3).csv);
    account.refuse = () => answer;
    await push(made);
    expect(await campaignOf(made)).toMatchObject({ status: "failed", error_code: code });
    account.refuse = () => undefined;
    await user.call("retry", { target: "campaign", id: made.campaign_id });
    await untilIdle(job, made.session_id);
    expect(await campaignOf(made)).toMatchObject({
      status: "ready",
      leads_sent: 3,
      error_code: null,
    });
  });
});

describe("a pushed campaign", () => {
  test("is started, and tells who replied, bounced or left", async () => {
    const list = leadList(250);
    const made = await prepared(list.csv);
    await push(made);
    await user.call("activate_campaign", { campaign_id: made.campaign_id });
    await untilIdle(job, made.session_id);
    const campaign = await there(made);
    expect(campaign.active).toBe(true);
    expect(await campaignOf(made)).toMatchObject({ status: "active" });
    for (const [index, lead] of [...campaign.leads.values()].entries()) {
      if (index < 120) lead.state = "replied";
      else if (index < 122) lead.state = "bounced";
      else if (index < 124) lead.state = "unsubscribed";
    }
    for (let again = 0; again < 2; again++) {
      await user.call("refresh_analytics", { campaign_id: made.campaign_id });
      await untilIdle(job, made.session_id);
      const statuses = (await leadsOf(made)).map(({ status }) => status);
      const count = (of: string) => statuses.filter((status) => status === of).length;
      expect([count("replied"), count("bounced"), count("unsubscribed"), count("sent")]).toEqual([
        120, 2, 2, 126,
      ]);
    }
    const left = list.emails[122] ?? "";
    const { data } = await user.client.rpc("is_suppressed", { p_email: left });
    expect(data).toBe(true);
    const results = await user.exported({ what: "results", session_id: made.session_id });
    expect(results).toContain("funnel,replied,120");
  });
});
