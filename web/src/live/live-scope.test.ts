import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sessionId } from "./testing/simulated-server.ts";
import { World } from "./testing/simulated-world.ts";

const write = (world: World, id: string, value: number): void =>
  world.server.statement([{ table: "companies", id, value }]);

describe("a live scope", () => {
  let world: World;
  beforeEach(() => {
    world = new World(1);
  });
  afterEach(() => world.close());

  const transport = () => world.live.connection.get().transport;
  const requests = (): number => world.network.requests.length;

  it("shows the rows before it is subscribed, and reads again once it is", async () => {
    await world.clock.advance(10);
    expect(world.live.connection.get().phase).toBe("connecting");
    world.expectEqualToServer();
    await world.clock.advance(2_000);
    expect(world.live.connection.get().phase).toBe("live");
    expect(requests()).toBe(2);
  });

  it("needs no request for what arrives in order", async () => {
    await world.clock.advance(2_000);
    const before = requests();
    for (let n = 0; n < 50; n++) {
      write(world, String(n), n);
      await world.clock.advance(50);
    }
    await world.clock.advance(200);
    world.expectEqualToServer();
    expect(requests()).toBe(before);
  });

  it("finds the loss of the last event by the slow pulse", async () => {
    await world.clock.advance(2_000);
    world.network.quality = { ...world.network.quality, loss: 1 };
    write(world, "a", 1);
    await world.clock.advance(1_000);
    expect(world.shown().get("companies/a")).toBeUndefined();
    await world.clock.advance(30_000);
    world.expectEqualToServer();
    expect(world.live.metrics.get().gapsHealed).toBe(1);
  });

  it("moves to the next transport within 5 s when WebSockets are switched off, and back", async () => {
    await world.clock.advance(2_000);
    world.server.flags = { websocket: false, sse: true, polling: true };
    world.network.announceFlags();
    await world.clock.advance(5_000);
    expect(world.live.connection.get()).toMatchObject({ phase: "live", transport: "sse" });
    write(world, "a", 1);
    await world.clock.advance(200);
    world.expectEqualToServer();
    world.server.flags = { websocket: true, sse: true, polling: true };
    world.network.announceFlags();
    await world.clock.advance(5_000);
    expect(world.live.connection.get()).toMatchObject({ phase: "live", transport: "websocket" });
    world.expectEqualToServer();
  });

  it("polls a new session every 5 s where nothing else gets through", async () => {
    await world.take({ kind: "ways", websocket: false, sse: false, http: true });
    await world.clock.advance(10_000);
    expect(transport()).toBe("polling");
    const before = requests();
    await world.clock.advance(60_000);
    expect(requests() - before).toBeGreaterThanOrEqual(12);
  });

  it("starts over when the database no longer has its history", async () => {
    await world.clock.advance(2_000);
    for (let n = 0; n < 5; n++) write(world, String(n), n);
    await world.clock.advance(200);
    world.restoreServer();
    write(world, "restored", 1);
    void world.live.refresh();
    await world.clock.advance(200);
    world.expectEqualToServer();
  });

  describe("that reads a large session", () => {
    /** The newest rows are worth most: views show first what the read brings last. */
    const fill = (count: number): void => {
      for (let n = 1; n <= count; n++) write(world, String(n), n);
    };
    const reload = async (): Promise<void> => {
      await world.take({ kind: "reload" });
      await world.clock.advance(2); // there and back
    };

    it("shows with the first page what views show first, at its newest, before its turn", async () => {
      fill(20);
      await reload();
      const { store } = world.live;
      expect(store.state()).toMatchObject({ phase: "loading", revision: 8 });
      expect(["20", "19", "18", "1", "17"].map((id) => store.row("companies", id)?.value)).toEqual([
        20,
        19,
        18,
        1,
        undefined,
      ]);
      expect(store.row("sessions", sessionId)).toMatchObject({ sum: 210, revision: 41 });
      await world.clock.advance(200);
      world.expectEqualToServer();
    });

    it("starts over when the database loses the history of what came ahead", async () => {
      fill(20);
      await reload();
      world.restoreServer();
      // Beyond the cursor, below what is held.
      fill(10);
      await world.clock.advance(200);
      world.expectEqualToServer();
    });
  });

  it("says that it cannot reach the server, and when it tries again", async () => {
    await world.take({ kind: "ways", websocket: false, sse: false, http: false });
    await world.clock.advance(60_000);
    const { phase, why, retryAt } = world.live.connection.get();
    expect({ phase, why }).toEqual({ phase: "offline", why: "unreachable" });
    expect(retryAt).toBeGreaterThanOrEqual(world.clock.now());
  });

  it("says that reading fails where only the socket gets through, until it does not", async () => {
    await world.take({ kind: "ways", websocket: true, sse: true, http: false });
    await world.take({ kind: "reload" });
    await world.clock.advance(20_000);
    expect(world.live.connection.get()).toMatchObject({ why: null, failing: true });
    await world.take({ kind: "ways", websocket: true, sse: true, http: true });
    await world.clock.advance(60_000);
    expect(world.live.connection.get()).toMatchObject({ phase: "live", failing: false });
  });

  it("leaves nothing running when it is stopped", async () => {
    await world.clock.advance(2_000);
    world.close();
    const before = requests();
    await world.clock.advance(3_600_000);
    expect(requests()).toBe(before);
  });
});
