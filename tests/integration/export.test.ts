import { randomUUID } from "node:crypto";
import { createServerClient } from "@supabase/ssr";
import { parse } from "csv-parse/sync";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExportName, exports } from "../../functions/_shared/export/queries.ts";
import { sharedStack, signUp } from "../support/stack.ts";

const stack = sharedStack();
const sql = postgres(stack.databaseUrl, { max: 2, onnotice() {} });
afterAll(() => sql.end());

const user = await signUp(stack);
const token = (await user.client.auth.getSession()).data.session?.access_token ?? "";
const ids = { session_id: "", campaign_id: "" };
const NASTY = [
  '=HYPERLINK("http://evil.example","x")',
  "+49 30 1234",
  "@SUM(A1)",
  'Käse; "süß"\nzweite Zeile',
];

const get = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${stack.apiUrl}/functions/v1/export?${new URLSearchParams(query)}`, { headers });
const mine = (query: Record<string, string>, init: Record<string, string> = {}) =>
  get(query, { authorization: `Bearer ${token}`, ...init });
const idOf = (what: ExportName) =>
  exports[what].needs === "session"
    ? { session_id: ids.session_id }
    : { campaign_id: ids.campaign_id };

beforeAll(async () => {
  const [session] = await sql<{ id: string }[]>`
    insert into public.otis_workflow_sessions (owner_id, name) values (${user.id}, 'Größe & "Co"') returning id`;
  ids.session_id = session?.id ?? "";
  await sql.begin(async (transaction) => {
    for (const [index, name] of NASTY.entries()) {
      const domain = `company${index}.example`;
      await transaction`
        with company as (
          insert into public.companies (owner_id, name, normalised_name, domain, description)
          values (${user.id}, ${name}, ${domain}, ${domain}, ${name}) returning id
        )
        insert into public.contacts (owner_id, company_id, kind, full_name, email, email_status, value_key, provider, confidence)
        select ${user.id}, id, 'person', ${name}, ${`ann@${domain}`}, 'found', ${`person:${index}`}, 'website', 0.9 from company`;
    }
    await transaction`select otis.lock_sessions(array[${ids.session_id}]::uuid[])`;
    await transaction`
      select otis.show_companies(${ids.session_id}, array(select id from public.companies where owner_id = ${user.id}))`;
    await transaction`
      with run as (
        insert into public.scraping_runs (session_id, source_kind, source_key, source_label)
        values (${ids.session_id}, 'feed', 'feed:x', '=a feed') returning id
      )
      insert into public.job_postings (session_id, company_id, run_id, dedupe_key, title)
      select ${ids.session_id}, c.id, run.id, 'key:' || c.domain, c.name
      from run, public.companies c where c.owner_id = ${user.id}`;
  });
  const made = await user.client.rpc("create_campaign", {
    p_session_id: ids.session_id,
    p_name: "Größe",
    p_company_ids: (await sql`select id from public.companies where owner_id = ${user.id}`).map(
      ({ id }) => id,
    ),
  });
  if (made.error) throw made.error;
  ids.campaign_id = made.data.campaign_id;
  await sql`
    insert into public.otis_progress_events (session_id, owner_id, event_type, message)
    select ${ids.session_id}, ${user.id}, 'test', n || repeat(' filler', 60) from generate_series(1, 20000) n`;
});

describe("an export", () => {
  test.each(Object.keys(exports) as ExportName[])(
    "of %s has its columns and all its rows",
    async (what) => {
      const response = await mine({ what, ...idOf(what) });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("content-disposition")).toMatch(
        new RegExp(`^attachment; filename="gro-?e[a-z-]*-${what}\\.csv"$`),
      );
      const [head, ...rows]: string[][] = parse(await response.text());
      expect(head).toEqual([...exports[what].columns]);
      const expected = { events: 20_000, runs: 1, results: 6 }[what as string] ?? NASTY.length;
      expect(rows.length).toBeGreaterThanOrEqual(expected);
      expect(rows.every((row) => row.length === head?.length)).toBe(true);
    },
  );

  test("carries no formula into a spreadsheet, and every character as it is to a machine", async () => {
    const names = async (query: Record<string, string>) => {
      const text = await (await mine({ what: "companies", ...ids, ...query })).text();
      const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
      return rows.map(({ company }) => company ?? "").sort();
    };
    expect(await names({ raw: "1" })).toEqual([...NASTY].sort());
    for (const name of await names({})) expect(name).not.toMatch(/^\s*[=+\-@]/);
    expect((await names({})).map((name) => name.replace(/^'/, "")).sort()).toEqual(
      [...NASTY].sort(),
    );
  });

  test("begins with a byte order mark only on demand", async () => {
    const start = async (query: Record<string, string>) =>
      Buffer.from(await (await mine({ what: "runs", ...ids, ...query })).arrayBuffer()).subarray(
        0,
        3,
      );
    expect((await start({ bom: "1" })).toString("hex")).toBe("efbbbf");
    expect((await start({})).toString()).toBe("sou");
  });

  test("that makes no sense is refused by name", async () => {
    const codes = async (response: Response) => [
      response.status,
      (await response.json()).error.code,
    ];
    expect(await codes(await mine({ what: "passwords", ...ids }))).toEqual([400, "invalid_input"]);
    expect(await codes(await mine({ what: "leads", session_id: ids.session_id }))).toEqual([
      400,
      "invalid_input",
    ]);
    expect(await codes(await mine({ what: "runs", session_id: "x" }))).toEqual([
      400,
      "invalid_input",
    ]);
    const posted = await fetch(`${stack.apiUrl}/functions/v1/export`, { method: "POST" });
    expect(await codes(posted)).toEqual([405, "method_not_allowed"]);
  });
});

describe("who may download", () => {
  test("is the owner alone: others find nothing, and without a sign-in there is nothing", async () => {
    const other = await signUp(stack);
    const theirs = (await other.client.auth.getSession()).data.session?.access_token;
    const statuses = async (headers: Record<string, string>) => {
      const answers = await Promise.all([
        get({ what: "postings", ...ids }, headers),
        get({ what: "leads", ...ids }, headers),
      ]);
      for (const answer of answers) expect(await answer.text()).not.toContain("HYPERLINK");
      return answers.map(({ status }) => status);
    };
    expect(await statuses({ authorization: `Bearer ${theirs}` })).toEqual([404, 404]);
    expect(await statuses({})).toEqual([401, 401]);
    expect(await statuses({ authorization: `Bearer ${stack.publishableKey}` })).toEqual([401, 401]);
    expect(await statuses({ authorization: "Bearer nonsense" })).toEqual([401, 401]);
    expect(await statuses({ cookie: "sb-127-auth-token=base64-e30" })).toEqual([401, 401]);
    const [header = "", , signature = ""] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ sub: user.id, role: "authenticated", exp: 9e9 }));
    expect(
      await statuses({
        authorization: `Bearer ${header}.${forged.toString("base64url")}.${signature}`,
      }),
    ).toEqual([401, 401]);
  });

  test("is let in by the session cookie of @supabase/ssr, so that a plain link works", async () => {
    const jar = new Map<string, string>();
    const client = createServerClient(stack.apiUrl, stack.publishableKey, {
      cookies: {
        getAll: () => [...jar].map(([name, value]) => ({ name, value })),
        setAll: (cookies) => {
          for (const { name, value } of cookies) jar.set(name, value);
        },
      },
    });
    const { data } = await user.client.auth.getSession();
    const { error } = await client.auth.setSession({
      access_token: data.session?.access_token ?? "",
      refresh_token: data.session?.refresh_token ?? "",
    });
    expect(error).toBeNull();
    const cookie = [...jar]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("; ");
    const response = await get({ what: "runs", ...ids }, { cookie });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("a feed");
  });
});

describe("a reader", () => {
  /** Exports that have begun and hold their snapshot. */
  const open = async () => {
    const rows = await sql`
      select from pg_stat_activity
      where state in ('idle in transaction', 'active') and query ~ 'otis_progress_events e' and pid <> pg_backend_pid()`;
    return rows.length;
  };

  test("who is slow gets everything as it was when she asked", async () => {
    const response = await mine({ what: "events", ...ids });
    const reader = response.body?.getReader();
    // The head goes out before the rows are asked for; with the first rows the snapshot stands.
    const chunks = [(await reader?.read())?.value, (await reader?.read())?.value];
    await expect.poll(open, { timeout: 10_000 }).toBe(1);
    await sql`
      insert into public.otis_progress_events (session_id, owner_id, event_type, message)
      values (${ids.session_id}, ${user.id}, 'test', ${`too late ${randomUUID()}`})`;
    for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read())
      chunks.push(chunk.value);
    const text = Buffer.concat(chunks.filter((chunk) => chunk !== undefined)).toString();
    const rows: string[][] = parse(text, { from: 2 });
    expect(rows).toHaveLength(20_000);
    expect(text).not.toContain("too late");
    await expect.poll(open).toBe(0);
  });

  test("who goes away leaves nothing open", async () => {
    const gone = new AbortController();
    const response = await fetch(
      `${stack.apiUrl}/functions/v1/export?${new URLSearchParams({ what: "events", ...ids })}`,
      { headers: { authorization: `Bearer ${token}` }, signal: gone.signal },
    );
    await response.body?.getReader().read();
    await expect.poll(open, { timeout: 10_000 }).toBe(1);
    gone.abort();
    await expect.poll(open, { timeout: 10_000 }).toBe(0);
    expect((await mine({ what: "runs", ...ids })).status).toBe(200);
  });
});
