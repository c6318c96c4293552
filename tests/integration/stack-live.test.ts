import { expect, test } from "vitest";
import { followNotes } from "../support/note-changes.ts";
import { createNotesTable } from "../support/notes-table.ts";
import { sharedStack, signUp } from "../support/stack.ts";

const stack = sharedStack();

test("supabase-js, unmodified: a user receives her own changes, and another user none of them", async () => {
  await using _table = await createNotesTable(stack, "stack_live_notes");
  const [owner, other] = [await signUp(stack), await signUp(stack)];
  expect(await followNotes(owner.client, other.client, "stack_live_notes")).toEqual({
    owner: ["INSERT 1", "UPDATE 1", "DELETE 1"],
    other: [],
    errors: [],
  });
});
