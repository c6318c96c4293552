import { describe, expect, it } from "vitest";
import { QueueUnavailable, type StepOutcome } from "../queue/queue.ts";
import { FakeClock } from "../safe-fetch/fake-clock.ts";
import { FetchFailure } from "../safe-fetch/fetch-failure.ts";
import { type DrainSettings, startDrain } from "./drain.ts";
import { LeaseLost, WorkerStopping } from "./failure.ts";
import type { Handler } from "./handler.ts";
import { MemoryQueue } from "./memory-queue.ts";

const done: StepOutcome = { effect: { ok: true } };

function setUp(run: Handler["run"], change: Partial<DrainSettings> = {}) {
  const clock = new FakeClock();
  const queue = new MemoryQueue();
  const lines: Record<string, unknown>[] = [];
  const stop = new AbortController();
  const start = () =>
    startDrain({
      queue,
      handlers: new Map([["noop", { kind: "noop", run }]]),
      door: {
        fetch: () => Promise.reject(new Error("no network here")),
        open: () => Promise.reject(new Error("no network here")),
      },
      clock,
      cpuMs: () => 0,
      budget: { softMs: 60_000, hardMs: 90_000, cpuMs: 2_000 },
      parallel: 4,
      log: (event, fields) => lines.push({ event, ...fields }),
      stopping: stop.signal,
      ...change,
    });
  return { clock, queue, lines, stop, start };
}

/** A handler that runs until told, or until its signal aborts. */
function gated() {
  const steps = new Map<string, { finish(outcome: StepOutcome): void; aborted: unknown }>();
  const run: Handler["run"] = (item, { signal }) =>
    new Promise((resolve, reject) => {
      const step = { finish: resolve, aborted: null as unknown };
      steps.set(item.id, step);
      signal.addEventListener("abort", () => {
        step.aborted = signal.reason;
        reject(signal.reason);
      });
    });
  return { run, steps };
}

