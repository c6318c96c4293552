import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LINGER_MS, LiveClient } from "./live-client.ts";
import type { Mutation, Sent } from "./offline-queue.ts";
import { settle } from "./testing/manual-clock.ts";
import { sessionId, testScope } from "./testing/simulated-server.ts";
import { World } from "./testing/simulated-world.ts";

describe("the live client", () => {
  let world: World;
  let client: LiveClient;
  let answer: (mutation: Mutation) => Promise<Sent>;
  const kept = new Map<string, Mutation>();
  let stopClient: () => void;
  const shown = () => client.scope(testScope).store.row("companies", "a")?.value;
  const patches = [{ table: "companies", id: "a", change: { value: 9 } }];
  const mutate = () => client.mutate(testScope, { action: "set", data: {}, patches });

  const makeClient = (): LiveClient => {
    let keys = 0;
    return new LiveClient({
      clock: world.clock,
      random: () => 0.5,
      activity: world.activity,
      makeScope: () => world.makeScope(),
      storage: {
        all: async () => [...kept.values()],
        put: async (mutation) => void kept.set(mutation.key, mutation),
        remove: async (key) => void kept.delete(key),
      },
      exclusively: (task) => task(),
      send: (mutation) => answer(mutation),
      newKey: () => `key-${++keys}`,
    });
  };

  beforeEach(async () => {
    world = new World(1);
    kept.clear();
    client = makeClient();
    stopClient = client.start();
    world.server.statement([{ table: "companies", id: "a", value: 1 }]);
    client.retain(testScope);
    await world.clock.advance(3_000);
  });
  afterEach(() => {
    stopClient();
    world.close();
  });

  it("gives everybody the same scope, and lets it go after the last, with some patience", async () => {
    const live = client.scope(testScope);
    const release = client.retain(testScope);
    release();
    release();
    await world.clock.advance(LINGER_MS + 1);
    expect(client.scope(testScope)).toBe(live);
  });

  it("does not reconnect for a remount within the patience", async () => {
    stopClient();
    client = makeClient();
    stopClient = client.start();
    const live = client.scope(testScope);
    client.retain(testScope)();
    const release = client.retain(testScope);
    expect(client.scope(testScope)).toBe(live);
    release();
    await world.clock.advance(LINGER_MS + 1);
    expect(client.scope(testScope)).not.toBe(live);
  });

  it("shows a change at once, and for good when the database has it", async () => {
    answer = async () => {
      world.server.statement([{ table: "companies", id: "a", value: 9 }]);
      return { kind: "done", revision: world.server.revision };
    };
    const stored = mutate();
    expect(shown()).toBe(9);
    await stored;
    await world.clock.advance(1_000);
    expect(shown()).toBe(9);
    expect(client.pending.get()).toEqual([]);
  });

  it("takes a refused change back and says why, until that is dismissed", async () => {
    answer = async () => ({ kind: "refused", code: "invalid_transition", message: "No." });
    await mutate();
    expect(shown()).toBe(1);
    const [conflict] = client.conflicts.get();
    expect(conflict).toMatchObject({ code: "invalid_transition", message: "No." });
    if (conflict) client.dismiss(conflict);
    expect(client.conflicts.get()).toEqual([]);
  });

  it("reads the outcome where the rows do not come to agree with the change", async () => {
    answer = async () => ({ kind: "done", revision: null });
    await mutate();
    expect(shown()).toBe(9);
    const before = world.network.requests.length;
    await world.clock.advance(3_000);
    expect(shown()).toBe(1);
    expect(world.network.requests.length).toBe(before + 1);
  });

  it("needs no request where they do", async () => {
    answer = async () => {
      world.server.statement([{ table: "companies", id: "a", value: 9 }]);
      return { kind: "done", revision: null };
    };
    await mutate();
    const before = world.network.requests.length;
    await world.clock.advance(3_000);
    expect(shown()).toBe(9);
    expect(world.network.requests.length).toBe(before);
  });

  it("keeps a change over a reload while offline, shows it, and sends it on return", async () => {
    answer = async () => ({ kind: "later", retryAfterMs: 0 });
    world.activity.setOnline(false);
    await mutate();
    stopClient();

    client = makeClient();
    stopClient = client.start();
    client.retain(testScope);
    await world.clock.advance(3_000);
    expect(shown()).toBe(9);
    answer = async () => {
      world.server.statement([{ table: "companies", id: "a", value: 9 }]);
      return { kind: "done", revision: world.server.revision };
    };
    world.activity.setOnline(true);
    await world.clock.advance(3_000);
    expect(kept.size).toBe(0);
    expect(shown()).toBe(9);
  });

  it("tries again what failed for want of a token when there is one", async () => {
    let token = false;
    answer = async () =>
      token ? { kind: "done", revision: null } : { kind: "later", retryAfterMs: 3_600_000 };
    await mutate();
    token = true;
    client.authenticated();
    await settle();
    expect(client.pending.get()).toEqual([]);
    expect(client.scope(testScope).store.row("sessions", sessionId)).toBeDefined();
  });
});
