import {
  type Completion,
  type Failure,
  type LogLine,
  type Progress,
  type Queue,
  QueueUnavailable,
  type WorkItem,
} from "../queue/queue.ts";
import type { Clock } from "../safe-fetch/clock.ts";
import { describeFailure } from "./failure.ts";
import { errorFields, type Log } from "./log.ts";

/** Progress goes out this often at most, for all items in one call. */
const reportEveryMs = 250;
/** Results a call: few enough that their rows, as text and as bytes, never fill the memory at once. */
const maxBatch = 4;
/** A database that is away is asked again after these pauses; then the leases take care of the rest. */
const retryPausesMs = [100, 400, 1_600];

/**
 * What goes back to the queue. Results that come in while a call is under way travel together with the
 * next one; a result that the database refuses never takes its neighbours down with it.
 */
export class Outbox {
  readonly #queue: Queue;
  readonly #clock: Clock;
  readonly #log: Log;
  #completions: Completion[] = [];
  #failures: Failure[] = [];
  #releases: WorkItem[] = [];
  #sending: Promise<void> | null = null;
  /** By claim: an item may be claimed again while an earlier step of it is still ending. */
  readonly #reports = new Map<string, { item: WorkItem; progress: Progress; log: LogLine[] }>();
  #cancelReport: (() => void) | null = null;

  readonly #onSent: () => void;

  /** `onSent` is called after each round of results: what they led to may be claimed now. */
  constructor(queue: Queue, clock: Clock, log: Log, onSent: () => void) {
    this.#queue = queue;
    this.#clock = clock;
    this.#log = log;
    this.#onSent = onSent;
  }

  complete(completion: Completion): void {
    this.#completions.push(completion);
    this.#send();
  }

  fail(failure: Failure): void {
    this.#failures.push(failure);
    this.#send();
  }

  release(item: WorkItem): void {
    this.#releases.push(item);
    this.#send();
  }

  /** Notes progress and log lines; the newest progress counts, every line does. */
  report(item: WorkItem, progress: Progress, line: LogLine | null): void {
    const report = this.#reports.get(claimOf(item)) ?? { item, progress: {}, log: [] };
    this.#reports.set(claimOf(item), report);
    Object.assign(report.progress, progress);
    if (line !== null) report.log.push(line);
    this.#cancelReport ??= this.#clock.after(reportEveryMs, () => void this.#sendReports());
  }

  /** Takes back what was not reported yet: its lines belong into the effect now, its progress is overtaken. */
  withdrawReport(item: WorkItem): LogLine[] {
    const report = this.#reports.get(claimOf(item));
    this.#reports.delete(claimOf(item));
    return report?.log ?? [];
  }

  /** Results that wait for their call; a worker that is far ahead of the database takes no more work. */
  get waiting(): number {
    return this.#completions.length + this.#failures.length;
  }

  /** Whether results are on their way: what they lead to cannot be claimed yet. */
  get busy(): boolean {
    return this.#sending !== null;
  }

  /** Resolves when everything given so far was sent, or given up. */
  async drained(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
    if (this.#cancelReport !== null) {
      this.#cancelReport();
      await this.#sendReports();
    }
  }

  #send(): void {
    this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    // Whatever finishes in this very moment travels along.
    await Promise.resolve();
    while (this.#completions.length + this.#failures.length + this.#releases.length > 0) {
      const completions = this.#completions.splice(0, maxBatch);
      const failures = this.#failures.splice(0);
      const releases = this.#releases.splice(0);
      await this.#deliver(
        completions,
        (some) => this.#queue.complete(some),
        ({ item }, refusal) => this.#failures.push(describeFailure(item, refusal)),
      );
      // What even this refuses is left to its lease.
      await this.#deliver(failures, (some) => this.#queue.fail(some));
      await this.#deliver(releases, (some) => this.#queue.release(some));
      this.#onSent();
    }
    this.#sending = null;
  }

  /** Sends results together and, when they are refused, one by one. */
  async #deliver<T>(
    results: T[],
    call: (results: T[]) => Promise<void>,
    onRefused: (result: T, refusal: unknown) => void = () => {},
  ): Promise<void> {
    if (results.length === 0) return;
    const refusal = await this.#attempt(() => call(results));
    if (refusal === null) return;
    for (const result of results) {
      if (results.length === 1) onRefused(result, refusal);
      else await this.#deliver([result], call, onRefused);
    }
  }

  async #sendReports(): Promise<void> {
    this.#cancelReport = null;
    const reports = [...this.#reports.values()];
    this.#reports.clear();
    if (reports.length > 0) await this.#attempt(() => this.#queue.report(reports));
  }

  /** Null when it worked; else the error, after patience with a database that is away has run out. */
  async #attempt(call: () => Promise<unknown>): Promise<unknown> {
    for (const pause of [...retryPausesMs, null]) {
      try {
        await call();
        return null;
      } catch (cause) {
        if (pause === null || !(cause instanceof QueueUnavailable)) {
          this.#log("queue_refused", errorFields(cause));
          return cause;
        }
      }
      await new Promise<void>((resolve) => this.#clock.after(pause, resolve));
    }
    return null;
  }
}

const claimOf = ({ id, lease }: WorkItem) => `${id}:${lease}`;
