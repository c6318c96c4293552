/**
 * Many clients in one process, told by its parent what to do:
 *   {open: Seat[], way, address} → "open" once all of them are live or degraded
 *   "report" → {latencies, requests, revisions}, and forgets the latencies
 *   "close"
 */
import type { Cancel } from "../../web/src/live/clock.ts";
import type { LiveScope } from "../../web/src/live/live-scope.ts";
import { type Address, age, openScope, type Seat, type Way } from "./live-client.ts";

export interface CrowdReport {
  /** Milliseconds from writing to being in the store, of every stamped row. */
  readonly latencies: number[];
  readonly requests: number;
  readonly reconnects: number;
  /** Session → revision shown. */
  readonly revisions: Record<string, number>;
  readonly connected: number;
}

export type CrowdOrder =
  | { readonly kind: "open"; readonly seats: Seat[]; readonly way: Way; readonly address: Address }
  | { readonly kind: "report" }
  | { readonly kind: "close" };

const scopes: LiveScope[] = [];
let stops: Cancel[] = [];
let latencies: number[] = [];

const isUp = ({ connection }: LiveScope): boolean =>
  ["live", "degraded"].includes(connection.get().phase);

process.on("message", (order: CrowdOrder) => {
  if (order.kind === "open") {
    for (const seat of order.seats) open(order.address, seat, order.way);
    const wait = setInterval(() => {
      if (!scopes.every(isUp)) return;
      clearInterval(wait);
      process.send?.("open");
    }, 20);
  } else if (order.kind === "report") {
    const total = (counter: "requests" | "reconnects"): number =>
      scopes.reduce((sum, { metrics }) => sum + metrics.get()[counter], 0);
    const report: CrowdReport = {
      latencies,
      requests: total("requests"),
      reconnects: total("reconnects"),
      revisions: Object.fromEntries(
        scopes.map(({ scope, store }) => [scope.id, store.state().revision]),
      ),
      connected: scopes.filter(isUp).length,
    };
    latencies = [];
    process.send?.(report);
  } else {
    for (const stop of stops) stop();
    process.exit(0);
  }
});

function open(address: Address, seat: Seat, way: Way): void {
  const live = openScope(address, seat, way);
  let shown = 0;
  live.store.subscribe(() => {
    let newest = shown;
    for (const row of live.store.rows("otis_progress_events")) {
      const revision = Number(row.revision);
      newest = Math.max(newest, revision);
      const latency = revision > shown && shown > 0 ? age(row.message) : null;
      if (latency !== null) latencies.push(latency);
    }
    shown = Math.max(1, newest);
  });
  scopes.push(live);
  stops = [...stops, live.start()];
}
