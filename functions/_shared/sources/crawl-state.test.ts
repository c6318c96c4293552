import { describe, expect, it } from "vitest";
import { enqueue, startSecondRound, startState, toCheckpoint, upcoming } from "./crawl-state.ts";

const origin = "https://shop.example";
const start = () => startState({ name: null, domain: null });
const addresses = (count: number, length: number) =>
  Array.from({ length: count }, (_, nth) =>
    `${origin}/${nth}/`.padEnd(origin.length + length, "x"),
  );

describe("the checkpoint of a crawl", () => {
  it.each([150, 999, 2_000, 200_000])(
    "fits into a queue item, though every one of 2,000 addresses has %i characters and fails",
    (length) => {
      const state = start();
      enqueue(state, addresses(2_000, length), 1, origin);
      state.again = state.urls.map((_, nth) => nth);
      expect(JSON.stringify(toCheckpoint(state)).length).toBeLessThan(200_000);
      startSecondRound(state);
      expect(JSON.stringify(toCheckpoint(state)).length).toBeLessThan(200_000);
      expect(state.truncated).toBe(true);
    },
  );

  it("holds a site of usual addresses whole", () => {
    const state = start();
    enqueue(state, addresses(2_000, 70), 1, origin);
    expect(state).toMatchObject({ truncated: false, urls: { length: 2_000 } });
  });

  it("names what is read again by where it stands", () => {
    const state = start();
    enqueue(state, [`${origin}/a`, "https://jobs.shop.example/b"], 1, origin);
    state.at = 2;
    state.again = [1];
    startSecondRound(state);
    expect(upcoming(state, 8, origin)).toEqual([{ depth: 9, url: "https://jobs.shop.example/b" }]);
  });
});
