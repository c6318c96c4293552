import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANSWER_TIMEOUT_MS,
  type Mutation,
  type MutationStorage,
  OfflineQueue,
  type Sent,
} from "./offline-queue.ts";
import { ManualClock, seededRandom, settle } from "./testing/manual-clock.ts";

/** IndexedDB and Web Locks of one browser, shared by its tabs. */
function browser(clock: ManualClock) {
  const kept = new Map<string, Mutation>();
  const storage: MutationStorage = {
    all: async () => [...kept.values()],
    put: async (mutation) => void kept.set(mutation.key, mutation),
    remove: async (key) => void kept.delete(key),
  };
  let tail: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(task: () => Promise<T>): Promise<T> => {
    const result = tail.then(task);
    tail = result.catch(() => {});
    return result;
  };
  const acted: string[] = [];
  const server = {
    online: true,
    acted,
    /** Acts once a key, and answers the same every time. */
    answer: async (mutation: Mutation): Promise<Sent> => {
      if (!server.online) return { kind: "later", retryAfterMs: 0 };
      if (mutation.action === "refused") {
        return { kind: "refused", code: "invalid_transition", message: "No." };
      }
      if (!acted.includes(mutation.key)) acted.push(mutation.key);
      return { kind: "done", revision: acted.indexOf(mutation.key) + 1 };
    },
  };
  const tab = (over: Partial<MutationStorage> = {}) => {
    const queued: string[] = [];
    const decided: string[] = [];
    const queue = new OfflineQueue({
      storage: { ...storage, ...over },
      exclusively,
      clock,
      random: seededRandom(1),
      send: (mutation) => server.answer(mutation),
      events: {
        queued: ({ key }) => queued.push(key),
        decided: ({ key }, { kind }) => decided.push(`${key} ${kind}`),
      },
    });
    return { queue, queued, decided };
  };
  return { server, kept, tab };
}

const wish = (key: string, action = "set_lead_status") => ({
  key,
  action,
  scope: "session:1",
  data: {},
  patches: [],
});

