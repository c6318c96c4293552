import type { Activity } from "./activity.ts";
import type { Cancel, Clock, Random } from "./clock.ts";
import type { Scope } from "./delta.ts";
import type { LiveScope } from "./live-scope.ts";
import {
  type Exclusively,
  type Mutation,
  type MutationStorage,
  OfflineQueue,
  type Sent,
} from "./offline-queue.ts";
import { Signal, type Subscribable } from "./subscribable.ts";

/** A scope that nobody uses is kept this long: a remount, or a step back, finds it warm. */
export const LINGER_MS = 5_000;
/** How long the rows may take to agree with an answered mutation before they are read. */
const AGREE_MS = 2_000;

/** A change that the server refused; its patches are gone from the screen. */
export interface Conflict {
  readonly mutation: Mutation;
  readonly code: string;
  readonly message: string;
}

export interface LiveClientDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: Activity;
  /** Makes a scope, not yet started. */
  readonly makeScope: (scope: Scope) => LiveScope;
  readonly storage: MutationStorage;
  readonly exclusively: Exclusively;
  readonly send: (mutation: Mutation, signal: AbortSignal) => Promise<Sent>;
  readonly newKey: () => string;
}

interface Held {
  readonly live: LiveScope;
  users: number;
  stop: Cancel | null;
  cancelRelease: Cancel;
}

/** Everything live of one user in one tab: her open scopes and her pending mutations. */
export class LiveClient {
  readonly #deps: LiveClientDeps;
  readonly #held = new Map<string, Held>();
  readonly #queue: OfflineQueue;
  readonly #conflicts = new Signal<readonly Conflict[]>([]);
  readonly #stops: Cancel[] = [];

  constructor(deps: LiveClientDeps) {
    this.#deps = deps;
    const { storage, exclusively, send, clock, random, activity } = deps;
    this.#queue = new OfflineQueue({
      storage,
      exclusively,
      send,
      clock,
      random,
      events: {
        queued: (mutation) => this.#show(mutation),
        decided: (mutation, sent) => void this.#decided(mutation, sent),
      },
    });
    this.#stops.push(
      activity.onOnline((online) => {
        if (online) void this.#queue.flush();
      }),
    );
  }

  /** Sends what an earlier page left behind. To be called once. */
  start(): Cancel {
    void this.#queue.load();
    return () => {
      this.#queue.stop();
      for (const stop of this.#stops) stop();
      for (const { stop, cancelRelease } of this.#held.values()) {
        cancelRelease();
        stop?.();
      }
      this.#held.clear();
    };
  }

  /** The live scope, made on first use. It starts when it is retained. */
  scope(scope: Scope): LiveScope {
    return this.#hold(scope).live;
  }

  /** Keeps the scope running until the returned function is called, and `LINGER_MS` longer. */
  retain(scope: Scope): Cancel {
    const held = this.#hold(scope);
    held.users += 1;
    held.cancelRelease();
    held.stop ??= held.live.start();
    let retained = true;
    return () => {
      if (!retained) return;
      retained = false;
      held.users -= 1;
      this.#releaseLater(scope, held);
    };
  }

  /** Mutations the server has not decided on. */
  get pending(): Subscribable<readonly Mutation[]> {
    return this.#queue.pending;
  }

  /** What was refused and not yet dismissed. */
  get conflicts(): Subscribable<readonly Conflict[]> {
    return this.#conflicts;
  }

  dismiss(conflict: Conflict): void {
    this.#conflicts.set(this.#conflicts.get().filter((other) => other !== conflict));
  }

  /** Shows the change at once, sends it when possible. Resolves when it was sent, or waits in the storage. */
  async mutate(scope: Scope, wish: Pick<Mutation, "action" | "data" | "patches">): Promise<void> {
    await this.#queue.add({ ...wish, scope: nameOf(scope), key: this.#deps.newKey() });
  }

  /** The user has a fresh token. */
  authenticated(): void {
    for (const { live } of this.#held.values()) live.authenticated();
    void this.#queue.flush();
  }

  #hold(scope: Scope): Held {
    const name = nameOf(scope);
    const known = this.#held.get(name);
    if (known !== undefined) return known;
    const live = this.#deps.makeScope(scope);
    const held: Held = { live, users: 0, stop: null, cancelRelease: () => {} };
    this.#held.set(name, held);
    this.#releaseLater(scope, held);
    for (const mutation of this.#queue.pending.get()) {
      if (mutation.scope === name) this.#show(mutation);
    }
    return held;
  }

  #releaseLater(scope: Scope, held: Held): void {
    held.cancelRelease();
    if (held.users > 0) return;
    held.cancelRelease = this.#deps.clock.after(LINGER_MS, () => {
      this.#held.delete(nameOf(scope));
      held.stop?.();
    });
  }

  #show({ key, scope, patches }: Mutation): void {
    const store = this.#held.get(scope)?.live.store;
    store?.lay(patches.map((patch) => ({ ...patch, key })));
  }

  async #decided(mutation: Mutation, sent: Exclude<Sent, { kind: "later" }>): Promise<void> {
    const live = this.#held.get(mutation.scope)?.live;
    if (sent.kind === "refused") {
      live?.store.rollBack(mutation.key);
      const { code, message } = sent;
      this.#conflicts.set([...this.#conflicts.get(), { mutation, code, message }]);
      return;
    }
    if (live?.store.acknowledge(mutation.key, sent.revision) !== true) return;
    if (sent.revision !== null) return;
    this.#deps.clock.after(AGREE_MS, () => void this.#insist(live, mutation.key));
  }

  /** The rows did not come to agree by themselves: what the database says now is the outcome. */
  async #insist(live: LiveScope, key: string): Promise<void> {
    if (!live.store.acknowledge(key, null)) return;
    const result = await live.refresh();
    if (result.kind === "done") live.store.acknowledge(key, live.store.state().revision);
    else this.#deps.clock.after(AGREE_MS, () => void this.#insist(live, key));
  }
}

const nameOf = ({ kind, id }: Scope): string => `${kind}:${id}`;
