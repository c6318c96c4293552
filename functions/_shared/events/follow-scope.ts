import type { Clock } from "../safe-fetch/clock.ts";
import type { ProgressListener } from "./progress-listener.ts";
import { formatEvent, OPENING, sessionEvents, type WireDelta } from "./server-events.ts";

/** A beat tells a reader that the stream lives, and which revision she should be at. */
export const BEAT_MS = 15_000;
/** Between two reads of one stream; changes in between come together. Clients batch for longer. */
const READ_GAP_MS = 40;

export interface FollowOptions {
  /** A session's id or a user's. */
  readonly scope: string;
  /** Table whose rows `sessionEvents` puts into words. */
  readonly sessionTable: string;
  readonly since: number;
  /** The first delta, read before the answer began. */
  readonly first: WireDelta;
  readonly read: (since: number) => Promise<WireDelta>;
  readonly listener: ProgressListener;
  readonly clock: Clock;
  /** When the stream ends by plan, in clock time. */
  readonly endAt: number;
  /** Ends the stream by plan as well. */
  readonly stopping: AbortSignal;
  /** The reader is gone. */
  readonly signal: AbortSignal;
}

/**
 * The events of one scope, until `endAt`, the end of the isolate, or the reader's.
 *
 * Listens first and reads then, so that nothing falls between; what is heard only says *that* there
 * is something, the delta read says what. Rejects when a read does; the reader resumes elsewhere.
 */
export async function* followScope(options: FollowOptions): AsyncGenerator<string> {
  const { clock, read, signal, stopping, endAt } = options;
  const news = new News();
  const stops = [
    options.listener.hear(options.scope, {
      moved: (revision) => news.moved(revision ?? Number.POSITIVE_INFINITY),
      flags: () => news.flagsSwitched(),
    }),
    clock.after(Math.max(0, endAt - clock.now()), () => news.ring()),
  ];
  const ring = (): void => news.ring();
  for (const end of [signal, stopping]) end.addEventListener("abort", ring);
  let { since } = options;
  let session: WireDelta["rows"][number]["row"] | null = null;

  function* page(delta: WireDelta): Generator<string> {
    const row = delta.rows.findLast(({ table }) => table === options.sessionTable)?.row;
    if (delta.rows.length > 0 || delta.upto > since) {
      const committed_at = row?.updated_at ?? null;
      yield formatEvent("rows", { since, committed_at, ...delta }, delta.upto);
    }
    since = delta.upto;
    if (row === undefined) return;
    yield* sessionEvents(session, row);
    session = row;
  }

  try {
    yield OPENING;
    let delta = options.first;
    yield* page(delta);
    yield formatEvent("heartbeat", { revision: delta.revision }, since);
    // The first read may be older than the listener.
    news.moved(Number.POSITIVE_INFINITY);
    for (let beatAt = clock.now() + BEAT_MS; ; ) {
      if (!delta.more) await news.wait(clock, beatAt);
      if (signal.aborted) return;
      if (stopping.aborted || clock.now() >= endAt) {
        yield formatEvent("notice", { kind: "resume" });
        return;
      }
      if (news.takeFlags()) yield formatEvent("notice", { kind: "flags" });
      if (delta.more || news.takeBeyond(since)) {
        delta = await read(since);
        if (signal.aborted) return;
        yield* page(delta);
        if (!delta.more) await pause(clock, READ_GAP_MS);
      } else if (clock.now() >= beatAt) {
        yield formatEvent("heartbeat", { revision: since }, since);
        beatAt = clock.now() + BEAT_MS;
      }
    }
  } finally {
    for (const stop of stops) stop();
    for (const end of [signal, stopping]) end.removeEventListener("abort", ring);
  }
}

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.after(ms, resolve));

/** What was heard and not yet dealt with, and a bell for whoever waits for it. */
class News {
  #revision = 0;
  #flags = false;
  #rung = false;
  #wake: () => void = () => {};

  moved(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    this.ring();
  }

  flagsSwitched(): void {
    this.#flags = true;
    this.ring();
  }

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Whether something beyond `since` was heard; it counts as dealt with from here on. */
  takeBeyond(since: number): boolean {
    const beyond = this.#revision > since;
    this.#revision = 0;
    return beyond;
  }

  takeFlags(): boolean {
    const flags = this.#flags;
    this.#flags = false;
    return flags;
  }

  /** Resolves when the bell has rung since the last wait, or at `until`. */
  async wait(clock: Clock, until: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(Math.max(0, until - clock.now()), resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#wake = () => {};
    this.#rung = false;
  }
}
