import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();
const guide = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
const queries = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");

it("has a query for each of the ten questions", () => {
  expect(guide.match(/^\d+\. \*\*/gm)).toHaveLength(10);
  expect(queries.length).toBeGreaterThanOrEqual(10);
});

it.each(queries)("runs as printed: %s", async (query) => {
  await expect(db.sql.unsafe(query)).resolves.toBeDefined();
});
