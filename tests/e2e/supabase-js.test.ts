import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { installChromium } from "../../supabase/embedded/commands/chromium.ts";
import { followNotes } from "../support/note-changes.ts";
import { createNotesTable } from "../support/notes-table.ts";
import { sharedStack } from "../support/stack.ts";

const stack = sharedStack();
const library = fileURLToPath(
  new URL("../../node_modules/@supabase/supabase-js/dist/umd/supabase.js", import.meta.url),
);

test("supabase-js, unmodified, in Chromium: sign up, write, and receive one's own changes only", async () => {
  await using _table = await createNotesTable(stack, "stack_browser_notes");
  const browser = await chromium.launch({
    executablePath: installChromium(process.env),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: library });
    const users = ["a", "b"].map((name) => ({
      email: `${name}-${randomUUID()}@test.local`,
      password: "correct horse",
    }));
    const seen = await page.evaluate(`(async () => {
      const clients = [];
      for (const user of ${JSON.stringify(users)}) {
        const client = supabase.createClient("${stack.apiUrl}", "${stack.publishableKey}", {
          auth: { persistSession: false },
        });
        const { error } = await client.auth.signUp(user);
        if (error) throw error;
        clients.push(client);
      }
      return (${followNotes})(clients[0], clients[1], "stack_browser_notes");
    })()`);
    expect(seen).toEqual({ owner: ["INSERT 1", "UPDATE 1", "DELETE 1"], other: [], errors: [] });
  } finally {
    await browser.close();
  }
});
