import { afterEach, describe, expect, it } from "vitest";
import { seededRandom } from "./testing/manual-clock.ts";
import { World } from "./testing/simulated-world.ts";

/*
 * Twelve hours of one open session on a simulated clock, every request counted, against polling
 * every two seconds for the same hours, visible or not, as the page that OTIS replaces did.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 12 * HOUR;
const BASELINE = DAY / (2 * SECOND);

const share = (requests: number): string => `${((100 * requests) / BASELINE).toFixed(2)} %`;

describe("a day of requests, against polling every 2 seconds", { timeout: 60_000 }, () => {
  let world: World;
  afterEach(() => world.close());

  /** Changes come every few seconds for `ms`, as they do while something is scraped. */
  const work = async (ms: number, rows = 100): Promise<void> => {
    const random = seededRandom(7);
    world.working = true;
    for (let passed = 0; passed < ms; ) {
      const pause = 500 + random() * 8 * SECOND;
      await world.clock.advance(pause);
      passed += pause;
      const id = String(Math.floor(random() * rows));
      world.server.statement([{ table: "postings", id, value: passed % 97 }]);
    }
    world.working = false;
  };

  /** Somebody reads and clicks: touches every few seconds, with pauses. */
  const use = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 20 * SECOND) {
      world.activity.touched();
      await world.clock.advance(20 * SECOND);
    }
  };

  it("an active day costs at most 1 %", async () => {
    world = new World(1);
    await work(2 * HOUR);
    await use(30 * MINUTE);
    world.activity.setHidden(true); // lunch
    await world.clock.advance(HOUR);
    world.activity.setHidden(false);
    await work(90 * MINUTE);
    for (let visit = 0; visit < 20; visit++) {
      // Back and forth between this tab and the companies' pages.
      world.activity.setHidden(true);
      await world.clock.advance(2 * MINUTE);
      world.activity.setHidden(false);
      await use(4 * MINUTE);
    }
    world.network.killSockets("CHANNEL_ERROR"); // a deployment
    await work(2 * HOUR);
    world.clock.sleep(HOUR); // the lid is closed
    await use(DAY - (2 + 0.5 + 1 + 1.5 + 2 + 2 + 1) * HOUR);
    const requests = world.network.requests.length;
    console.info(`active day: ${requests} requests of ${BASELINE}, ${share(requests)}`);
    world.expectEqualToServer();
    expect(requests).toBeLessThanOrEqual(BASELINE * 0.01);
  });

  it("an idle day costs at most 0.5 %", async () => {
    world = new World(1);
    world.activity.touched();
    await world.clock.advance(DAY);
    const requests = world.network.requests.length;
    console.info(`idle day: ${requests} requests of ${BASELINE}, ${share(requests)}`);
    expect(requests).toBeLessThanOrEqual(BASELINE * 0.005);
    expect(world.notifications).toBe(1);
  });

  it("a hidden tab sends nothing at all, on any transport", async () => {
    for (const ways of [
      { websocket: true, sse: true, http: true },
      { websocket: false, sse: true, http: true },
      { websocket: false, sse: false, http: true },
    ]) {
      world = new World(1);
      world.network.open = ways;
      await world.clock.advance(30 * SECOND);
      world.activity.setHidden(true);
      const before = world.network.requests.length;
      await work(DAY, 10);
      expect(world.network.requests.length).toBe(before);
      world.activity.setHidden(false);
      await world.clock.advance(MINUTE);
      world.expectEqualToServer();
      world.close();
    }
  });

  it("where only polling gets through, the schedule still saves nine tenths", async () => {
    world = new World(1);
    world.network.open = { websocket: false, sse: false, http: true };
    world.activity.touched();
    await world.clock.advance(DAY);
    const requests = world.network.requests.length;
    console.info(`idle day, polling only: ${requests} requests of ${BASELINE}, ${share(requests)}`);
    expect(requests).toBeLessThanOrEqual(BASELINE * 0.1);
  });
});
