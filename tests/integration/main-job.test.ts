import { parse } from "csv-parse/sync";
import { afterAll, describe, expect, test } from "vitest";
import { detectSource } from "../../functions/_shared/sources/catalogue.ts";
import { startVendor } from "../contract/vendor-server.ts";
import { newSession, readPostings, score, startMainJob, untilIdle } from "./main-job-harness.ts";

const feed = await startFeed();
afterAll(feed.close);
const job = await startMainJob({ env: { OTIS_ALLOW_PRIVATE_HOSTS: new URL(feed.url).host } });
const { sql } = job;
const { truth } = job.site;
const user = await job.signUp();

describe("the main job over the practice site", () => {
  let session = "";
  const keyOf = (input: string) => detectSource(input)?.key ?? "";
  const scrapeAll = async () => {
    const { run_ids } = await user.call("start_scraping", {
      session_id: session,
      sources: truth.sources.map(({ input }) => ({ input })),
    });
    await untilIdle(job, session);
    return run_ids;
  };

  test("finds every posting of the site exactly once, with its company and place", async () => {
    session = await newSession(user);
    await scrapeAll();
    const found = await readPostings(sql, session);
    const name = (row: { domain: string | null; title: string; city: string | null }) =>
      `${row.domain} | ${row.title} | ${row.city}`;
    expect(found.map(name).sort()).toEqual(truth.postings.map(name).sort());
    const countries = new Map(truth.postings.map((posting) => [name(posting), posting.country]));
    for (const posting of found.filter(({ country }) => country !== null))
      expect(posting.country).toBe(countries.get(name(posting)));
    const isRemote = new Map(truth.postings.map((posting) => [name(posting), posting.remote]));
    const remote = found.filter(({ workplace }) => workplace === "remote");
    expect(remote.length).toBeGreaterThan(1);
    for (const posting of remote) expect(isRemote.get(name(posting))).toBe(true);
  });

  test("names every source that a posting stands in, and makes it one row", async () => {
    const found = await readPostings(sql, session);
    const inputs = new Map(truth.sources.map(({ id, input }) => [id, keyOf(input)]));
    const expected = truth.postings.map(({ domain, title, sources }) => ({
      posting: `${domain} ${title}`,
      sources: sources.map((id) => inputs.get(id)).sort(),
    }));
    for (const { posting, sources } of expected) {
      const row = found.find(({ domain, title }) => `${domain} ${title}` === posting);
      // A list of companies leads to careers pages besides, some of which the user has named already.
      expect(row?.source_keys).toEqual(expect.arrayContaining(sources));
    }
    expect(expected.filter(({ sources }) => sources.length > 1).length).toBeGreaterThan(15);
  });

  test("ends every source in its true outcome, in words where nothing was found", async () => {
    const runs = await sql<{ source_key: string; outcome: string; error_message: string | null }[]>`
      select source_key, outcome, error_message from public.scraping_runs where session_id = ${session}`;
    const [timeless] = await sql`
      select count(*)::int as n from public.scraping_runs
      where session_id = ${session} and (started_at < finished_at) is not true`;
    expect(timeless).toEqual({ n: 0 });
    for (const { input, outcome, note } of truth.sources) {
      const run = runs.find(({ source_key }) => source_key === keyOf(input));
      expect.soft(run?.outcome, `${input}: ${note}`).toBe(outcome);
      if (outcome !== "found") expect.soft(run?.error_message).toMatch(/^\S.{20,}\.$/);
    }
  });

  test("scraped again, changes no posting and no company, and doubles nothing", async () => {
    const read = async () => ({
      postings:
        await sql`select * from public.job_postings where session_id = ${session} order by id`,
      companies:
        await sql`select * from public.session_companies where session_id = ${session} order by id`,
      texts: await sql`
        select t.* from public.job_posting_texts t join public.job_postings p on p.id = t.posting_id
        where p.session_id = ${session} order by 1`,
    });
    const before = await read();
    const again = await scrapeAll();
    expect(again.length).toBe(truth.sources.length);
    expect(await read()).toEqual(before);
  });

  test("enriches the companies with what their own pages say", async () => {
    const companies = await sql<{ company_id: string }[]>`
      select company_id from public.session_companies where session_id = ${session}`;
    await user.call("select_companies", {
      session_id: session,
      company_ids: companies.map(({ company_id }) => company_id),
      selected: true,
    });
    const { batch_id } = await user.call("start_enrichment", { session_id: session });
    await untilIdle(job, session);
    const [batch] = await sql`select * from public.enrichment_batches where id = ${batch_id}`;
    expect(batch).toMatchObject({
      status: "completed",
      completed: truth.companies.length,
      failed: 0,
      cost_spent: "0.0000",
    });

    const contacts = await sql<{ email: string | null; phone: string | null; guessed: boolean }[]>`
      select lower(email) as email, phone, email_status is not distinct from 'guessed' as guessed
      from public.contacts where owner_id = ${user.id}`;
    const addresses = await sql<{ domain: string; address: string }[]>`
      select c.domain, string_agg(f.value, ' ' order by f.key desc) as address
      from public.companies c join public.company_facts f on f.company_id = c.id
      where c.owner_id = ${user.id} and f.key in ('street', 'postal_code', 'city') group by 1`;
    const place = ({ domain, address }: (typeof truth.companies)[number]) =>
      address === null ? [] : [`${domain} ${address.street} ${address.postalCode} ${address.city}`];
    const scores = {
      emails: score(
        contacts.filter(({ guessed }) => !guessed).map(({ email }) => email),
        truth.companies.flatMap(({ emails }) => emails),
      ),
      phones: score(
        contacts.map(({ phone }) => phone),
        truth.companies.flatMap(({ phones }) => phones),
      ),
      addresses: score(
        addresses.map(({ domain, address }) => `${domain} ${address}`),
        truth.companies.flatMap(place),
      ),
    };
    console.table(scores);
    for (const { precision, recall } of Object.values(scores)) {
      expect(precision).toBeGreaterThanOrEqual(0.95);
      expect(recall).toBeGreaterThanOrEqual(0.95);
    }
    const taken = contacts.flatMap(({ email, phone }) => [email, phone]);
    expect(truth.decoys.filter((decoy) => taken.includes(decoy))).toEqual([]);
  });

  test("without a key buys nothing, says which is missing, and keeps what is free", async () => {
    const companies = await sql<{ company_id: string }[]>`
      select company_id from public.session_companies where session_id = ${session} limit 3`;
    const company_ids = companies.map(({ company_id }) => company_id);
    const outcome = async (providers: { provider: "website" | "apollo" }[]) => {
      const { batch_id } = await user.call("start_enrichment", {
        session_id: session,
        company_ids,
        providers,
        cost_ceiling: 100,
      });
      await untilIdle(job, session);
      return sql`
        select distinct status, error_code, error_message like '%APOLLO_API_KEY%' as named, cost::int
        from public.enrichment_status where batch_id = ${batch_id}`;
    };
    expect(await outcome([{ provider: "apollo" }])).toEqual([
      { status: "failed", error_code: "no_key", named: true, cost: 0 },
    ]);
    expect(await outcome([{ provider: "website" }, { provider: "apollo" }])).toEqual([
      { status: "completed", error_code: null, named: true, cost: 0 },
    ]);
  });

  test("says of every value where it comes from", async () => {
    const unsourced = await sql`
      select provider, source_url, method, confidence, cost, found_at, email_status from (
        select provider, source_url, method, confidence, cost, found_at, email_status
        from public.contacts where owner_id = ${user.id}
        union all
        select provider, source_url, method, confidence, cost, found_at, null
        from public.company_facts where owner_id = ${user.id}) v
      where provider <> 'website' or method is null or method = '' or confidence not between 0.01 and 1
        or cost <> 0 or found_at is null or source_url is null
        or (method = 'guessed') <> (email_status is not distinct from 'guessed')`;
    expect(unsourced).toEqual([]);
  });

  test("a campaign by rules speaks of what was found, and its file opens in a spreadsheet", async () => {
    const { campaign_id, leads } = await user.call("create_campaign", {
      session_id: session,
      name: "Käse & Co",
      texts: { subject: "Hi {{first_name|there}}", body: "{{personal_line}}\n\nFrom {{city}}." },
    });
    const [reachable] = await sql<{ n: number }[]>`
      select count(distinct company_id)::int as n from public.contacts
      where owner_id = ${user.id} and email is not null`;
    expect(leads).toBe(reachable?.n);
    expect(leads).toBeGreaterThan(30);
    const { previews, unknown_variables } = await user.call("preview_campaign", { campaign_id });
    expect(unknown_variables).toEqual([]);
    expect(previews.map(({ body }) => body).join()).not.toMatch(/\{\{|null|undefined/);
    expect(await user.call("prepare_campaign", { campaign_id })).toMatchObject({ queued: leads });
    await untilIdle(job, session);
    const rows: Record<string, string>[] = parse(
      await user.exported({ what: "leads", campaign_id, bom: "1" }),
      { bom: true, columns: true },
    );
    const written = await sql`
      select email, personal_line from public.campaign_leads
      where campaign_id = ${campaign_id} order by position`;
    expect(rows.map(({ email, personalization }) => [email, personalization])).toEqual(
      written.map(({ email, personal_line }) => [email, personal_line]),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ status: "ready", error: "" });
      expect(row.personalization).toContain(row.company_name);
    }
  });
});

