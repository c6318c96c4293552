import type { Pgoutput } from "pg-logical-replication";
import { expect, test } from "vitest";
import type { Change } from "./change.ts";
import { Feed } from "./feed.ts";

const relation: Pgoutput.MessageRelation = {
  tag: "relation",
  relationOid: 7,
  schema: "public",
  name: "notes",
  replicaIdentity: "default",
  columns: [],
  keyColumns: ["id"],
};
const insert = (id: number, body = ""): Pgoutput.Message => ({
  tag: "insert",
  relation,
  new: { id: String(id), body },
});
const begin: Pgoutput.Message = {
  tag: "begin",
  commitLsn: "0/1",
  commitTime: 1_700_000_000_123_456n,
  xid: -1,
};
const commit: Pgoutput.Message = {
  tag: "commit",
  flags: 0,
  commitLsn: "0/1",
  commitEndLsn: "0/2",
  commitTime: 0n,
};

/** A feed whose deliveries wait until they are told to end. */
function makeFeed() {
  const log: string[] = [];
  const open: PromiseWithResolvers<void>[] = [];
  const feed = new Feed({
    delivery: {
      deliver(changes: readonly Change[]) {
        log.push(changes.map((change) => change.record.id).join());
        const delivery = Promise.withResolvers<void>();
        open.push(delivery);
        return delivery.promise;
      },
    },
    states: { forget: (oid) => log.push(`forget ${oid}`), clear: () => log.push("clear") },
    horizon: { note: (xid) => log.push(`note ${xid}`), clear() {} },
    onFailure: (error) => log.push(String(error)),
  });
  return { feed, log, open };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a transaction is delivered when it ends, the next ones together while that takes", async () => {
  const { feed, log, open } = makeFeed();
  for (const id of [1, 2]) feed.push(insert(id));
  expect(log).toEqual([]);
  feed.push(commit);
  for (const id of [3, 4]) {
    feed.push(insert(id));
    feed.push(commit);
  }
  open[0]?.resolve();
  await turn();
  expect(log).toEqual(["1,2", "3,4"]);
});

test("a table that changes between two rows changes between their deliveries", async () => {
  const { feed, log, open } = makeFeed();
  for (const message of [relation, insert(1), relation, insert(2), commit]) feed.push(message);
  expect(log).toEqual(["forget 7", "1"]);
  open[0]?.resolve();
  await turn();
  expect(log).toEqual(["forget 7", "1", "forget 7", "2"]);
});

test("changes carry the time of their commit to the millisecond", async () => {
  let committedAt = "";
  const feed = new Feed({
    delivery: {
      async deliver([change]) {
        committedAt = change?.committedAt ?? "";
      },
    },
    states: { forget() {}, clear() {} },
    horizon: { note() {}, clear() {} },
    onFailure() {},
  });
  for (const message of [begin, insert(1), commit]) feed.push(message);
  expect(committedAt).toBe("2023-11-14T22:13:20.123Z");
  expect(feed.changes).toBe(1);
});

test("when too much waits nothing more is taken until half is gone, even within a transaction", async () => {
  const { feed, open } = makeFeed();
  let full: Promise<void> | undefined;
  let taken = 0;
  while (!full) {
    taken += 1;
    full = feed.push(insert(taken, "x".repeat(1024 * 1024)));
  }
  expect(taken).toBe(16);
  let resumed = false;
  full.then(() => {
    resumed = true;
  });
  await turn();
  expect(resumed).toBe(false);
  open[0]?.resolve();
  await turn();
  expect(resumed).toBe(true);
});

test("when the stream breaks what waits is dropped, and the next stream is not held up by the last", async () => {
  const { feed, log, open } = makeFeed();
  feed.push(insert(1));
  feed.push(commit);
  feed.push(insert(2));
  feed.reset();
  feed.push(insert(3));
  feed.push(commit);
  open[0]?.reject(new Error("gone"));
  await turn();
  expect(log).toEqual(["1", "clear", "3"]);
});

test("a delivery that fails is reported once", async () => {
  const { feed, log, open } = makeFeed();
  feed.push(insert(1));
  feed.push(commit);
  open[0]?.reject(new Error("Postgres is gone"));
  await turn();
  expect(log).toEqual(["1", "Error: Postgres is gone"]);
});
