import type { Activity } from "./activity.ts";
import { SLEEP_MS } from "./activity.ts";
import { allowedTransports, type TransportRules } from "./allowed-transports.ts";
import type { CaughtUp } from "./catch-up.ts";
import type { Cancel, Clock, Random } from "./clock.ts";
import { type Connection, describe } from "./connection.ts";
import type { Change, DeltaFailure, Flags, ReadDelta, Row, Scope } from "./delta.ts";
import { LinkKeeper } from "./link-keeper.ts";
import { Metrics } from "./metrics.ts";
import { type MetricsSample, reportMetrics } from "./metrics-reporter.ts";
import { ChangeRate } from "./polling-schedule.ts";
import { Reconciler } from "./reconciler.ts";
import { RowStore } from "./row-store.ts";
import { shareEqual } from "./sharing.ts";
import { SlowPulse } from "./slow-pulse.ts";
import { Signal, type Subscribable } from "./subscribable.ts";
import type { Transport } from "./transport.ts";
import type { Link } from "./transport-machine.ts";
import type { PollingView } from "./transports/polling.ts";

/** What a transport may know of the scope it serves. */
export interface TransportContext {
  readonly scope: Scope;
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: Activity;
  readonly view: PollingView;
  /** The revision up to which everything has been seen. */
  readonly since: () => number;
  /** To be called for every request made. */
  readonly requested: () => void;
}

export interface LiveScopeDeps {
  readonly scope: Scope;
  readonly read: ReadDelta;
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: Activity;
  readonly rules: TransportRules;
  readonly transports: (context: TransportContext) => readonly Transport[];
  /** Whether work is under way, going by the scope's own row. */
  readonly working: (scopeRow: Row) => boolean;
  /** Takes samples of the connection's metrics. */
  readonly report?: (sample: MetricsSample) => void;
}

/**
 * One scope, live: links bring hints, the reconciler makes them exact, the store shows them.
 *
 * Subscribe, then read, then reconcile: a link counts as up only once a read that began after
 * it was open has completed, so nothing can fall between the two.
 */
export class LiveScope {
  readonly scope: Scope;
  readonly store: RowStore;
  readonly metrics: Metrics;
  readonly #deps: LiveScopeDeps;
  readonly #reconciler: Reconciler;
  readonly #links: LinkKeeper;
  readonly #pulse: SlowPulse;
  readonly #rate = new ChangeRate();
  readonly #flags = new Signal<Flags | null>(null);
  readonly #connection: Signal<Connection>;
  /** Links that are open, and wait for a read to complete. */
  readonly #awaiting = new Set<Link>();
  #livelyAt: number;
  /** Server time of the newest change that is not shown yet. */
  #committedAt: number | null = null;

