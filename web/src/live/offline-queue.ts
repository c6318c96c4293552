import { fullJitter, reconnectBackoff } from "./backoff.ts";
import type { Cancel, Clock, Random } from "./clock.ts";
import type { Row } from "./delta.ts";
import { Signal, type Subscribable } from "./subscribable.ts";
import { within } from "./within.ts";

/** How long an answer may take. Until it comes, nothing else is sent, by no tab. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** A change the user wants, kept until the server has decided on it. */
export interface Mutation {
  /** Idempotency key: sent twice, it acts once. */
  readonly key: string;
  /** Place in the order; unique within a tab, ties between tabs go by key. */
  readonly order: number;
  /** Scope whose rows it shows on, as `LiveClient` names scopes. */
  readonly scope: string;
  readonly action: string;
  readonly data: unknown;
  readonly patches: readonly {
    readonly table: string;
    readonly id: string;
    readonly change: Row;
  }[];
}

/** What the server decided. */
export type Sent =
  /** Done; `revision` contains it, or null if the server does not say which does. */
  | { readonly kind: "done"; readonly revision: number | null }
  /** Will never be done; `message` is for the user. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  /** No decision yet: no network, no token, a busy server. */
  | { readonly kind: "later"; readonly retryAfterMs: number };

/** Where mutations outlive the page. All calls may come from several tabs. */
export interface MutationStorage {
  all(): Promise<Mutation[]>;
  put(mutation: Mutation): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Runs one task at a time over all tabs (Web Locks), or at least in this one. */
export type Exclusively = <T>(task: () => Promise<T>) => Promise<T>;

export interface QueueEvents {
  /** A mutation waits; also said of those an earlier page left behind. */
  queued(mutation: Mutation): void;
  decided(mutation: Mutation, sent: Exclude<Sent, { kind: "later" }>): void;
}

interface OfflineQueueDeps {
  readonly storage: MutationStorage;
  readonly exclusively: Exclusively;
  readonly send: (mutation: Mutation, signal: AbortSignal) => Promise<Sent>;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: QueueEvents;
}

/**
 * Mutations in the order they were made, persisted before they are sent, sent one at a time.
 *
 * One that cannot be decided yet holds back those behind it: replay keeps the order. Tabs share
 * the storage; whichever holds the lock sends for all, and a tab that finds its mutation gone
 * takes it for done and reads how it ended.
 */
export class OfflineQueue {
  readonly #deps: OfflineQueueDeps;
  readonly #abort = new AbortController();
  readonly #pending = new Signal<readonly Mutation[]>([]);
  /** Keys that were seen in the storage: if one is no longer there, another tab has sent it. */
  readonly #stored = new Set<string>();
  #lastOrder = 0;
  #flushing: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #cancelRetry: Cancel = () => {};

  constructor(deps: OfflineQueueDeps) {
    this.#deps = deps;
  }

  /** What this tab knows to be waiting, in order. */
  get pending(): Subscribable<readonly Mutation[]> {
    return this.#pending;
  }

  /** Takes up what an earlier page left behind, and sends it. */
  async load(): Promise<void> {
    const stored = await this.#deps.storage.all().catch(() => []);
    const known = new Set(this.#pending.get().map(({ key }) => key));
    const left = stored.filter(({ key }) => !known.has(key));
    this.#pending.set([...this.#pending.get(), ...left].toSorted(inOrder));
    for (const mutation of left.toSorted(inOrder)) {
      // The clock may not have moved since that page wrote it.
      this.#lastOrder = Math.max(this.#lastOrder, mutation.order);
      this.#stored.add(mutation.key);
      this.#deps.events.queued(mutation);
    }
    await this.flush();
  }

  /** Persists the mutation and sends it when its turn comes. */
  async add(wish: Omit<Mutation, "order">): Promise<void> {
    this.#lastOrder = Math.max(this.#lastOrder + 1, this.#deps.clock.now());
    const mutation = { ...wish, order: this.#lastOrder };
    this.#pending.set([...this.#pending.get(), mutation]);
    this.#deps.events.queued(mutation);
    // Without storage (private mode, full disk) the mutation still goes out; it only does not
    // outlive the page.
    await this.#deps.storage.put(mutation).then(
      () => this.#stored.add(mutation.key),
      () => {},
    );
    await this.flush();
  }

  /** Sends what waits, now: on coming online, on signing in. */
  flush(): Promise<void> {
    this.#cancelRetry();
    if (this.#flushing !== null) {
      this.#again = true;
      return this.#flushing;
    }
    this.#flushing = this.#deps
      .exclusively(() => this.#sendAll())
      .finally(() => {
        this.#flushing = null;
        if (this.#again) void this.flush();
        this.#again = false;
      });
    return this.#flushing;
  }

  stop(): void {
    this.#abort.abort();
    this.#cancelRetry();
  }

  async #sendAll(): Promise<void> {
    const { storage, events } = this.#deps;
    const { signal } = this.#abort;
    const mine = new Set(this.#stored);
    // If the storage cannot be read now, what this tab knows to wait is sent all the same.
    const stored = await storage.all().catch(() => this.#pending.get());
    for (const mutation of this.#toSend(stored, mine)) {
      if (signal.aborted) return;
      const sent = await this.#send(mutation);
      if (signal.aborted) return;
      if (sent.kind === "later") return this.#later(sent.retryAfterMs);
      this.#failures = 0;
      await storage.remove(mutation.key).catch(() => {});
      this.#forget(mutation);
      events.decided(mutation, sent);
    }
  }

  /** What is not answered may have been done: sent again, it is not done twice. */
  #send(mutation: Mutation): Promise<Sent> {
    const { send, clock } = this.#deps;
    return within({ clock, ms: ANSWER_TIMEOUT_MS, signal: this.#abort.signal }, (signal) =>
      send(mutation, signal),
    ).catch((): Sent => ({ kind: "later", retryAfterMs: 0 }));
  }

  /** What is stored, by whichever tab, and what could not be stored, in order. */
  #toSend(stored: readonly Mutation[], mine: ReadonlySet<string>): Mutation[] {
    const keys = new Set(stored.map(({ key }) => key));
    const unstored: Mutation[] = [];
    for (const mutation of this.#pending.get()) {
      if (keys.has(mutation.key)) continue;
      if (!mine.has(mutation.key)) {
        unstored.push(mutation);
        continue;
      }
      this.#forget(mutation);
      this.#deps.events.decided(mutation, { kind: "done", revision: null });
    }
    return [...stored, ...unstored].toSorted(inOrder);
  }

  #forget({ key }: Mutation): void {
    this.#stored.delete(key);
    this.#pending.set(this.#pending.get().filter((mutation) => mutation.key !== key));
  }

  #later(retryAfterMs: number): void {
    this.#failures += 1;
    const backoff = fullJitter(this.#failures, this.#deps.random(), reconnectBackoff);
    this.#cancelRetry = this.#deps.clock.after(
      Math.max(retryAfterMs, backoff),
      () => void this.flush(),
    );
  }
}

const inOrder = (a: Mutation, b: Mutation): number =>
  a.order - b.order || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