describe("the offline queue", () => {
  it("sends at once when there is a network", async () => {
    const { server, kept, tab } = browser(new ManualClock());
    const { queue, decided } = tab();
    await queue.add(wish("a"));
    expect(server.acted).toEqual(["a"]);
    expect(decided).toEqual(["a done"]);
    expect(kept.size).toBe(0);
    expect(queue.pending.get()).toEqual([]);
  });

  it("does not wait for ever for an answer, nor do the other tabs", async () => {
    const clock = new ManualClock();
    const { server, tab } = browser(clock);
    const answer = server.answer;
    server.answer = () => new Promise(() => {});
    const { queue, decided } = tab();
    void queue.add(wish("a"));
    await settle();
    server.answer = answer;
    const other = tab().queue.add(wish("b"));
    await clock.advance(ANSWER_TIMEOUT_MS);
    await other;
    expect(server.acted).toEqual(["a", "b"]);
    await queue.flush();
    expect(decided).toEqual(["a done"]);
  });

  it("decides nothing by a storage that cannot be read for a while", async () => {
    const clock = new ManualClock();
    const { server, kept, tab } = browser(clock);
    let readable = true;
    const { queue, decided } = tab({
      all: async () => {
        if (!readable) throw new Error("the database is closing");
        return [...kept.values()];
      },
    });
    server.online = false;
    await queue.add(wish("a"));
    readable = false;
    await queue.flush();
    expect(decided).toEqual([]);
    expect(queue.pending.get().map(({ key }) => key)).toEqual(["a"]);
    server.online = true;
    await queue.flush();
    expect(server.acted).toEqual(["a"]);
    expect(decided).toEqual(["a done"]);
  });

  it("starts where there is no storage at all", async () => {
    const { server, tab } = browser(new ManualClock());
    const { queue } = tab({
      all: () => Promise.reject(new Error("refused")),
      put: () => Promise.reject(new Error("refused")),
    });
    await queue.load();
    await queue.add(wish("a"));
    expect(server.acted).toEqual(["a"]);
  });

  it("keeps what cannot be sent, and replays it in order", async () => {
    const clock = new ManualClock();
    const { server, tab } = browser(clock);
    const { queue } = tab();
    server.online = false;
    for (const key of ["c", "a", "b"]) await queue.add(wish(key));
    expect(queue.pending.get().map(({ key }) => key)).toEqual(["c", "a", "b"]);
    server.online = true;
    await queue.flush();
    expect(server.acted).toEqual(["c", "a", "b"]);
  });

  it("tries again by itself, without being told that the network is back", async () => {
    const clock = new ManualClock();
    const { server, tab } = browser(clock);
    const { queue } = tab();
    server.online = false;
    await queue.add(wish("a"));
    server.online = true;
    await clock.advance(2_000);
    expect(server.acted).toEqual(["a"]);
  });

  it("takes up what an earlier page left behind", async () => {
    const clock = new ManualClock();
    const { server, tab } = browser(clock);
    const first = tab();
    server.online = false;
    await first.queue.add(wish("a"));
    first.queue.stop();
    server.online = true;
    const second = tab();
    await second.queue.load();
    expect(second.queued).toEqual(["a"]);
    expect(second.decided).toEqual(["a done"]);
  });

  it("reports a refusal and goes on with the next", async () => {
    const { tab } = browser(new ManualClock());
    const { queue, decided } = tab();
    await Promise.all([queue.add(wish("a", "refused")), queue.add(wish("b"))]);
    await settle();
    expect(decided).toEqual(["a refused", "b done"]);
  });

  it("acts once for two tabs that replay together, and both hear the end", async () => {
    const clock = new ManualClock();
    const { server, tab } = browser(clock);
    const [one, two] = [tab(), tab()];
    server.online = false;
    await one.queue.add(wish("a"));
    await two.queue.add(wish("b"));
    server.online = true;
    await Promise.all([one.queue.flush(), two.queue.flush()]);
    expect(server.acted.toSorted()).toEqual(["a", "b"]);
    expect(one.decided).toContain("a done");
    expect(two.decided).toContain("b done");
  });

  it("still sends where nothing can be stored", async () => {
    const { server, tab } = browser(new ManualClock());
    const broken = () => Promise.reject(new DOMException("no space", "QuotaExceededError"));
    const { queue } = tab({ put: broken, all: broken });
    await queue.add(wish("a"));
    expect(server.acted).toEqual(["a"]);
    expect(queue.pending.get()).toEqual([]);
  });

  it("acts exactly once for every wish, in each tab's order, whatever is cut and reloaded", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant("add"), tab: fc.nat(1) }),
            fc.record({ kind: fc.constant("online"), online: fc.boolean() }),
            fc.record({ kind: fc.constant("reload"), tab: fc.nat(1) }),
            fc.record({ kind: fc.constant("wait"), ms: fc.constantFrom(0, 700, 40_000) }),
          ),
          { maxLength: 25 },
        ),
        async (steps) => {
          const clock = new ManualClock();
          const { server, kept, tab } = browser(clock);
          const tabs = [tab(), tab()];
          const wished: string[] = [];
          for (const step of steps) {
            if (step.kind === "online") server.online = step.online;
            else if (step.kind === "wait") await clock.advance(step.ms);
            else if (step.kind === "add") {
              const key = `${step.tab}-${wished.length}`;
              wished.push(key);
              await tabs[step.tab]?.queue.add(wish(key));
            } else {
              tabs[step.tab]?.queue.stop();
              tabs[step.tab] = tab();
              await tabs[step.tab]?.queue.load();
            }
          }
          server.online = true;
          for (const { queue } of tabs) await queue.flush();
          await clock.advance(60_000);
          expect(server.acted.toSorted()).toEqual(wished.toSorted());
          for (const n of ["0", "1"]) {
            const own = (keys: string[]) => keys.filter((key) => key.startsWith(n));
            expect(own(server.acted)).toEqual(own(wished));
          }
          expect(kept.size).toBe(0);
          for (const { queue } of tabs) expect(queue.pending.get()).toEqual([]);
        },
      ),
      { numRuns: 200 },
    ));
});