describe("a source that changes", () => {
  const scrape = async (session_id: string) => {
    const { run_ids } = await user.call("start_scraping", {
      session_id,
      sources: [{ input: `${feed.url}/jobs.xml` }],
    });
    await untilIdle(job, session_id);
    const [run] = await sql`
      select status, outcome, error_message from public.scraping_runs where id = ${run_ids[0] ?? ""}`;
    const rows = await sql<{ id: string; title: string; status: string; revision: string }[]>`
      select id, title, status, revision from public.job_postings
      where session_id = ${session_id} order by title`;
    return { run, rows, byTitle: (title: string) => rows.find((row) => row.title === title) };
  };
  const shown = (rows: readonly { title: string; status: string }[]) =>
    rows.map(({ title, status }) => `${title}: ${status}`);

  test("is followed: new ones come, changed ones move, gone ones close and may come back", async () => {
    const session_id = await newSession(user);
    feed.jobs = [
      { id: 1, title: "Baker" },
      { id: 2, title: "Cook" },
      { id: 3, title: "Driver" },
    ];
    const first = await scrape(session_id);
    expect(shown(first.rows)).toEqual(["Baker: open", "Cook: open", "Driver: open"]);

    feed.jobs = [
      { id: 1, title: "Baker" },
      { id: 2, title: "Cook", salary: "2800 - 3200 EUR per month" },
      { id: 4, title: "Welder" },
    ];
    const second = await scrape(session_id);
    expect(shown(second.rows)).toEqual([
      "Baker: open",
      "Cook: open",
      "Driver: closed",
      "Welder: open",
    ]);
    expect(second.byTitle("Baker")).toEqual(first.byTitle("Baker"));
    expect(Number(second.byTitle("Cook")?.revision)).toBeGreaterThan(
      Number(first.byTitle("Cook")?.revision),
    );

    feed.jobs = [...feed.jobs, { id: 3, title: "Driver" }];
    const third = await scrape(session_id);
    expect(shown(third.rows)).toContain("Driver: open");
    expect(third.byTitle("Driver")?.id).toBe(first.byTitle("Driver")?.id);
    expect(third.rows).toHaveLength(4);
  });

  test("loses nothing while it cannot be read, and all when it is empty", async () => {
    const session_id = await newSession(user);
    feed.jobs = [{ id: 1, title: "Baker" }];
    await scrape(session_id);
    feed.status = 404;
    const gone = await scrape(session_id);
    expect(gone.run).toMatchObject({ status: "failed", outcome: "unknown" });
    expect(shown(gone.rows)).toEqual(["Baker: open"]);
    feed.status = 200;
    feed.jobs = [];
    const empty = await scrape(session_id);
    expect(empty.run).toMatchObject({ status: "completed", outcome: "zero" });
    expect(shown(empty.rows)).toEqual(["Baker: closed"]);
  });
});

/** A feed whose openings and status can be changed. */
async function startFeed() {
  const state = {
    url: "",
    status: 200,
    jobs: [] as { id: number; title: string; salary?: string }[],
  };
  const vendor = await startVendor(({ url }) => {
    if (url.pathname !== "/jobs.xml") return { status: 404, body: "" };
    const items = state.jobs.map(
      ({ id, title, salary = "" }) =>
        `<job><title>${title}</title><referencenumber>${id}</referencenumber><company>Acme</company><city>Ghent</city><salary>${salary}</salary><country>BE</country><url>http://acme.example/${id}</url><description>About ${title}</description></job>`,
    );
    const body = `<?xml version="1.0"?><source><publisher>Acme</publisher>${items.join("")}</source>`;
    return { status: state.status, headers: { "content-type": "application/xml" }, body };
  });
  state.url = vendor.url;
  return Object.assign(state, { close: vendor.close });
}
