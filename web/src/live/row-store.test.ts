import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Change } from "./delta.ts";
import type { QuerySpec } from "./live-query.ts";
import { BATCH_MS, QUERY_LINGER_MS, RowStore } from "./row-store.ts";
import { ManualClock } from "./testing/manual-clock.ts";

const change = (id: string, revision: number, columns: Record<string, unknown> = {}): Change => ({
  table: "companies",
  id,
  revision,
  row: { id, revision, ...columns },
});

const byName: QuerySpec = {
  table: "companies",
  key: "by-name",
  filter: (row) => row.status !== "removed",
  sort: (a, b) => String(a.name).localeCompare(String(b.name)),
};

describe("the row store", () => {
  let clock: ManualClock;
  let store: RowStore;
  beforeEach(() => {
    clock = new ManualClock();
    store = new RowStore(clock);
  });

  it("shows the first change at once, and what follows in batches 100 ms apart", async () => {
    const heard = vi.fn();
    store.subscribe(heard);
    store.commit([change("a", 1)], 1, true);
    expect(heard).toHaveBeenCalledTimes(1);
    store.commit([change("b", 2)], 2, true);
    store.commit([change("c", 3)], 3, true);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.row("companies", "b")).toBeUndefined();
    await clock.advance(BATCH_MS);
    expect(heard).toHaveBeenCalledTimes(2);
    expect(store.state()).toEqual({ revision: 3, phase: "ready", rows: 3 });
  });

  it("never takes a row back to an older revision", () => {
    store.commit([change("a", 5, { name: "new" })], 5, true);
    store.commit([change("a", 4, { name: "old" })], 5, true);
    expect(store.row("companies", "a")).toMatchObject({ revision: 5, name: "new" });
  });

  it("tells a row's listener of that row only, and once a batch", async () => {
    store.commit([change("a", 1), change("b", 2)], 2, true);
    await clock.advance(BATCH_MS);
    const a = vi.fn();
    const b = vi.fn();
    store.subscribeRow("companies", "a", a);
    store.subscribeRow("companies", "b", b);
    store.commit([change("a", 3), change("a", 4)], 4, true);
    expect(a).toHaveBeenCalledTimes(1);
    expect(b).not.toHaveBeenCalled();
  });

  it("tells nobody of a commit that changes nothing", async () => {
    store.commit([change("a", 1)], 1, true);
    await clock.advance(BATCH_MS);
    const heard = vi.fn();
    store.subscribe(heard);
    store.subscribeRow("companies", "a", heard);
    store.commit([], 1, true);
    await clock.advance(BATCH_MS);
    expect(heard).not.toHaveBeenCalled();
  });

  it("keeps the ids of a query the same array while only rows within them change", async () => {
    store.commit([change("a", 1, { name: "A" }), change("b", 2, { name: "B" })], 2, true);
    const list = vi.fn();
    store.subscribeQuery(byName, list);
    const ids = store.ids(byName);
    await clock.advance(BATCH_MS);
    store.commit([change("a", 3, { name: "A", jobs: 7 })], 3, true);
    expect(store.ids(byName)).toBe(ids);
    expect(list).not.toHaveBeenCalled();
    await clock.advance(BATCH_MS);
    store.commit([change("a", 4, { name: "C" })], 4, true);
    expect(store.ids(byName)).toEqual(["b", "a"]);
    expect(list).toHaveBeenCalledTimes(1);
  });

  it("keeps equal parts of a row the same object", async () => {
    store.commit([change("a", 1, { config: { depth: 2, tags: ["x"] }, step: "one" })], 1, true);
    const before = store.row("companies", "a");
    await clock.advance(BATCH_MS);
    store.commit([change("a", 2, { config: { depth: 2, tags: ["x"] }, step: "two" })], 2, true);
    expect(store.row("companies", "a")).not.toBe(before);
    expect(store.row("companies", "a")?.config).toBe(before?.config);
  });

  it("lets a query go that nobody listens to, at the next change", async () => {
    store.commit([change("a", 1, { name: "A" })], 1, true);
    const ids = store.ids(byName);
    expect(store.ids(byName)).toBe(ids);
    await clock.advance(BATCH_MS);
    store.commit([change("a", 2, { name: "A" })], 2, true);
    expect(store.ids(byName)).not.toBe(ids);
    expect(store.ids(byName)).toEqual(["a"]);
  });

  it("lets a query go some time after its last listener, though nothing changes", async () => {
    store.commit([change("a", 1, { name: "A" })], 1, true);
    const ids = store.ids(byName);
    const leave = store.subscribeQuery(byName, () => {});
    leave();
    await clock.advance(QUERY_LINGER_MS - 1);
    expect(store.ids(byName)).toBe(ids);
    store.subscribeQuery(byName, () => {})();
    const stay = store.subscribeQuery(byName, () => {});
    await clock.advance(QUERY_LINGER_MS);
    expect(store.ids(byName)).toBe(ids);
    stay();
    await clock.advance(QUERY_LINGER_MS);
    expect(store.ids(byName)).not.toBe(ids);
    expect(store.ids(byName)).toEqual(ids);
  });

  it("empties itself on reset and tells everybody", async () => {
    store.commit([change("a", 1, { name: "A" })], 1, true);
    await clock.advance(BATCH_MS);
    const row = vi.fn();
    const list = vi.fn();
    store.subscribeRow("companies", "a", row);
    store.subscribeQuery(byName, list);
    store.reset();
    expect([row, list].map((heard) => heard.mock.calls.length)).toEqual([1, 1]);
    expect(store.ids(byName)).toEqual([]);
    expect(store.state().phase).toBe("loading");
  });

  it("keeps every sorted list equal to sorting the rows afresh", () => {
    const rows = fc.record({
      id: fc.integer({ min: 0, max: 60 }).map(String),
      name: fc.constantFrom("A", "B", "C", "D"),
      status: fc.constantFrom("active", "active", "removed"),
    });
    fc.assert(
      fc.property(fc.array(fc.array(rows, { maxLength: 80 }), { maxLength: 12 }), (batches) => {
        const clock = new ManualClock();
        const store = new RowStore(clock);
        store.subscribeQuery(byName, () => {});
        let revision = 0;
        for (const batch of batches) {
          clock.sleep(BATCH_MS);
          const changes = batch.map(({ id, ...columns }) => {
            revision += 1;
            return change(id, revision, columns);
          });
          store.commit(changes, revision, true);
          const expected = [...store.rows("companies")]
            .filter((row) => row.status !== "removed")
            .toSorted(
              (a, b) =>
                String(a.name).localeCompare(String(b.name)) ||
                (String(a.id) < String(b.id) ? -1 : 1),
            );
          expect(store.ids(byName)).toEqual(expected.map((row) => row.id));
        }
      }),
    );
  });
});

