import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { connectAs, sharedStack, signUp } from "../support/stack.ts";

const stack = sharedStack();
/** Supabase's own stack keeps its mails in Mailpit. */
const elsewhere = process.env.API_URL !== undefined;
const sql = postgres(stack.databaseUrl, { max: 2, onnotice() {} });
afterAll(() => sql.end());

test("sign-up, sign-out, sign-in and refresh by supabase-js", async () => {
  const { id, email, client } = await signUp(stack);
  expect((await client.auth.signOut()).error).toBeNull();
  const { data } = await client.auth.signInWithPassword({ email, password: "correct horse" });
  expect(data.user?.id).toBe(id);
  const refreshed = await client.auth.refreshSession();
  expect(refreshed.error).toBeNull();
  expect(refreshed.data.session?.refresh_token).not.toBe(data.session?.refresh_token);
});

test("a wrong password is refused", async () => {
  const { email, client } = await signUp(stack);
  const { error } = await client.auth.signInWithPassword({ email, password: "wrong horse" });
  expect(error?.code).toBe("invalid_credentials");
});

test.skipIf(elsewhere)(
  "the link of a magic-link mail in the mailbox signs in and leads back to the web client",
  async () => {
    const { email } = await signUp(stack);
    const client = connectAs(stack, stack.publishableKey);
    expect((await client.auth.signInWithOtp({ email })).error).toBeNull();
    const mailbox = await fetch(`${stack.apiUrl}/mailbox.json?to=${encodeURIComponent(email)}`);
    const [mail] = await mailbox.json();
    const link = /http\S+verify\S+/.exec(mail.text)?.[0] ?? "";
    expect(link).toMatch(new RegExp(`^${stack.apiUrl}/auth/v1/verify`));
    const verified = await fetch(link, { redirect: "manual" });
    expect(verified.headers.get("location")).toMatch(/^http:\/\/127.0.0.1:5173\/?#access_token=/);
  },
);

test.skipIf(elsewhere)("a page under a foreign name cannot read the mailbox", async () => {
  const { request } = await import("node:http");
  const status = await new Promise((resolve) => {
    request(`${stack.apiUrl}/mailbox`, { headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(403);
});

test("keys mean roles: publishable is anon, secret bypasses row security, others are refused", async () => {
  const { id } = await signUp(stack);
  await sql`insert into public.otis_workflow_sessions (owner_id, name) values (${id}, 'mine')`;
  const count = async (key: string) => {
    const { data, error, status } = await connectAs(stack, key)
      .from("otis_workflow_sessions")
      .select("id")
      .eq("owner_id", id);
    return error ? status : data.length;
  };
  expect(await count(stack.secretKey)).toBe(1);
  expect(await count(stack.publishableKey)).toBe(401);
  expect(await count("sb_secret_guessed")).toBe(401);
});

test("a user sees her own rows and nobody else's", async () => {
  const [owner, other] = [await signUp(stack), await signUp(stack)];
  await sql`insert into public.otis_workflow_sessions (owner_id, name) values (${owner.id}, 'mine')`;
  const names = async ({ client }: typeof owner) =>
    (await client.from("otis_workflow_sessions").select("name")).data;
  expect(await names(owner)).toEqual([{ name: "mine" }]);
  expect(await names(other)).toEqual([]);
});

test("a function of the database answers by rpc, and refuses in PostgREST's words", async () => {
  const { id, client } = await signUp(stack);
  const [session] = await sql`
    insert into public.otis_workflow_sessions (owner_id, name) values (${id}, 'mine') returning id
  `;
  const { data, error } = await client.rpc("session_changes", {
    p_session_id: session?.id,
    p_since: 0,
    p_limit: 10,
  });
  expect(error).toBeNull();
  expect(data).toMatchObject({ more: false, rows: [{ table: "otis_workflow_sessions" }] });
  const missing = await client.rpc("no_such_function");
  expect(missing.error?.code).toBe("PGRST202");
});

test("serving requests grants nobody anything", async () => {
  const grants = () => sql`
    select c.oid::regclass::text as name, c.relacl::text, array_agg(a.attacl::text) as columns
    from pg_class as c
    left join pg_attribute as a on a.attrelid = c.oid and a.attacl is not null
    where c.relnamespace = 'public'::regnamespace
    group by c.oid, c.relacl
    order by 1
  `;
  const before = await grants();
  const { client } = await signUp(stack);
  await client.from("otis_workflow_sessions").select("id");
  expect(await grants()).toEqual(before);
});

test("a table made while running is there for the next request", async () => {
  const name = "stack_api_made_later";
  await sql`create table public.${sql(name)} (id int primary key)`;
  try {
    const service = connectAs(stack, stack.secretKey);
    await expect.poll(async () => (await service.from(name).select("id")).data).toEqual([]);
  } finally {
    await sql`drop table public.${sql(name)}`;
  }
});

test("browsers of any origin may call the API, as on Supabase", async () => {
  const response = await fetch(`${stack.apiUrl}/rest/v1/otis_workflow_sessions`, {
    method: "OPTIONS",
    headers: {
      origin: "http://127.0.0.1:5173",
      "access-control-request-method": "GET",
      "access-control-request-headers": "apikey,authorization",
    },
  });
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("access-control-allow-headers")).toContain("apikey");
});
