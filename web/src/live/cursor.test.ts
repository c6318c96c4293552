import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cursor, MAX_WAITING, REORDER_MS, STREAM_MS } from "./cursor.ts";
import type { Change } from "./delta.ts";

const row = (revision: number): Change => ({
  table: "companies",
  id: `row-${revision}`,
  revision,
  row: { id: `row-${revision}`, revision },
});
const pulse = (revision: number): Change => ({ ...row(revision), table: "sessions" });
const revisions = (changes: readonly Change[]): number[] => changes.map(({ revision }) => revision);

describe("the cursor", () => {
  it("releases a statement's rows only with the pulse that closes it", () => {
    const cursor = new Cursor("sessions", 10);
    expect(cursor.offer(row(11), 0)).toBe("waiting");
    expect(cursor.offer(row(12), 1)).toBe("waiting");
    expect(cursor.release(1)).toEqual([]);
    expect(cursor.offer(pulse(13), 2)).toBe("closed");
    expect(revisions(cursor.release(2))).toEqual([11, 12, 13]);
    expect(cursor.revision).toBe(13);
  });

  it("drops what it has seen: stale, and doubled while waiting", () => {
    const cursor = new Cursor("sessions", 10);
    expect(cursor.offer(row(10), 0)).toBe("stale");
    cursor.offer(row(11), 0);
    expect(cursor.offer(row(11), 0)).toBe("doubled");
  });

  it("holds changes above a hole and asks for a delta read after 150 ms", () => {
    const cursor = new Cursor("sessions", 10);
    expect(cursor.dueAt).toBeNull();
    cursor.offer(pulse(12), 1_000);
    expect(cursor.release(1_000)).toEqual([]);
    expect(cursor.dueAt).toBe(1_000 + REORDER_MS);
    expect(cursor.missing).toBe(1);
    cursor.offer(row(11), 1_100);
    expect(revisions(cursor.release(1_100))).toEqual([11, 12]);
    expect(cursor.dueAt).toBeNull();
  });

  it("asks for a delta read when the pulse itself is lost", () => {
    const cursor = new Cursor("sessions", 10);
    cursor.offer(row(11), 1_000);
    expect(cursor.dueAt).toBe(1_000 + REORDER_MS);
  });

  it("lets a long statement stream in, but not for longer than reading it would take", () => {
    const cursor = new Cursor("sessions", 0);
    for (let at = 0; at <= 900; at += 100) cursor.offer(row(at / 100 + 1), at);
    expect(cursor.dueAt).toBe(STREAM_MS);
  });

  it("goes on from what a delta read covered, with what had arrived beyond it", () => {
    const cursor = new Cursor("sessions", 10);
    cursor.offer(row(14), 0);
    cursor.offer(pulse(15), 0);
    cursor.offer(row(12), 0);
    cursor.cover(13, 5);
    expect(revisions(cursor.release(5))).toEqual([14, 15]);
    expect(cursor.dueAt).toBeNull();
  });

  it("ignores a delta read that is behind it", () => {
    const cursor = new Cursor("sessions", 10);
    cursor.cover(8, 0);
    expect(cursor.revision).toBe(10);
  });

  it("throws an overlong buffer away rather than growing without end", () => {
    const cursor = new Cursor("sessions", 0);
    for (let revision = 2; revision < MAX_WAITING + 10; revision++) cursor.offer(row(revision), 0);
    expect(cursor.missing).toBeLessThanOrEqual(MAX_WAITING + 10);
    expect(cursor.dueAt).toBe(REORDER_MS);
  });

  it("releases every change exactly once, in order, whatever the order of arrival", () => {
    // Statements of 0 to 4 rows, each closed by a pulse; arrivals are any shuffle, some doubled.
    const history = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }).chain((sizes) => {
      const changes: Change[] = [];
      for (const size of sizes) {
        for (let n = 0; n < size; n++) changes.push(row(changes.length + 1));
        changes.push(pulse(changes.length + 1));
      }
      const copies = fc.array(fc.constantFrom(...changes), { maxLength: 5 });
      return copies.chain((extra) =>
        fc
          .shuffledSubarray([...changes, ...extra], { minLength: changes.length + extra.length })
          .map((arrivals) => ({ changes, arrivals })),
      );
    });
    fc.assert(
      fc.property(history, ({ changes, arrivals }) => {
        const cursor = new Cursor("sessions");
        const released: Change[] = [];
        for (const arrival of arrivals) {
          cursor.offer(arrival, 0);
          const closed = cursor.release(0);
          expect(closed.at(-1)?.table ?? "sessions").toBe("sessions");
          released.push(...closed);
        }
        expect(revisions(released)).toEqual(revisions(changes));
      }),
    );
  });
});