describe("an optimistic patch", () => {
  const clock = new ManualClock();
  let store: RowStore;
  const lay = (key: string, columns: Record<string, unknown>): void =>
    store.lay([{ key, table: "companies", id: "a", change: columns }]);
  beforeEach(() => {
    store = new RowStore(clock);
    store.commit([change("a", 1, { lead: "new", selected: false })], 1, true);
    clock.sleep(BATCH_MS);
  });

  it("shows at once, over the row and in queries", () => {
    const selected: QuerySpec = { table: "companies", key: "sel", filter: (row) => !!row.selected };
    store.subscribeQuery(selected, () => {});
    lay("m1", { selected: true });
    expect(store.row("companies", "a")).toMatchObject({ selected: true, lead: "new" });
    expect(store.ids(selected)).toEqual(["a"]);
  });

  it("stays the same object between changes", () => {
    lay("m1", { selected: true });
    expect(store.row("companies", "a")).toBe(store.row("companies", "a"));
  });

  it("outlives changes that do not contain it, and goes when its revision is passed", () => {
    lay("m1", { selected: true });
    store.commit([change("a", 2, { lead: "won", selected: false })], 2, true);
    expect(store.row("companies", "a")).toMatchObject({ selected: true, lead: "won" });
    store.acknowledge("m1", 3);
    clock.sleep(BATCH_MS);
    store.commit([change("a", 3, { lead: "won", selected: true })], 3, true);
    clock.sleep(BATCH_MS);
    store.commit([change("a", 4, { lead: "won", selected: false })], 4, true);
    expect(store.row("companies", "a")).toMatchObject({ selected: false });
  });

  it("goes when the row agrees, where the server does not say which revision contains it", () => {
    lay("m1", { selected: true });
    store.acknowledge("m1", null);
    expect(store.row("companies", "a")).toMatchObject({ selected: true });
    store.commit([change("a", 2, { selected: true })], 2, true);
    clock.sleep(BATCH_MS);
    store.commit([change("a", 3, { selected: false })], 3, true);
    expect(store.row("companies", "a")).toMatchObject({ selected: false });
  });

  it("goes with a later one of its row, although the row never showed it", () => {
    lay("m1", { selected: true });
    lay("m2", { selected: false });
    store.acknowledge("m1", null);
    store.acknowledge("m2", null);
    store.commit([change("a", 3, { selected: false })], 3, true);
    expect(store.row("companies", "a")).toMatchObject({ selected: false });
  });

  it("renders nothing while other rows change", () => {
    lay("m1", { selected: true });
    const before = store.row("companies", "a");
    const heard = vi.fn();
    store.subscribeRow("companies", "a", heard);
    store.commit([change("b", 2)], 2, true);
    expect(heard).not.toHaveBeenCalled();
    expect(store.row("companies", "a")).toBe(before);
  });

  it("tells its row when it goes", () => {
    lay("m1", { selected: true });
    const heard = vi.fn();
    store.subscribeRow("companies", "a", heard);
    store.acknowledge("m1", 1);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(store.row("companies", "a")).toMatchObject({ selected: false });
  });

  it("is rolled back on refusal, later ones on the same row stay", () => {
    lay("m1", { selected: true });
    lay("m2", { lead: "won" });
    store.rollBack("m1");
    expect(store.row("companies", "a")).toMatchObject({ selected: false, lead: "won" });
    store.rollBack("m2");
    expect(store.row("companies", "a")).toMatchObject({ selected: false, lead: "new" });
  });

  it("waits for a row that is not there yet", () => {
    store.lay([{ key: "m1", table: "companies", id: "b", change: { lead: "won" } }]);
    expect(store.row("companies", "b")).toBeUndefined();
    store.commit([change("b", 2, { lead: "new" })], 2, true);
    expect(store.row("companies", "b")).toMatchObject({ lead: "won" });
  });
});