describe("draining", () => {
  it("does everything that is ready and ends when nothing waits any more", async () => {
    const { clock, queue, start } = setUp(async () => done);
    for (let n = 0; n < 20; n += 1) queue.add(`item ${n}`);
    const drain = start();
    await clock.advance(0);
    expect(await drain.finished).toEqual({ end: "empty", steps: 20 });
    expect(queue.completed).toHaveLength(20);
    expect(queue.wakes).toBe(0);
    expect(drain.claims()).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it("waits for what falls due soon, and is there sooner when woken", async () => {
    const { clock, queue, start } = setUp(async () => done);
    queue.dueInMs = 8_000;
    const drain = start();
    await clock.advance(7_999);
    queue.add("due");
    await clock.advance(1);
    expect(queue.completed.map(({ id }) => id)).toEqual(["due"]);
    await clock.advance(1_000);
    queue.add("hinted at");
    drain.wake();
    await clock.advance(0);
    expect(queue.completed.map(({ id }) => id)).toEqual(["due", "hinted at"]);
    queue.dueInMs = 60_000;
    await clock.advance(8_000);
    expect(await drain.finished).toMatchObject({ end: "empty" });
  });

  it("does not wait for ever for what seems due and cannot be had", async () => {
    const { clock, queue, start } = setUp(async () => done);
    queue.dueInMs = 0;
    const drain = start();
    await clock.advance(4_000);
    expect(drain.claims()).toBe(true);
    await clock.advance(1_000);
    expect(await drain.finished).toEqual({ end: "empty", steps: 0 });
  });

  it("does not end while a result is on its way, which may lead to more", async () => {
    const { clock, queue, start } = setUp(async ({ payload }) =>
      payload.checkpoint ? done : { next: { checkpoint: { page: 2 } } },
    );
    queue.dueInMs = 60_000;
    let arrive = () => {};
    queue.interfere = (operation) => {
      if (operation !== "complete") return;
      return new Promise<void>((resolve) => {
        arrive = resolve;
      });
    };
    queue.add("a");
    const drain = start();
    await clock.advance(0);
    drain.wake();
    await clock.advance(2_000);
    expect(drain.claims()).toBe(true);
    arrive();
    await clock.advance(0);
    arrive();
    await clock.advance(0);
    expect(await drain.finished).toEqual({ end: "empty", steps: 2 });
  });

  it("hears a wake that comes while it is about to end", async () => {
    const { clock, queue, start } = setUp(async () => done);
    let drain: ReturnType<typeof start> | null = null;
    let asked = 0;
    queue.interfere = (operation) => {
      if (operation !== "due" || ++asked > 1) return;
      queue.add("last minute");
      drain?.wake();
    };
    drain = start();
    await clock.advance(0);
    expect(await drain.finished).toEqual({ end: "empty", steps: 1 });
  });

  it("goes on from checkpoint to checkpoint without waiting for a poll", async () => {
    const { clock, queue, start } = setUp(async ({ payload }) => {
      const checkpoint = payload.checkpoint as { page: number } | undefined;
      const page = (checkpoint?.page ?? 0) + 1;
      return page < 5 ? { ...done, next: { checkpoint: { page } } } : done;
    });
    queue.add("run");
    const drain = start();
    await clock.advance(0);
    expect(queue.completed).toHaveLength(5);
    expect(await drain.finished).toMatchObject({ end: "empty" });
  });

  it("works on several items at once, and on no more than allowed", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp(run);
    for (let n = 0; n < 6; n += 1) queue.add(`${n}`);
    start();
    await clock.advance(0);
    expect([...steps.keys()]).toEqual(["0", "1", "2", "3"]);
    steps.get("2")?.finish(done);
    await clock.advance(0);
    expect([...steps.keys()]).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("sends results that come together in one call", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp(run);
    for (const id of ["a", "b", "c"]) queue.add(id);
    start();
    await clock.advance(0);
    for (const step of steps.values()) step.finish(done);
    await clock.advance(0);
    expect(queue.batches).toEqual([3]);
  });
});

describe("a lease that is lost", () => {
  it("aborts its step within a second and leaves the others alone", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp(run);
    queue.add("cancelled");
    queue.add("other");
    start();
    await clock.advance(700);
    queue.leased.delete("cancelled");
    await clock.advance(500);
    expect(steps.get("cancelled")?.aborted).toBeInstanceOf(LeaseLost);
    expect(steps.get("other")?.aborted).toBeNull();
    expect([queue.failed, queue.released]).toEqual([[], []]);
  });

  it("is noticed at once when the database gives a hint", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp(run);
    queue.add("cancelled");
    const drain = start();
    await clock.advance(0);
    queue.leased.clear();
    drain.wake();
    await clock.advance(0);
    expect(steps.get("cancelled")?.aborted).toBeInstanceOf(LeaseLost);
  });

  it("is the earlier one's loss when the item is claimed again: the new step keeps heartbeat and lines", async () => {
    const steps: { finish(outcome: StepOutcome): void; aborted: unknown }[] = [];
    // The first one is in a call that is paid for and cannot be taken back.
    const run: Handler["run"] = (item, { signal, log }) =>
      new Promise((resolve, reject) => {
        const step = { finish: resolve, aborted: null as unknown };
        steps.push(step);
        log("info", `claim ${item.lease}`);
        signal.addEventListener("abort", () => {
          step.aborted = signal.reason;
          if (item.lease !== "1") reject(signal.reason);
        });
      });
    const { clock, queue, start } = setUp(run);
    queue.add("paused");
    const drain = start();
    await clock.advance(100);
    queue.leased.delete("paused");
    queue.add("paused");
    drain.wake();
    await clock.advance(0);
    expect(steps.map(({ aborted }) => aborted)).toEqual([expect.any(LeaseLost), null]);
    steps[0]?.finish(done);
    await clock.advance(20_000);
    expect(queue.completed).toEqual([]);
    expect(queue.reports.flat().map(({ log }) => log)).toContainEqual([
      { level: "info", message: "claim 2" },
    ]);
    queue.leased.delete("paused");
    await clock.advance(500);
    expect(steps[1]?.aborted).toBeInstanceOf(LeaseLost);
  });

  it("is extended as long as its step runs, even when the database stumbles", async () => {
    const { run, steps } = gated();
    const calls = { extend: 0, held: 0 };
    const { clock, queue, start } = setUp(run);
    queue.interfere = (operation) => {
      if (operation !== "extend" && operation !== "held") return;
      calls[operation] += 1;
      if (calls.extend === 3) throw new QueueUnavailable("away");
    };
    queue.add("long");
    start();
    await clock.advance(30_000);
    expect(calls).toEqual({ extend: 5, held: 95 });
    expect(steps.get("long")?.aborted).toBeNull();
    steps.get("long")?.finish(done);
    await clock.advance(0);
    expect(queue.completed).toHaveLength(1);
  });
});

