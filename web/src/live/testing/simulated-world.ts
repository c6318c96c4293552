import { expect } from "vitest";
import { Activity } from "../activity.ts";
import type { Cancel } from "../clock.ts";
import { LiveScope } from "../live-scope.ts";
import { pollingTransport } from "../transports/polling.ts";
import { realtimeTransport } from "../transports/realtime.ts";
import { sseTransport } from "../transports/sse.ts";
import { ManualClock, seededRandom } from "./manual-clock.ts";
import { perfect, type Quality, SimulatedNetwork } from "./simulated-network.ts";
import {
  amountOf,
  contentsOf,
  SimulatedServer,
  sessionId,
  testScope,
  type Write,
} from "./simulated-server.ts";

/** What can happen in a world. */
export type Step =
  | { readonly kind: "write"; readonly writes: readonly Write[]; readonly holes: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "quality"; readonly quality: Quality }
  | {
      readonly kind: "ways";
      readonly websocket: boolean;
      readonly sse: boolean;
      readonly http: boolean;
    }
  | { readonly kind: "kill"; readonly status: "CLOSED" | "CHANNEL_ERROR" | "TIMED_OUT" }
  | { readonly kind: "flags"; readonly websocket: boolean; readonly sse: boolean }
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "hidden"; readonly hidden: boolean }
  | { readonly kind: "online"; readonly online: boolean }
  | { readonly kind: "touch" }
  | { readonly kind: "reload" };

/**
 * A server, a network and one tab with the real live core, on one clock. After every
 * notification of the store it checks what a user could see.
 */
export class World {
  readonly clock = new ManualClock();
  server = new SimulatedServer(this.clock.now);
  readonly network: SimulatedNetwork;
  readonly activity = new Activity(this.clock);
  live: LiveScope;
  /** What the scope is told about work being under way. */
  working = false;
  /** Times the store told anybody anything. */
  notifications = 0;
  readonly #random: () => number;
  /** Newest revision shown of each row. */
  readonly #seen = new Map<string, number>();
  #stop: Cancel;
  readonly #stopActivity: Cancel;

  constructor(seed: number) {
    const { clock, server } = this;
    this.#random = seededRandom(seed);
    this.network = new SimulatedNetwork({ server, clock, random: this.#random });
    this.#stopActivity = this.activity.start();
    this.live = this.makeScope();
    this.#stop = this.#open(this.live);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "write":
        return this.server.statement(unique(step.writes), step.holes);
      case "wait":
        return await this.clock.advance(step.ms);
      case "quality":
        this.network.quality = step.quality;
        return;
      case "ways": {
        const { kind: _, ...open } = step;
        this.network.open = open;
        if (!open.sse) this.network.killStreams();
        if (!open.websocket) this.network.killSockets("CHANNEL_ERROR");
        return;
      }
      case "kill":
        return this.network.killSockets(step.status);
      case "flags":
        this.server.flags = { websocket: step.websocket, sse: step.sse, polling: true };
        return;
      case "sleep":
        return this.clock.sleep(step.ms);
      case "hidden":
        return this.activity.setHidden(step.hidden);
      case "online":
        return this.activity.setOnline(step.online);
      case "touch":
        return this.activity.touched();
      case "reload":
        this.#stop();
        this.live = this.makeScope();
        this.#stop = this.#open(this.live);
    }
  }

  /** The faults end, somebody looks, and time passes. */
  async calmDown(ms = 400_000): Promise<void> {
    this.network.quality = perfect;
    this.network.open = { websocket: true, sse: true, http: true };
    this.activity.setOnline(true);
    this.activity.setHidden(false);
    await this.clock.advance(ms);
  }

  /** Until rows flow again; the slow pulse, and what it may find, is not waited for. */
  async reconnect(): Promise<void> {
    await this.calmDown(0);
    for (let waited = 0; waited < 700_000 && !this.connected; waited += 100) {
      await this.clock.advance(100);
    }
    await this.clock.advance(1_500); // frames under way, the reorder buffer, one read, one batch
  }

  /** Whether changes are told as they happen (polling tells them later), and no read has failed. */
  get connected(): boolean {
    const { phase, transport, retryAt } = this.live.connection.get();
    return (phase === "live" || phase === "degraded") && transport !== "polling" && !retryAt;
  }

  /** What the store shows: table/id → value. */
  shown(): Map<string, unknown> {
    const { store } = this.live;
    return contentsOf(
      Object.keys(testScope.tables).flatMap((table) =>
        [...store.rows(table)].map((row) => [table, row] as const),
      ),
    );
  }

  expectEqualToServer(): void {
    expect(this.live.store.state().phase).toBe("ready");
    expect(new Map([...this.shown()].toSorted())).toEqual(
      new Map([...this.server.contents()].toSorted()),
    );
    expect(this.live.store.state().revision).toBe(this.server.revision);
  }

  /** The database is a fresh one from now on, as after a restored backup. */
  restoreServer(): void {
    this.server = new SimulatedServer(this.clock.now);
    this.network.serve(this.server);
    this.#seen.clear();
  }

  /** Ends the world. */
  close(): void {
    this.#stop();
    this.#stopActivity();
  }

  /** A scope in this world, not started. */
  makeScope(): LiveScope {
    const { clock, activity, network } = this;
    return new LiveScope({
      scope: testScope,
      read: network.read,
      clock,
      random: this.#random,
      activity,
      rules: { pinned: [], configured: [] },
      working: () => this.working,
      report: () => network.requests.push(clock.now()),
      transports: (context) => [
        realtimeTransport({ scope: testScope, client: network.realtime, clock }),
        sseTransport({
          ...context,
          url: "https://otis.test/events",
          fetch: network.fetch,
          headers: () => Promise.resolve({}),
        }),
        pollingTransport(context),
      ],
    });
  }

  #open(live: LiveScope): Cancel {
    const { store } = live;
    const seen = this.#seen;
    seen.clear();
    const unsubscribe = store.subscribe(() => {
      this.notifications += 1;
      let sum = 0;
      for (const table of Object.keys(testScope.tables)) {
        for (const row of store.rows(table)) {
          const place = `${table}/${String(row.id)}`;
          const revision = Number(row.revision);
          expect(revision, `${place} went back`).toBeGreaterThanOrEqual(seen.get(place) ?? 0);
          seen.set(place, revision);
          sum += amountOf(row);
        }
      }
      if (store.state().phase === "ready") {
        expect(sum, "a checkpoint is shown half").toBe(store.row("sessions", sessionId)?.sum);
      }
    });
    const stop = live.start();
    return () => {
      unsubscribe();
      stop();
    };
  }
}

/** A statement writes a row once. */
function unique(writes: readonly Write[]): Write[] {
  return [...new Map(writes.map((write) => [`${write.table}/${write.id}`, write])).values()];
}
