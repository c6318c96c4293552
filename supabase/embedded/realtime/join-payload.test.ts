import fc from "fast-check";
import { expect, test } from "vitest";
import { readJoin } from "./join-payload.ts";

test("what the client sends is read", () => {
  const entries = [{ event: "*", schema: "public", table: "notes" }];
  const config = {
    broadcast: { ack: true, self: false },
    presence: { key: "", enabled: true },
    postgres_changes: entries,
    postgres_changes_options: { wait: true, timeout: 60_000 },
    private: false,
  };
  expect(readJoin({ config, access_token: "token" })).toEqual({
    token: "token",
    entries,
    acknowledgeBroadcasts: true,
    presence: true,
    waitMs: 20_000,
  });
});

test("an API key instead of a token means that there is no user", () => {
  expect(readJoin({ access_token: "sb_publishable_x" }).token).toBeUndefined();
});

test("one part that makes no sense does not spoil the others", () => {
  const entries = [{ table: "notes" }];
  const config = { broadcast: "yes", presence: null, postgres_changes: [...entries, null] };
  expect(readJoin({ config }).entries).toEqual(entries);
});

test("whatever comes is read as something", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (payload, config) => {
      expect(readJoin(payload).entries).toBeInstanceOf(Array);
      expect(readJoin({ config }).entries).toBeInstanceOf(Array);
    }),
  );
});