describe("a step that fails", () => {
  it.each([
    [
      new FetchFailure("rate_limited", "shop.example", { retryAfterSeconds: 30 }),
      { code: "rate_limited", retryAfterSeconds: 30, permanent: false },
    ],
    [
      new FetchFailure("private_address", "shop.example"),
      { code: "private_address", retryAfterSeconds: null, permanent: true },
    ],
  ])("with a typed error says what the queue needs: %s", async (cause, failure) => {
    const { clock, queue, start } = setUp(() => Promise.reject(cause));
    queue.add("x");
    start();
    await clock.advance(0);
    expect(queue.failed[0]).toMatchObject({ ...failure, message: cause.message });
  });

  it.each([
    new TypeError("cannot read name of jane@example.org"),
    Object.assign(new Error("connect ECONNREFUSED 10.0.0.1"), { code: "ECONNREFUSED" }),
    "a string",
  ])("by mistake is tried again, and its text is neither shown nor logged: %s", async (cause) => {
    const { clock, queue, lines, start } = setUp(() => Promise.reject(cause));
    queue.add("x");
    start();
    await clock.advance(0);
    expect(queue.failed[0]).toMatchObject({ code: "internal", permanent: false });
    expect(queue.failed[0]?.message).toMatch(/on our side/);
    expect(JSON.stringify(lines)).not.toMatch(/jane|10\.0\.0\.1/);
  });

  it("does not disturb its neighbours", async () => {
    const { clock, queue, start } = setUp(async ({ id }) => {
      if (id === "bad") throw new Error("bug");
      return done;
    });
    for (const id of ["good", "bad", "fine"]) queue.add(id);
    start();
    await clock.advance(0);
    expect(queue.completed.map(({ id }) => id).sort()).toEqual(["fine", "good"]);
  });
});

describe("progress", () => {
  it("goes out at most every 250 ms, for all items in one call, the newest counting", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp((item, context) => {
      for (let done = 1; done <= 100; done += 1) context.progress({ step: `page ${done}`, done });
      context.log("info", "begun");
      setTimeout(() => {}, 0);
      return run(item, context);
    });
    queue.add("a");
    queue.add("b");
    start();
    await clock.advance(250);
    expect(queue.reports).toHaveLength(1);
    expect(queue.reports[0]).toMatchObject([
      { item: { id: "a" }, progress: { step: "page 100", done: 100 }, log: [{ message: "begun" }] },
      { item: { id: "b" }, progress: { step: "page 100" } },
    ]);
    expect(steps.size).toBe(2);
  });

  it("of a step that ends first is overtaken, but its lines travel with the effect", async () => {
    const { clock, queue, start } = setUp(async (_item, context) => {
      context.progress({ step: "page 1" });
      context.log("warning", "one page was skipped");
      return done;
    });
    const logs: unknown[] = [];
    const complete = queue.complete.bind(queue);
    queue.complete = (completions) => {
      logs.push(...completions.map(({ log }) => log));
      return complete(completions);
    };
    queue.add("a");
    start();
    await clock.advance(1_000);
    expect(queue.reports).toEqual([]);
    expect(logs).toEqual([[{ level: "warning", message: "one page was skipped" }]]);
  });
});

describe("chores", () => {
  it("are done at the start and at every wake, never twice at a time, and may fail", async () => {
    const { run } = gated();
    let begun = 0;
    const endings: (() => void)[] = [];
    const chores = () => {
      begun += 1;
      return new Promise<void>((resolve, reject) => {
        endings.push(begun === 1 ? () => reject(new Error("away")) : resolve);
      });
    };
    const { clock, queue, lines, stop, start } = setUp(run, { chores });
    queue.add("a");
    const drain = start();
    drain.wake();
    await clock.advance(0);
    expect(begun).toBe(1);
    endings[0]?.();
    await clock.advance(0);
    drain.wake();
    expect(begun).toBe(2);
    stop.abort();
    await clock.advance(0);
    endings[1]?.();
    await drain.finished;
    expect(lines.map(({ event }) => event)).toContain("chores_failed");
  });
});

