import { describe, expect, it } from "vitest";
import { allowedTransports, parseTransports } from "./allowed-transports.ts";

const free = { pinned: [], configured: [] };

describe("the allowed transports", () => {
  it("are all of them, best first, until something is said against it", () => {
    expect(allowedTransports(free, null)).toEqual(["websocket", "sse", "polling"]);
    expect(allowedTransports(free, { some_feature: false })).toHaveLength(3);
  });

  it("are without those that a flag switches off", () => {
    expect(allowedTransports(free, { websocket: false })).toEqual(["sse", "polling"]);
  });

  it("are those of the deployment, in its order", () => {
    const rules = { pinned: [], configured: parseTransports("sse, polling") };
    expect(allowedTransports(rules, { polling: false })).toEqual(["sse"]);
  });

  it("keep polling when everything is switched off", () => {
    const flags = { websocket: false, sse: false, polling: false };
    expect(allowedTransports(free, flags)).toEqual(["polling"]);
  });

  it("are exactly the pinned ones, whatever the flags say", () => {
    const rules = { pinned: parseTransports("polling"), configured: [] };
    expect(allowedTransports(rules, { polling: false })).toEqual(["polling"]);
  });

  it("ignore names that are no transports", () => {
    expect(parseTransports("carrier-pigeon,sse")).toEqual(["sse"]);
    expect(parseTransports(null)).toEqual([]);
  });
});
