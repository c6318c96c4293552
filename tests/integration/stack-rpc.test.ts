import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRpc } from "../../supabase/embedded/gateway/rpc.ts";
import { connectAs, sharedStack, signUp } from "../support/stack.ts";

const stack = sharedStack();
const sql = postgres(stack.databaseUrl, { max: 1, onnotice() {} });

beforeAll(async () => {
  await sql
    .unsafe(`
    create function public.stack_rpc_who(p_note text default 'none') returns jsonb
      language sql stable set search_path = ''
      as $$ select jsonb_build_object('role', current_user, 'id', auth.uid(), 'note', p_note) $$;
    grant execute on function public.stack_rpc_who to anon, authenticated, service_role;
    create function public.stack_rpc_sum(p_values int[], p_at timestamptz) returns int
      language sql stable set search_path = '' as $$ select sum(v)::int from unnest(p_values) as v $$;
    create function public.stack_rpc_rows() returns setof int
      language sql stable set search_path = '' as $$ select generate_series(1, 3) $$;
    create function public.stack_rpc_nothing() returns text
      language sql stable set search_path = '' as $$ select null $$;
    create function public.stack_rpc_refuse() returns int
      language plpgsql set search_path = ''
      as $$ begin raise exception 'not today' using errcode = 'PT409', hint = 'tomorrow'; end $$;
    create function public.stack_rpc_private() returns int
      language sql stable set search_path = '' as $$ select 1 $$;
    revoke execute on function public.stack_rpc_private() from public, anon, authenticated;
  `)
    .simple();
});
afterAll(async () => {
  await sql.unsafe(`
    drop function public.stack_rpc_who, public.stack_rpc_sum, public.stack_rpc_rows,
      public.stack_rpc_nothing, public.stack_rpc_refuse, public.stack_rpc_private
  `);
  await sql.end();
});

test("a call runs under the role and the claims of its key and token", async () => {
  const user = await signUp(stack);
  const who = async (client: typeof user.client) => (await client.rpc("stack_rpc_who")).data;
  expect(await who(user.client)).toEqual({ role: "authenticated", id: user.id, note: "none" });
  const anon = connectAs(stack, stack.publishableKey);
  expect(await who(anon)).toMatchObject({ role: "anon", id: null });
  const service = connectAs(stack, stack.secretKey);
  expect(await who(service)).toMatchObject({ role: "service_role", id: null });
});

test("arguments keep their types, defaults hold, and text is never code", async () => {
  const service = connectAs(stack, stack.secretKey);
  const sum = { p_values: [1, 2, 3], p_at: "2026-01-01T00:00:00Z" };
  expect((await service.rpc("stack_rpc_sum", sum)).data).toBe(6);
  const note = `'); drop table x; -- "`;
  expect((await service.rpc("stack_rpc_who", { p_note: note })).data).toMatchObject({ note });
});

test("plain calls take the short way, all others the long one", async () => {
  const authenticator = new URL(stack.databaseUrl);
  authenticator.username = "authenticator";
  const rpc = createRpc({ ...stack, authenticatorUrl: authenticator.href });
  const call = (name: string, body: object, headers: Record<string, string> = {}) => {
    const incoming = new IncomingMessage(new Socket());
    incoming.method = "POST";
    incoming.url = `/rest/v1/rpc/${name}`;
    incoming.headers = { apikey: stack.secretKey, ...headers };
    return rpc.call(incoming, Buffer.from(JSON.stringify(body)));
  };
  try {
    const sum = { p_values: [1, 2, 3], p_at: "2026-01-01T00:00:00Z" };
    expect(await call("stack_rpc_sum", sum, { "content-profile": "public" })).toBe("6");
    expect(await call("stack_rpc_nothing", {})).toBe("null");
    for (const [name, body, headers] of [
      ["stack_rpc_rows", {}, {}],
      ["stack_rpc_unknown", {}, {}],
      ["stack_rpc_refuse", {}, {}],
      ["stack_rpc_sum", { p_wrong: 1 }, {}],
      ["stack_rpc_nothing", {}, { prefer: "count=exact" }],
      ["stack_rpc_nothing", {}, { "content-profile": "otis" }],
      ["stack_rpc_nothing", {}, { apikey: "sb_secret_guessed" }],
    ] as const) {
      expect(await call(name, body, headers)).toBeUndefined();
    }
  } finally {
    await rpc.close();
  }
});

test("null, sets, and functions asked for by GET come as from PostgREST", async () => {
  const service = connectAs(stack, stack.secretKey);
  expect((await service.rpc("stack_rpc_nothing")).data).toBeNull();
  expect((await service.rpc("stack_rpc_rows")).data).toEqual([1, 2, 3]);
  expect((await service.rpc("stack_rpc_who", {}, { get: true })).data).toMatchObject({
    note: "none",
  });
});

test("refusals carry PostgREST's status and body", async () => {
  const service = connectAs(stack, stack.secretKey);
  const refused = await service.rpc("stack_rpc_refuse");
  expect(refused.status).toBe(409);
  expect(refused.error).toMatchObject({ message: "not today", hint: "tomorrow" });
  const { client } = await signUp(stack);
  expect((await client.rpc("stack_rpc_private")).error?.code).toBe("42501");
  expect((await service.rpc("stack_rpc_sum", { p_wrong: 1 })).error?.code).toBe("PGRST202");
});

test("a forged token and an unknown key are refused", async () => {
  const call = (apikey: string, authorization: string) =>
    fetch(`${stack.apiUrl}/rest/v1/rpc/stack_rpc_who`, {
      method: "POST",
      headers: { apikey, authorization, "content-type": "application/json" },
      body: "{}",
    });
  const forged = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.AAAA";
  expect((await call(stack.publishableKey, `Bearer ${forged}`)).status).toBe(401);
  expect((await call("sb_secret_guessed", `Bearer ${forged}`)).status).toBe(401);
});
