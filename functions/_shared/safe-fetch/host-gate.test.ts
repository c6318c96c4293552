import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { HostGate } from "./host-gate.ts";

const pace = { parallel: 1, gapMs: 500, jitterMs: 500 };
const forever = new AbortController().signal;

function setUp(maxParallel = 16) {
  const clock = new FakeClock();
  const gate = new HostGate(clock, () => 0.5, maxParallel);
  const log: string[] = [];
  const visit = (host: string, name: string, signal = forever, at = pace) => {
    const visitor = { leave: () => {}, outcome: Promise.resolve<unknown>(null) };
    visitor.outcome = gate.enter(host, at, signal).then(
      (leave) => {
        log.push(name);
        visitor.leave = leave;
      },
      (cause: unknown) => cause,
    );
    return visitor;
  };
  return { clock, gate, log, visit };
}

describe("one host", () => {
  it("sees one request at a time, with gap and jitter between them", async () => {
    const { clock, log, visit } = setUp();
    const first = visit("a", "first");
    visit("a", "second");
    await clock.advance(10_000);
    expect(log).toEqual(["first"]);
    first.leave();
    await clock.advance(749);
    expect(log).toEqual(["first"]);
    await clock.advance(1);
    expect(log).toEqual(["first", "second"]);
  });

  it("serves whoever waits in order of arrival", async () => {
    const { clock, log, visit } = setUp();
    const names = ["1", "2", "3", "4"];
    const visitors = names.map((name) => visit("a", name));
    for (const visitor of visitors) {
      await clock.advance(1_000);
      visitor.leave();
    }
    expect(log).toEqual(names);
  });

  it("has several requests at once where that is allowed", async () => {
    const { clock, log, visit } = setUp();
    const open = { parallel: 2, gapMs: 0, jitterMs: 0 };
    const first = visit("api", "1", forever, open);
    visit("api", "2", forever, open);
    visit("api", "3", forever, open);
    await clock.advance(0);
    expect(log).toEqual(["1", "2"]);
    first.leave();
    await clock.advance(0);
    expect(log).toEqual(["1", "2", "3"]);
  });

  it("that asks for a short pause is waited for", async () => {
    const { clock, gate, log, visit } = setUp();
    visit("a", "1").leave();
    await clock.advance(0);
    gate.hold("a", 4);
    visit("b", "other host");
    await clock.advance(0);
    expect(log).toEqual(["1", "other host"]);
  });

  it("that asks for a long pause gives the work back with that time", async () => {
    const { clock, gate, visit } = setUp();
    const first = visit("a", "1");
    await clock.advance(0);
    gate.hold("a", 120);
    first.leave();
    await clock.advance(20_000);
    const refused = await visit("a", "2").outcome;
    expect(refused).toBeInstanceOf(FetchFailure);
    expect(refused).toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 100,
      retryable: true,
    });
    await clock.advance(100_000);
    expect(await visit("a", "3").outcome).toBeUndefined();
  });
});

describe("a visitor that gives up", () => {
  it("leaves at once and does not hold up the next, wherever it waits", async () => {
    const { clock, log, visit } = setUp(1);
    const controller = new AbortController();
    const first = visit("a", "first");
    const inLine = visit("a", "in line", controller.signal);
    const overall = visit("b", "overall", controller.signal);
    visit("a", "last");
    await clock.advance(0);
    controller.abort("enough");
    expect([await inLine.outcome, await overall.outcome]).toEqual(["enough", "enough"]);
    first.leave();
    await clock.advance(750);
    expect(log).toEqual(["first", "last"]);
    expect(clock.pending).toBe(0);
  });

  it("in the gap leaves no timer behind", async () => {
    const { clock, log, visit } = setUp();
    const first = visit("a", "first");
    await clock.advance(0);
    first.leave();
    const controller = new AbortController();
    const waiting = visit("a", "waiting", controller.signal);
    await clock.advance(100);
    expect(clock.pending).toBe(1);
    controller.abort("enough");
    expect(await waiting.outcome).toBe("enough");
    expect(clock.pending).toBe(0);
    expect(log).toEqual(["first"]);
  });
});

describe("all hosts together", () => {
  it("stay within the bound, and waiting for a host takes no place", async () => {
    const { clock, log, visit } = setUp(2);
    const first = visit("a", "a1");
    visit("a", "a2");
    visit("b", "b1");
    visit("c", "c1");
    await clock.advance(0);
    expect(log).toEqual(["a1", "b1"]);
    first.leave();
    await clock.advance(0);
    expect(log).toEqual(["a1", "b1", "c1"]);
  });
});
