import { vi } from "vitest";
import type { CaughtUp } from "../catch-up.ts";
import type { TransportSink } from "../transport.ts";

/** A sink that remembers what it was told. */
export function fakeSink(
  recheck: () => Promise<CaughtUp> = async () => ({ kind: "done", changed: 0 }),
) {
  return {
    up: vi.fn<TransportSink["up"]>(),
    change: vi.fn<TransportSink["change"]>(),
    delta: vi.fn<TransportSink["delta"]>(),
    newest: vi.fn<TransportSink["newest"]>(),
    recheck: vi.fn<TransportSink["recheck"]>(recheck),
    down: vi.fn<TransportSink["down"]>(),
  };
}
