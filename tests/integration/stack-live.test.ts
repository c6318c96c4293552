import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { sharedStack, signUp } from "../support/stack.ts";

const stack = sharedStack();
const sql = postgres(stack.databaseUrl, { max: 1, onnotice() {} });
afterAll(() => sql.end());

test("supabase-js, unmodified: a user receives the changes of her own rows, another none", async () => {
  const [owner, other] = [await signUp(stack), await signUp(stack)];
  const seen = { owner: [] as string[], other: [] as string[] };
  for (const [name, { client }] of Object.entries({ owner, other }) as [
    keyof typeof seen,
    typeof owner,
  ][]) {
    const ready = Promise.withResolvers<void>();
    client
      .channel("sessions")
      .on(
        "postgres_changes",
        { event: "*", schema: "public", table: "otis_workflow_sessions" },
        ({ eventType }) => seen[name].push(eventType),
      )
      .on("system", {}, ({ status, extension }) => {
        if (extension === "postgres_changes" && status === "ok") ready.resolve();
      })
      .subscribe();
    await ready.promise;
  }
  const [row] = await sql`
    insert into public.otis_workflow_sessions (owner_id, name) values (${owner.id}, 'live') returning id
  `;
  await sql`update public.otis_workflow_sessions set name = 'still live' where id = ${row?.id}`;
  await sql`delete from public.otis_workflow_sessions where id = ${row?.id}`;
  await expect.poll(() => seen.owner).toEqual(["INSERT", "UPDATE", "DELETE"]);
  // A DELETE is not checked against policies, as on Supabase, and carries the key alone.
  expect(seen.other.filter((event) => event !== "DELETE")).toEqual([]);
  for (const { client } of [owner, other]) await client.removeAllChannels();
});
