import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { generateTypes } from "../../supabase/embedded/commands/types.ts";
import { ROOT } from "../../supabase/embedded/settings.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();
const cli = fileURLToPath(new URL("../../node_modules/supabase/dist/supabase.js", import.meta.url));
const types = new URL("../../web/src/lib/database.types.ts", import.meta.url);

it("has the committed types of the migrated database (npm run types writes them)", async () => {
  expect(await generateTypes(ROOT, db.url)).toBe(readFileSync(types, "utf8"));
});

it("gives Supabase's advisors nothing to report", async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [cli, "db", "advisors", `--remote=${db.url}`],
    { env: { ...process.env, PGSSLMODE: "disable", DO_NOT_TRACK: "1", NO_COLOR: "1" } },
  );
  expect(stdout + stderr).toContain("No issues found");
});