  constructor(deps: LiveScopeDeps) {
    const { scope, clock, random, activity, read, rules } = deps;
    this.#deps = deps;
    this.scope = scope;
    this.store = new RowStore(clock);
    this.metrics = new Metrics(clock);
    this.#livelyAt = clock.now();
    this.#reconciler = new Reconciler({
      scope,
      read,
      clock,
      random,
      store: this.store,
      metrics: this.metrics,
      events: {
        committed: (changes, committedAt) => this.#committed(changes, committedAt),
        flags: (flags) => this.#setFlags(flags),
        readEnded: (failure) => this.#readEnded(failure),
      },
    });
    this.#links = new LinkKeeper({
      clock,
      random,
      allowed: allowedTransports(rules, null),
      held: () => activity.is("hidden"),
      sink: (link) => this.#sink(link),
      transports: deps.transports({
        scope,
        clock,
        random,
        activity,
        since: () => this.#reconciler.revision,
        requested: () => this.metrics.count("requests"),
        view: {
          sessionCreatedAt: () => this.#createdAt(),
          livelyAt: () => Math.max(this.#livelyAt, activity.touchedAt),
          predictedAt: () => this.#rate.predict(),
        },
      }),
    });
    this.#pulse = new SlowPulse({
      clock,
      // A stream beats by itself, and polling is one long pulse.
      wanted: () => this.#links.hears("websocket") && !activity.is("hidden"),
      attended: () => activity.attended,
      working: () => {
        const row = this.#scopeRow();
        return row !== undefined && deps.working(row);
      },
      read: async () => {
        const result = await this.#reconciler.read();
        if (result.kind === "done" && result.changed > 0) this.metrics.count("gapsHealed");
        return result;
      },
    });
    this.#connection = new Signal(
      describe(this.#links.state.get(), this.#reconciler, null, clock.now()),
    );
  }

  get connection(): Subscribable<Connection> {
    return this.#connection;
  }

  /** The feature flags as they are for this user; null until the first read. */
  get flags(): Subscribable<Flags | null> {
    return this.#flags;
  }

  /** Starts; to be called once. The returned function ends everything for good. */
  start(): Cancel {
    const { activity } = this.#deps;
    const stops = [
      activity.pauses.subscribe(() => this.#followPauses()),
      activity.onWake((sleptMs) => this.#woke(sleptMs)),
      activity.onOnline((online) => this.#online(online)),
      this.#links.state.subscribe(() => this.#linksChanged()),
      this.store.subscribe(() => this.#shown()),
    ];
    const { report } = this.#deps;
    if (report !== undefined) {
      stops.push(
        reportMetrics({
          clock: this.#deps.clock,
          metrics: this.metrics,
          transport: () => this.#connection.get().transport,
          hidden: () => activity.is("hidden"),
          send: report,
        }),
      );
    }
    this.#followPauses();
    // The rows need not wait for a subscription; the read after it makes them exact.
    void this.#reconciler.read();
    this.#links.settle();
    return () => {
      for (const stop of stops) stop();
      this.#links.stop();
      this.#reconciler.stop();
      this.#pulse.stop();
      this.store.stop();
    };
  }

  /** Reads the delta now. Resolves when a read that began after this call has ended. */
  refresh(): Promise<CaughtUp> {
    return this.#reconciler.read();
  }

  /** The user has a fresh token: whatever failed for want of one is tried again. */
  authenticated(): void {
    this.#links.dispatch({ kind: "authenticated" });
    if (this.#reconciler.retryAt !== null) void this.#reconciler.read();
  }

  // -- links --------------------------------------------------------------------------------

  #sink(link: Link) {
    const reconciler = this.#reconciler;
    return {
      up: () => void this.#up(link),
      change: (change: Change, committedAt: number | null) =>
        reconciler.change(change, committedAt),
      delta: reconciler.delta.bind(reconciler),
      newest: (revision: number) => reconciler.newest(revision),
      recheck: () => reconciler.read(),
    };
  }

  async #up(link: Link): Promise<void> {
    const result = await this.#reconciler.read();
    if (result.kind === "done") this.#links.dispatch({ kind: "up", link });
    else if (this.#links.has(link)) this.#awaiting.add(link);
  }

  #readEnded(failure: DeltaFailure | null): void {
    if (failure === null) {
      this.#pulse.proven(false);
      const links = [...this.#awaiting];
      this.#awaiting.clear();
      for (const link of links) this.#links.dispatch({ kind: "up", link });
    } else if (failure.kind === "auth" || failure.kind === "gone") {
      this.#links.downAll(failure.kind);
    }
    this.#publish();
  }

  #linksChanged(): void {
    this.#pulse.plan();
    this.#publish();
  }

  #publish(): void {
    const { clock } = this.#deps;
    const state = this.#links.state.get();
    const before = this.#connection.get();
    const after = describe(state, this.#reconciler, before, clock.now());
    if (before.phase === "live" && after.phase !== "live") this.metrics.count("reconnects");
    this.#connection.set(after);
  }

  #setFlags(flags: Flags): void {
    this.#flags.set(shareEqual(this.#flags.get(), flags));
    const allowed = allowedTransports(this.#deps.rules, flags);
    if (allowed.join() === this.#links.state.get().allowed.join()) return;
    this.#links.dispatch({ kind: "allow", allowed });
  }

  // -- rows ---------------------------------------------------------------------------------

  #scopeRow(): Row | undefined {
    return this.store.row(this.scope.pulseTable, this.scope.id);
  }

  /** A scope that is not read yet counts as new, one without an age (an inbox) as old. */
  #createdAt(): number {
    const row = this.#scopeRow();
    return row === undefined ? this.#deps.clock.now() : (timeOf(row.created_at) ?? 0);
  }

  #committed(changes: readonly Change[], committedAt: number | null): void {
    const now = this.#deps.clock.now();
    this.#pulse.proven(changes.length > 0);
    if (changes.length === 0) return;
    this.#livelyAt = now;
    this.#committedAt = committedAt ?? this.#committedAt;
    const pulse = changes.findLast(({ table }) => table === this.scope.pulseTable);
    this.#rate.saw(Math.min(now, timeOf(pulse?.row.updated_at) ?? now));
  }

  #shown(): void {
    this.metrics.applied(this.#committedAt);
    this.#committedAt = null;
    // Whether work is under way may have changed with the scope's row.
    this.#pulse.plan();
  }

  // -- the page -----------------------------------------------------------------------------

  #followPauses(): void {
    const hidden = this.#deps.activity.is("hidden");
    this.#reconciler.setPaused(hidden);
    if (!hidden) this.#links.settle();
    this.#pulse.plan();
  }

  /** After a short look away the socket has told everything; after sleep nothing is sure. */
  #woke(sleptMs: number): void {
    if (sleptMs >= SLEEP_MS) {
      this.#links.dispatch({ kind: "woke" });
      void this.#reconciler.read();
    }
    this.#pulse.rouse();
  }

  #online(online: boolean): void {
    this.#links.dispatch({ kind: online ? "online" : "offline" });
    if (online) void this.#reconciler.read();
  }
}

function timeOf(value: unknown): number | null {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
