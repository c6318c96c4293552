import { leaseMs, type Queue, type WorkItem } from "../queue/queue.ts";
import type { Clock } from "../safe-fetch/clock.ts";
import type { SafeFetch } from "../safe-fetch/safe-fetch.ts";
import { describeFailure, LeaseLost, WorkerStopping } from "./failure.ts";
import type { Handler } from "./handler.ts";
import { errorFields, type Log } from "./log.ts";
import { Outbox } from "./outbox.ts";

/** How long a worker may go on, in ms since its start. */
export interface Budget {
  /** From here on nothing new is claimed; what runs may finish. */
  softMs: number;
  /** What still runs then goes back to the queue. */
  hardMs: number;
  /** CPU time after which nothing new is claimed; Supabase ends a function after 2 s of it. */
  cpuMs: number;
}

export interface DrainSettings {
  queue: Queue;
  handlers: ReadonlyMap<string, Handler>;
  door: Pick<SafeFetch, "fetch" | "open">;
  clock: Clock;
  /** CPU time this process has used so far, in ms. */
  cpuMs: () => number;
  budget: Budget;
  /** Items worked on at the same time. Hosts and providers are bounded besides, by the door and by the claim. */
  parallel: number;
  log: Log;
  /** What is to be seen to beside the queue, at the start and at every wake; never twice at a time. */
  chores?: (signal: AbortSignal) => Promise<void>;
  /** Aborts when the isolate is about to end. */
  stopping: AbortSignal;
}

export type DrainEnd = "empty" | "budget" | "stopped";

/** One worker at work, from its start until the queue is empty or its time is up. */
export interface Drain {
  /** Never rejects. */
  finished: Promise<{ end: DrainEnd; steps: number }>;
  /** Something may have changed: looks at once for new work, and for leases that were taken away. */
  wake(): void;
  /** False as soon as nothing new will be claimed: whoever finds work then needs another drain. */
  claims(): boolean;
}

/** Leases are checked this often: a pause or cancel aborts its fetch within a second, hint or no hint. */
const heartbeatMs = 300;
/** A handler that does not heed its signal is left behind after so long. */
const graceMs = 2_000;
/** While others may hand work back, and when what is due cannot be had, the queue is asked this often. */
const pollMs = 1_000;
/** What falls due later than this is left to the tick, which comes every few seconds. */
const longestNapMs = 10_000;
/** A worker that found nothing for so long ends, even though something seems due (its session is paused). */
const lingerMs = 5_000;

interface Running {
  item: WorkItem;
  controller: AbortController;
}

const leaseLost = () => new LeaseLost("The lease was taken away.");

