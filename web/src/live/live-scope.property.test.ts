import fc from "fast-check";
import { describe, it } from "vitest";
import { perfect } from "./testing/simulated-network.ts";
import { type Step, World } from "./testing/simulated-world.ts";

const writes = fc.array(
  fc.record({
    table: fc.constantFrom("companies" as const, "postings" as const),
    id: fc.integer({ min: 1, max: 12 }).map(String),
    value: fc.integer({ min: 0, max: 1_000 }),
  }),
  { maxLength: 8 },
);

const likely = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });

/** Everything that can happen; `losses` are the parts of the frames that vanish unnoticed. */
const steps = (losses: readonly number[]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      likely(8, fc.record({ kind: fc.constant("write"), writes, holes: fc.constantFrom(0, 0, 1) })),
      likely(
        8,
        fc.record({
          kind: fc.constant("wait"),
          ms: fc.constantFrom(1, 10, 90, 200, 3_000, 40_000),
        }),
      ),
      likely(
        3,
        fc.record({
          kind: fc.constant("quality"),
          quality: fc.record({
            loss: fc.constantFrom(...losses),
            doubling: fc.constantFrom(0, 0.3),
            delayMs: fc.constantFrom(0, 30, 400),
            httpFailures: fc.constantFrom(0, 0.3),
          }),
        }),
      ),
      likely(1, fc.constant({ kind: "quality", quality: perfect })),
      likely(
        2,
        fc.record({
          kind: fc.constant("ways"),
          websocket: fc.boolean(),
          sse: fc.boolean(),
          http: fc.boolean(),
        }),
      ),
      likely(
        2,
        fc.record({
          kind: fc.constant("kill"),
          status: fc.constantFrom("CLOSED", "CHANNEL_ERROR", "TIMED_OUT"),
        }),
      ),
      likely(
        1,
        fc.record({ kind: fc.constant("flags"), websocket: fc.boolean(), sse: fc.boolean() }),
      ),
      likely(1, fc.record({ kind: fc.constant("sleep"), ms: fc.constantFrom(40_000, 600_000) })),
      likely(1, fc.record({ kind: fc.constant("hidden"), hidden: fc.boolean() })),
      likely(1, fc.record({ kind: fc.constant("online"), online: fc.boolean() })),
      likely(1, fc.constant({ kind: "touch" })),
      likely(1, fc.constant({ kind: "reload" })),
    ),
    { minLength: 5, maxLength: 60, size: "max" },
  );

const inWorld = async (
  happening: readonly Step[],
  seed: number,
  check: (world: World) => Promise<void>,
): Promise<void> => {
  const world = new World(seed);
  try {
    for (const step of happening) await world.take(step);
    await check(world);
    world.expectEqualToServer();
  } finally {
    world.close();
  }
};

describe("a live scope, whatever the network does", () => {
  it(
    "shows only states the database was in, never goes back, and ends up equal to it",
    () =>
      fc.assert(
        fc.asyncProperty(steps([0, 0.1, 0.5, 1]), fc.integer(), (happening, seed) =>
          inWorld(happening, seed, (world) => world.calmDown()),
        ),
        { numRuns: 300 },
      ),
    60_000,
  );

  it(
    "is equal to the database as soon as it is connected, unless frames vanish unnoticed",
    () =>
      fc.assert(
        fc.asyncProperty(steps([0]), fc.integer(), (happening, seed) =>
          inWorld(happening, seed, (world) => world.reconnect()),
        ),
        { numRuns: 300 },
      ),
    60_000,
  );
});
