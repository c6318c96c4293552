import type {
  Completion,
  Failure,
  ProgressReport,
  Queue,
  StepOutcome,
  WorkItem,
} from "../queue/queue.ts";

/** A queue in memory for the worker's tests; it keeps what it was told and lets tests interfere. */
export class MemoryQueue implements Queue {
  readonly ready: WorkItem[] = [];
  /** The lease that counts, by the item's id. */
  readonly leased = new Map<string, string>();
  dueInMs: number | null = null;
  wakes = 0;
  readonly completed: { id: string; outcome: StepOutcome }[] = [];
  readonly failed: Failure[] = [];
  readonly released: string[] = [];
  readonly reports: ProgressReport[][] = [];
  /** Sizes of the complete calls, to see what travelled together. */
  readonly batches: number[] = [];
  /** Called before every operation; may throw or wait. */
  interfere: (operation: keyof Queue) => void | Promise<void> = () => {};
  #leases = 0;

  add(id: string, kind = "noop"): void {
    this.ready.push({
      id,
      lease: "0",
      kind,
      provider: "shop.example",
      ownerId: "owner",
      sessionId: "session",
      groupId: "group",
      subjectId: "subject",
      attempts: 0,
      maxAttempts: 5,
      payload: {},
    });
  }

  async claim(limit: number): Promise<WorkItem[]> {
    await this.interfere("claim");
    const items = this.ready.splice(0, limit).map((item) => {
      this.#leases += 1;
      return { ...item, lease: String(this.#leases), attempts: item.attempts + 1 };
    });
    for (const { id, lease } of items) this.leased.set(id, lease);
    return items;
  }

  async complete(completions: readonly Completion[]): Promise<void> {
    await this.interfere("complete");
    this.batches.push(completions.length);
    for (const { item, outcome } of completions) {
      if (!this.#end(item)) continue;
      this.completed.push({ id: item.id, outcome });
      if (outcome.next === undefined) continue;
      this.ready.push({ ...item, payload: { checkpoint: outcome.next.checkpoint } });
    }
  }

  async fail(failures: readonly Failure[]): Promise<void> {
    await this.interfere("fail");
    this.failed.push(...failures.filter(({ item }) => this.#end(item)));
  }

  async release(items: readonly WorkItem[]): Promise<void> {
    await this.interfere("release");
    this.released.push(...items.filter((item) => this.#end(item)).map(({ id }) => id));
  }

  async report(reports: readonly ProgressReport[]): Promise<void> {
    await this.interfere("report");
    this.reports.push(structuredClone([...reports]));
  }

  async extend(items: readonly WorkItem[]): Promise<ReadonlySet<string>> {
    await this.interfere("extend");
    return this.#stillLeased(items);
  }

  async held(items: readonly WorkItem[]): Promise<ReadonlySet<string>> {
    await this.interfere("held");
    return this.#stillLeased(items);
  }

  #stillLeased(items: readonly WorkItem[]): ReadonlySet<string> {
    return new Set(items.filter((item) => this.#holds(item)).map(({ id }) => id));
  }

  #holds({ id, lease }: WorkItem): boolean {
    return this.leased.get(id) === lease;
  }

  #end(item: WorkItem): boolean {
    return this.#holds(item) && this.leased.delete(item.id);
  }

  async due(): Promise<number | null> {
    await this.interfere("due");
    return this.ready.length > 0 ? 0 : this.dueInMs;
  }

  async wakeAnother(): Promise<void> {
    await this.interfere("wakeAnother");
    this.wakes += 1;
  }
}
