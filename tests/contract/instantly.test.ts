import { afterEach, describe, expect, it } from "vitest";
import {
  activate,
  addLeads,
  ensureDraft,
  instantlySettings,
  listLeads,
  readAnalytics,
  removeLead,
} from "../../functions/_shared/campaigns/instantly.ts";
import { startVendor, type VendorAnswer, type VendorRequest } from "./vendor-server.ts";

const signal = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function instantly(
  answer: (request: VendorRequest, nth: number) => VendorAnswer,
  key = "secret",
) {
  const vendor = await startVendor(answer);
  closing.push(vendor.close);
  const settings = instantlySettings(
    { OTIS_ENDPOINT_INSTANTLY: vendor.url, INSTANTLY_API_KEY: key },
    fetch,
  );
  return { ...vendor, settings };
}

const draft = { name: "Planners (otis 1)", subject: "Hello", body: "Dear {{first_name}}" };
const lead = (email: string) => ({
  email,
  first_name: null,
  last_name: null,
  company_name: null,
  personalization: null,
});

describe("Instantly", () => {
  it("makes a draft once: a second call finds it by name", async () => {
    const made: { id: string; name: string }[] = [];
    const { settings, requests } = await instantly((request) => {
      if (request.method === "POST") {
        const { name } = request.body as { name: string };
        made.push({ id: `c${made.length + 1}`, name });
        return { body: { id: made.at(-1)?.id } };
      }
      // The search of the API matches parts of names too.
      return { body: { items: [{ id: "other", name: `${draft.name}1` }, ...made] } };
    });
    expect(await ensureDraft(settings, draft, signal)).toBe("c1");
    expect(await ensureDraft(settings, draft, signal)).toBe("c1");
    expect(made).toHaveLength(1);
    expect(requests[0]?.headers.authorization).toBe("Bearer secret");
    expect(requests[1]?.body).toMatchObject({
      insert_unsubscribe_header: true,
      stop_on_reply: true,
    });
  });

  it("maps added leads back by index, and says which it skipped", async () => {
    const { settings, requests } = await instantly(() => ({
      body: {
        leads_uploaded: 1,
        duplicated_leads: 1,
        in_blocklist: 0,
        invalid_email_count: 0,
        created_leads: [{ index: 1, id: "l1", email: "b@b.example" }],
      },
    }));
    const added = await addLeads(
      settings,
      "c1",
      [lead("a@a.example"), lead("b@b.example")],
      signal,
    );
    expect(added).toEqual({
      ids: new Map([[1, "l1"]]),
      duplicated: 1,
      elsewhere: 0,
      blocked: 0,
      invalid: 0,
    });
    expect(requests[0]?.body).toMatchObject({ campaign_id: "c1", skip_if_in_campaign: true });
  });

  it("activates and reads what came of it", async () => {
    const { settings } = await instantly(({ url }) =>
      url.pathname.endsWith("/analytics")
        ? {
            body: [{ emails_sent_count: 10, reply_count: 2, bounced_count: 1, campaign_status: 3 }],
          }
        : { body: {} },
    );
    await activate(settings, "c1", signal);
    expect(await readAnalytics(settings, "c1", signal)).toEqual({
      sent: 10,
      replied: 2,
      bounced: 1,
      unsubscribed: 0,
      completed: true,
    });
  });

  it("lists leads page by page, and asks for no page after an empty one", async () => {
    const { settings, requests } = await instantly((_, nth) => ({
      body:
        nth === 1
          ? { items: [{ id: "l1", email: "A@a.example" }], next_starting_after: "l1" }
          : { items: [], next_starting_after: "l1" },
    }));
    const filter = "FILTER_VAL_REPLIED";
    const first = await listLeads(settings, "c1", { filter }, signal);
    expect(first).toEqual({ leads: [{ id: "l1", email: "a@a.example" }], next: "l1" });
    expect(await listLeads(settings, "c1", { filter, after: first.next }, signal)).toEqual({
      leads: [],
      next: null,
    });
    expect(requests.map(({ body }) => body)).toEqual([
      { campaign: "c1", limit: 100, filter },
      { campaign: "c1", limit: 100, filter, starting_after: "l1" },
    ]);
  });

  it("takes a lead out, and is content when it is gone already", async () => {
    const { settings, requests } = await instantly((_, nth) => ({
      status: nth === 1 ? 200 : 404,
      body: {},
    }));
    await removeLead(settings, "l1", signal);
    await removeLead(settings, "l1", signal);
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      "DELETE /api/v2/leads/l1",
      "DELETE /api/v2/leads/l1",
    ]);
  });

  it.each([
    [401, { message: "Invalid API key" }, "key_refused", false],
    [
      402,
      { statusCode: 402, error: "Payment Required", message: "Upgrade" },
      "out_of_credit",
      false,
    ],
    [429, {}, "rate_limited", true],
    [400, { message: "bad timezone" }, "bad_request", false],
    [500, "oops", "vendor_down", true],
    [200, { unexpected: true }, "vendor_down", true],
    [200, null, "vendor_down", true],
  ])("turns HTTP %s %j into %s", async (status, body, code, retryable) => {
    const { settings } = await instantly(() => ({ status, body, headers: { "retry-after": "7" } }));
    const failed = ensureDraft(settings, draft, signal);
    await expect(failed).rejects.toMatchObject({ code, retryable });
    if (status === 429) await expect(failed).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });

  it("sends nothing without a key", async () => {
    const { settings, requests } = await instantly(() => ({}), "");
    await expect(activate(settings, "c1", signal)).rejects.toMatchObject({ code: "no_key" });
    expect(requests).toHaveLength(0);
  });

  it("stops at once when aborted, with the abort's own reason", async () => {
    const { settings } = await instantly(() => ({}));
    const reason = new Error("cancelled");
    await expect(activate(settings, "c1", AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