/** Starts to drain the queue. */
export function startDrain(settings: DrainSettings): Drain {
  const { queue, handlers, door, clock, budget, parallel, log, stopping } = settings;
  const startedAt = clock.now();
  const cpuAtStart = settings.cpuMs();
  const outbox = new Outbox(queue, clock, log, wake);
  const running = new Set<Running>();
  let steps = 0;
  let troubles = 0;
  let wakeUp: () => void = () => {};
  let woken = false;
  let cancelHeartbeat: (() => void) | null = null;
  let extendedAt = startedAt;
  let claiming = true;

  function wake(): void {
    woken = true;
    wakeUp();
  }

  /** Waits for `wake`, for at most `ms`. A wake that came before the wait is not lost. */
  async function pause(ms: number): Promise<void> {
    if (!woken) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(ms, resolve);
        wakeUp = () => {
          cancel();
          resolve();
        };
      });
    }
    woken = false;
  }

  function ending(): DrainEnd | null {
    if (stopping.aborted) return "stopped";
    const spent = clock.now() - startedAt;
    const cpuSpent = settings.cpuMs() - cpuAtStart;
    return spent >= budget.softMs || cpuSpent >= budget.cpuMs ? "budget" : null;
  }

  async function drain(): Promise<DrainEnd> {
    let idleSince: number | null = null;
    for (;;) {
      const end = ending();
      if (end !== null) return end;
      const claimed = await claim();
      if (claimed > 0 || running.size > 0 || outbox.busy) {
        idleSince = null;
        if (claimed === 0 || running.size >= parallel) await pause(pollMs);
        continue;
      }
      idleSince ??= clock.now();
      const nap = await napMs(clock.now() - idleSince);
      if (nap === null) return "empty";
      await pause(nap);
    }
  }

  /** How long to wait for work, after having found none for `idleMs`; null: not at all. */
  async function napMs(idleMs: number): Promise<number | null> {
    const due = await queue.due().catch(() => 0);
    if (woken) return 0;
    if (due === null || due > longestNapMs) return null;
    if (due > 0) return Math.ceil(due);
    return idleMs < lingerMs ? pollMs : null;
  }

  async function claim(): Promise<number> {
    const free = Math.min(parallel - running.size, 2 * parallel - running.size - outbox.waiting);
    if (free <= 0) return 0;
    try {
      const items = await queue.claim(free);
      for (const item of items) void run(item);
      return items.length;
    } catch (cause) {
      log("claim_failed", errorFields(cause));
      return 0;
    }
  }

  async function run(item: WorkItem): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const begunAt = clock.now();
    // Claimed anew, after a pause perhaps: the step under way from before may take a while to see it.
    for (const earlier of running) {
      if (earlier.item.id === item.id) earlier.controller.abort(leaseLost());
    }
    const step = { item, controller };
    running.add(step);
    // Shows its subject as running, if the step takes long enough to be seen.
    outbox.report(item, {}, null);
    cancelHeartbeat ??= clock.after(heartbeatMs, () => void heartbeat());
    let result = "done";
    try {
      const handler = handlers.get(item.kind);
      if (handler === undefined) throw new Error(`no handler for ${item.kind}`);
      const outcome = await handler.run(item, {
        signal,
        clock,
        fetch: (url, request) => door.fetch(url, { signal, ...request }),
        open: door.open,
        progress: (progress) => outbox.report(item, progress, null),
        log: (level, message) => outbox.report(item, {}, { level, message }),
      });
      outbox.complete({ item, outcome, log: outbox.withdrawReport(item) });
    } catch (cause) {
      result = settleFailure(item, signal, cause);
    }
    running.delete(step);
    steps += 1;
    if (result === "done") return;
    troubles += 1;
    log("step_not_done", {
      kind: item.kind,
      provider: item.provider,
      item: item.id,
      session: item.sessionId,
      attempt: item.attempts,
      ms: clock.now() - begunAt,
      result,
    });
  }

  function settleFailure(item: WorkItem, signal: AbortSignal, cause: unknown): string {
    outbox.withdrawReport(item);
    if (signal.aborted && signal.reason instanceof LeaseLost) {
      wake();
      return "lease_lost";
    }
    if (signal.aborted) {
      outbox.release(item);
      return "released";
    }
    const failure = describeFailure(item, cause);
    if (failure.code === "internal")
      log("handler_failed", { kind: item.kind, ...errorFields(cause) });
    outbox.fail(failure);
    return failure.code;
  }

  /** Aborts what is not ours any more, and keeps the rest ours. */
  async function heartbeat(): Promise<void> {
    cancelHeartbeat?.();
    cancelHeartbeat = null;
    const asked = [...running];
    if (asked.length === 0) return;
    const items = asked.map(({ item }) => item);
    try {
      const prolongs = clock.now() - extendedAt >= leaseMs / 3;
      if (prolongs) extendedAt = clock.now();
      const held = await (prolongs ? queue.extend(items) : queue.held(items));
      for (const { item, controller } of asked) {
        if (!held.has(item.id)) controller.abort(leaseLost());
      }
    } catch (cause) {
      log("heartbeat_failed", errorFields(cause));
    }
    if (running.size > 0) cancelHeartbeat ??= clock.after(heartbeatMs, () => void heartbeat());
  }

  /** Lets what runs finish until the hard limit, then gives it back. */
  async function settle(): Promise<void> {
    const hardEnd = stopping.aborted ? clock.now() : startedAt + budget.hardMs;
    while (running.size > 0 && clock.now() < hardEnd && !stopping.aborted) {
      await pause(hardEnd - clock.now());
    }
    for (const { controller } of running) {
      controller.abort(new WorkerStopping("The worker's time is up."));
    }
    const lastMoment = clock.now() + graceMs;
    while (running.size > 0 && clock.now() < lastMoment) await pause(lastMoment - clock.now());
    for (const { item } of running) outbox.release(item);
    cancelHeartbeat?.();
    await outbox.drained();
  }

  let chores: Promise<void> | null = null;
  let choresAgain = false;
  function doChores(): void {
    if (settings.chores === undefined || stopping.aborted) return;
    // What was asked for meanwhile may be something new.
    choresAgain = chores !== null;
    chores ??= settings
      .chores(stopping)
      .catch((cause: unknown) => log("chores_failed", errorFields(cause)))
      .finally(() => {
        chores = null;
        if (choresAgain) doChores();
      });
  }

  stopping.addEventListener("abort", wake, { once: true });
  doChores();
  const finished = drain().then(async (end) => {
    claiming = false;
    await settle();
    while (chores !== null) await chores;
    stopping.removeEventListener("abort", wake);
    if (end !== "empty") await queue.wakeAnother().catch(() => {});
    if (steps > 0) log("drained", { end, steps, troubles, ms: clock.now() - startedAt });
    return { end, steps };
  });
  return {
    finished,
    wake() {
      wake();
      doChores();
      void heartbeat();
    },
    claims: () => claiming,
  };
}
