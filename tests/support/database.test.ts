import { expect, inject, test } from "vitest";
import { cloneDatabase, testDatabase } from "./database.ts";

const db = await testDatabase();

test("a user acts under her own id and role", async () => {
  const user = await db.createUser();
  const [row] = await db.as(user, (sql) => sql`select auth.uid() as id, current_user as role`);
  expect(row).toEqual({ id: user, role: "authenticated" });
});

test("anon and service_role are nobody in particular", async () => {
  for (const role of ["anon", "service_role"]) {
    const [row] = await db.as(role, (sql) => sql`select auth.uid() as id, auth.role() as role`);
    expect(row).toEqual({ id: null, role });
  }
});

test("a clone sees nothing of another", async () => {
  await db.createUser("only-here@test.local");
  const other = await cloneDatabase(inject("templateUrl"));
  try {
    expect(await other.sql`select from auth.users`).toHaveLength(0);
  } finally {
    await other.drop();
  }
});
