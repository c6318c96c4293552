import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TransportKind } from "./transport.ts";
import {
  type Allowed,
  initialState,
  type MachineEvent,
  type MachineState,
  type Moment,
  running,
  STABLE_MS,
  transition,
} from "./transport-machine.ts";

const all: Allowed = ["websocket", "sse", "polling"];
const at = (now: number, random = 0.5): Moment => ({ now, random });
const transports = (state: MachineState): TransportKind[] =>
  running(state).map(({ transport }) => transport);

/** Reports about the newest running link. */
const newest = (state: MachineState) => {
  const link = running(state).at(-1);
  if (link === undefined) throw new Error(`nothing runs while ${state.phase}`);
  return link;
};
const up = (state: MachineState, moment: Moment): MachineState =>
  transition(state, { kind: "up", link: newest(state) }, moment);
const down = (
  state: MachineState,
  moment: Moment,
  reason: "unreachable" | "auth" | "gone" = "unreachable",
  retryAfterMs = 0,
): MachineState =>
  transition(state, { kind: "down", link: newest(state), reason, retryAfterMs }, moment);
const timer = (state: MachineState): MachineState =>
  transition(state, { kind: "timer" }, at(state.wakeAt ?? 0));

describe("the transport machine", () => {
  it("opens the best transport first and is live with it", () => {
    const state = initialState(all);
    expect(transports(state)).toEqual(["websocket"]);
    expect(up(state, at(0))).toMatchObject({ phase: "live", wakeAt: null });
  });

  it("goes down the list at once when an opening fails, and is degraded there", () => {
    let state = down(initialState(all), at(0));
    expect(transports(state)).toEqual(["sse"]);
    state = down(state, at(0));
    expect(transports(state)).toEqual(["polling"]);
    state = up(state, at(0));
    expect(state).toMatchObject({ phase: "degraded", climb: null });
    expect(state.wakeAt).toBeGreaterThan(0);
  });

  it("climbs beside the running transport, and leaves it only when the better one is up", () => {
    let state = timer(up(down(initialState(all), at(0)), at(0)));
    expect(transports(state)).toEqual(["sse", "websocket"]);
    const failed = down(state, at(20_000));
    expect(transports(failed)).toEqual(["sse"]);
    state = up(state, at(20_000));
    expect(state.phase).toBe("live");
    expect(transports(state)).toEqual(["websocket"]);
  });

  it("rests ever longer between climbs, up to five minutes", () => {
    let state = up(down(initialState(all), at(0)), at(0));
    const rests: number[] = [];
    for (let n = 0; n < 12; n++) {
      const began = state.wakeAt ?? 0;
      state = transition(
        timer(state),
        { kind: "down", link: newest(timer(state)), reason: "unreachable", retryAfterMs: 0 },
        at(began, 0.999),
      );
      rests.push((state.wakeAt ?? 0) - began);
    }
    expect(rests.toSorted((a, b) => a - b)).toEqual(rests);
    expect(rests.at(-1)).toBeLessThanOrEqual(302_000);
  });

  it("opens a stable transport again after it broke, with jitter, and starts counting afresh", () => {
    const live = up(initialState(all), at(0));
    const state = down(live, at(STABLE_MS, 0.7));
    expect(state).toMatchObject({ phase: "connecting", attempt: 0, wakeAt: STABLE_MS + 700 });
    expect(transports(state)).toEqual([]);
    expect(transports(timer(state))).toEqual(["websocket"]);
  });

  it("gives up a transport that breaks again and again before it is stable", () => {
    const state = down(up(initialState(all), at(0)), at(STABLE_MS - 1));
    expect(transports(state)).toEqual(["sse"]);
    expect(state.attempt).toBe(1);
  });

  it("is offline when the last transport fails, and tries from the top with growing waits", () => {
    let state = initialState(all);
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      while (state.phase !== "offline") state = down(state, at(0, 0.999));
      waits.push(state.wakeAt ?? 0);
      state = timer(state);
      expect(transports(state)).toEqual(["websocket"]);
    }
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(waits.at(-1)).toBeLessThanOrEqual(32_000);
  });

  it("does not return before the server's Retry-After", () => {
    const state = down(initialState(["polling"]), at(0, 0), "unreachable", 60_000);
    expect(state).toMatchObject({ phase: "offline", wakeAt: 60_000 });
  });

  it("waits for a fresh token when the user is not believed any more", () => {
    const state = down(up(initialState(all), at(0)), at(9_000), "auth");
    expect(state).toMatchObject({ phase: "offline", why: "auth" });
    expect(transition(state, { kind: "authenticated" }, at(9_500)).phase).toBe("connecting");
  });

  it("stays away from a scope that no longer exists", () => {
    const state = down(up(initialState(all), at(0)), at(9_000), "gone");
    expect(state).toMatchObject({ phase: "offline", why: "gone", wakeAt: null });
    for (const kind of ["online", "woke", "authenticated"] as const) {
      expect(transition(state, { kind }, at(10_000))).toBe(state);
    }
  });

  it("leaves a transport that is switched off at once, and goes back when it is on again", () => {
    const live = up(initialState(all), at(0));
    let state = transition(live, { kind: "allow", allowed: ["sse", "polling"] }, at(60_000));
    expect(transports(state)).toEqual(["sse"]);
    state = up(state, at(60_100));
    expect(state.phase).toBe("live");
    state = transition(state, { kind: "allow", allowed: all }, at(70_000));
    expect(state.phase).toBe("degraded");
    expect(state.wakeAt).toBeLessThanOrEqual(72_000);
    expect(transports(timer(state))).toEqual(["sse", "websocket"]);
  });

  it("climbs soon where nothing has failed: switched off and on again while it moved", () => {
    let state = transition(
      up(initialState(all), at(0)),
      { kind: "allow", allowed: ["sse", "polling"] },
      at(60_000),
    );
    state = transition(state, { kind: "allow", allowed: all }, at(60_050));
    expect(transports(state)).toEqual(["sse"]);
    state = up(state, at(60_100));
    expect(state.phase).toBe("degraded");
    expect(state.wakeAt).toBeLessThanOrEqual(62_100);
  });

  it("distrusts every connection after sleep", () => {
    const live = up(initialState(all), at(0));
    const state = transition(live, { kind: "woke" }, at(600_000));
    expect(newest(state).epoch).toBeGreaterThan(newest(live).epoch);
  });

  it("takes the browser's 'offline' for a hint: it lets go, and keeps trying", () => {
    const state = transition(up(initialState(all), at(0)), { kind: "offline" }, at(10_000, 0.5));
    expect(state).toMatchObject({ phase: "offline", why: "network", wakeAt: 10_500 });
    expect(transition(state, { kind: "online" }, at(10_100)).phase).toBe("connecting");
  });

  it("does not listen to links that it has left", () => {
    const first = initialState(all);
    const second = down(first, at(0));
    expect(transition(second, { kind: "up", link: newest(first) }, at(1))).toBe(second);
    expect(down(first, at(1)).epoch).toBe(second.epoch);
  });

  it("always runs something or has a time to wake, except for a scope that is gone", () => {
    const event = fc.oneof(
      fc.constantFrom("up", "down", "auth").map((what) => ({ what })),
      fc
        .constantFrom("timer", "woke", "offline", "online", "authenticated")
        .map((what) => ({ what })),
      fc
        .shuffledSubarray([...all], { minLength: 1 })
        .map((allowed) => ({ what: "allow", allowed })),
    );
    fc.assert(
      fc.property(
        fc.array(event),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (events, random) => {
          let state = initialState(all);
          let now = 0;
          for (const next of events) {
            now += 3_000;
            const links = running(state);
            const link = links[now % Math.max(1, links.length)] ?? { transport: "sse", epoch: -1 };
            state = transition(state, toEvent(next, link), { now, random });
            expect(running(state).length > 0 || state.wakeAt !== null).toBe(true);
            expect(new Set(running(state).map(({ epoch }) => epoch)).size).toBe(
              running(state).length,
            );
            for (const { transport } of running(state)) expect(state.allowed).toContain(transport);
            if (state.phase === "live") expect(state.link.transport).toBe(state.allowed[0]);
          }
        },
      ),
    );
  });
});

function toEvent(
  next: { what: string; allowed?: TransportKind[] },
  link: { transport: TransportKind; epoch: number },
): MachineEvent {
  const [first, ...rest] = next.allowed ?? all;
  switch (next.what) {
    case "up":
      return { kind: "up", link };
    case "down":
      return { kind: "down", link, reason: "unreachable", retryAfterMs: 0 };
    case "auth":
      return { kind: "down", link, reason: "auth", retryAfterMs: 0 };
    case "allow":
      return { kind: "allow", allowed: [first ?? "polling", ...rest] };
    case "timer":
    case "woke":
    case "offline":
    case "online":
      return { kind: next.what };
    default:
      return { kind: "authenticated" };
  }
}