describe("the budget", () => {
  it("of time ends the claiming softly and gives back what is not done by its hard end", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp(run, { parallel: 1 });
    queue.add("long");
    queue.add("never begun");
    const drain = start();
    await clock.advance(89_999);
    expect(steps.get("long")?.aborted).toBeNull();
    await clock.advance(1);
    expect(await drain.finished).toMatchObject({ end: "budget" });
    expect(steps.get("long")?.aborted).toBeInstanceOf(WorkerStopping);
    expect(queue.released).toEqual(["long"]);
    expect(queue.wakes).toBe(1);
    expect([...steps.keys()]).toEqual(["long"]);
    expect(clock.pending).toBe(0);
  });

  it("of CPU ends the claiming too", async () => {
    let used = 500;
    const { clock, queue, start } = setUp(
      async () => {
        used += 600;
        return done;
      },
      { parallel: 1, cpuMs: () => used },
    );
    for (let n = 0; n < 10; n += 1) queue.add(`${n}`);
    const drain = start();
    await clock.advance(0);
    expect(await drain.finished).toMatchObject({ end: "budget", steps: 4 });
  });

  it("does not wait for a handler that ignores its signal", async () => {
    const { clock, queue, stop, start } = setUp(() => new Promise(() => {}));
    queue.add("deaf");
    const drain = start();
    await clock.advance(0);
    stop.abort();
    await clock.advance(2_000);
    expect(await drain.finished).toEqual({ end: "stopped", steps: 0 });
    expect(queue.released).toEqual(["deaf"]);
  });
});

describe("a worker that is told to stop", () => {
  it("gives everything back at once", async () => {
    const { run } = gated();
    const { clock, queue, stop, start } = setUp(run);
    queue.add("a");
    queue.add("b");
    const drain = start();
    await clock.advance(100);
    stop.abort();
    await clock.advance(0);
    expect(await drain.finished).toMatchObject({ end: "stopped" });
    expect(queue.released).toEqual(["a", "b"]);
    expect(clock.pending).toBe(0);
  });
});

describe("a database that stumbles", () => {
  it("gets the same result again", async () => {
    const { clock, queue, start } = setUp(async () => done);
    let calls = 0;
    queue.interfere = (operation) => {
      if (operation === "complete" && ++calls < 3) throw new QueueUnavailable("away");
    };
    queue.add("a");
    start();
    await clock.advance(500);
    expect(queue.completed.map(({ id }) => id)).toEqual(["a"]);
  });

  it("and refuses one result of several still gets the others", async () => {
    const { run, steps } = gated();
    const { clock, queue, start } = setUp(run);
    const complete = queue.complete.bind(queue);
    queue.complete = async (completions) => {
      if (completions.some(({ item }) => item.id === "bad")) throw new Error("refused");
      return complete(completions);
    };
    for (const id of ["a", "bad", "b"]) queue.add(id);
    start();
    await clock.advance(0);
    for (const step of steps.values()) step.finish(done);
    await clock.advance(0);
    expect(queue.completed.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(queue.failed).toMatchObject([{ item: { id: "bad" }, code: "internal" }]);
  });

  it("and refuses one failure of several still gets the others", async () => {
    const { clock, queue, start } = setUp(() => Promise.reject(new Error("broken")));
    const fail = queue.fail.bind(queue);
    queue.fail = async (failures) => {
      if (failures.some(({ item }) => item.id === "bad")) throw new Error("refused");
      return fail(failures);
    };
    for (const id of ["a", "bad", "b"]) queue.add(id);
    start();
    await clock.advance(0);
    expect(queue.failed.map(({ item }) => item.id)).toEqual(["a", "b"]);
  });

  it("at the claim is asked again later", async () => {
    const { clock, queue, start } = setUp(async () => done);
    let away = true;
    queue.interfere = (operation) => {
      if (operation === "claim" && away) throw new QueueUnavailable("away");
    };
    queue.add("a");
    start();
    await clock.advance(2_500);
    away = false;
    await clock.advance(1_000);
    expect(queue.completed).toHaveLength(1);
  });
});
