import type { Pgoutput } from "pg-logical-replication";
import { type Change, readChange } from "./change.ts";
import type { Delivery } from "./delivery.ts";
import type { TableStates } from "./table-states.ts";
import type { VisibilityHorizon } from "./visibility-horizon.ts";

export interface FeedParts {
  readonly delivery: Pick<Delivery, "deliver">;
  readonly states: Pick<TableStates, "forget" | "clear">;
  readonly horizon: Pick<VisibilityHorizon, "note" | "clear">;
  /** Changes could not be delivered and are lost to their subscribers, who have to be told. */
  onFailure(error: unknown): void;
}

/** Changes delivered together at most; the more there are, the fewer questions each costs. */
const BATCH = 1_000;
/** Above this many waiting changes or bytes nothing more is read from Postgres until half are gone. */
const MOST_WAITING = { changes: 4_000, bytes: 16 * 1024 * 1024 };

/**
 * Takes the stream's messages, a transaction at a time, and delivers their changes in batches. While one
 * batch waits for answers from Postgres, the next one gathers.
 */
export class Feed {
  readonly #parts: FeedParts;
  #queue: (Change | Pgoutput.MessageRelation)[] = [];
  #bytes = 0;
  #committedAt = "";
  #pumping = false;
  /** Counts interruptions, so that a batch knows that its stream is over. */
  #stream = 0;
  #resume: (() => void) | undefined;
  /** Changes taken from the stream so far. */
  changes = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** The promise, if any, resolves when there is room for more. */
  push(message: Pgoutput.Message): Promise<void> | undefined {
    switch (message.tag) {
      case "begin": {
        // Microseconds; Date drops what is below a millisecond.
        this.#committedAt = new Date(Number(message.commitTime) / 1000).toISOString();
        this.#parts.horizon.note(message.xid);
        return undefined;
      }
      case "relation":
        this.#queue.push(message);
        return undefined;
      case "commit":
        void this.#pump();
        return this.#room();
      default: {
        const change = readChange(message, this.#committedAt);
        if (!change) return undefined;
        this.#queue.push(change);
        this.#bytes += change.size;
        this.changes += 1;
        if (this.#queue.length % BATCH === 0) void this.#pump();
        return this.#room();
      }
    }
  }

  /** Drops what is waiting: the stream is over, and with the next one subscribers start anew. */
  reset(): void {
    this.#stream += 1;
    this.#queue = [];
    this.#bytes = 0;
    this.#parts.states.clear();
    this.#parts.horizon.clear();
    this.#resume?.();
  }

  #room(): Promise<void> | undefined {
    const { changes, bytes } = MOST_WAITING;
    if (this.#queue.length < changes && this.#bytes < bytes) return undefined;
    // A transaction may be larger than the room there is.
    void this.#pump();
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    const stream = this.#stream;
    try {
      while (this.#queue.length > 0 && stream === this.#stream) {
        await this.#parts.delivery.deliver(this.#takeBatch());
        const { changes, bytes } = MOST_WAITING;
        if (this.#queue.length < changes / 2 && this.#bytes < bytes / 2) this.#resume?.();
      }
    } catch (error) {
      if (stream === this.#stream) this.#parts.onFailure(error);
    } finally {
      this.#pumping = false;
    }
    // What came for the next stream while the last batch of the old one was under way.
    if (stream !== this.#stream && this.#queue.length > 0) void this.#pump();
  }

  /** Changes up to the next point where a table becomes another. */
  #takeBatch(): Change[] {
    const batch: Change[] = [];
    let taken = 0;
    for (const item of this.#queue) {
      if ("tag" in item) {
        if (batch.length > 0) break;
        this.#parts.states.forget(item.relationOid);
      } else {
        if (batch.length === BATCH) break;
        batch.push(item);
        this.#bytes -= item.size;
      }
      taken += 1;
    }
    this.#queue.splice(0, taken);
    return batch;
  }
}
