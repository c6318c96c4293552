import type { CaughtUp } from "./catch-up.ts";
import type { Cancel, Clock } from "./clock.ts";
import { pulseDelay } from "./polling-schedule.ts";

interface SlowPulseDeps {
  readonly clock: Clock;
  /** Whether a pulse is needed now: a socket is open and somebody could be looking. */
  readonly wanted: () => boolean;
  readonly working: () => boolean;
  readonly attended: () => boolean;
  /** Reads the delta. */
  readonly read: () => Promise<CaughtUp>;
}

/**
 * Reads the revision now and then although a socket is open, since the loss of the *last* event
 * leaves no gap. Every proof of being current (an event in order, a read) starts the wait anew,
 * so a busy session hardly ever needs one, and a quiet one ever more rarely.
 */
export class SlowPulse {
  readonly #deps: SlowPulseDeps;
  #provenAt: number;
  #empty = 0;
  #cancel: Cancel = () => {};

  constructor(deps: SlowPulseDeps) {
    this.#deps = deps;
    this.#provenAt = deps.clock.now();
  }

  /** What is shown was current just now; `changed` if it moved. */
  proven(changed: boolean): void {
    this.#provenAt = this.#deps.clock.now();
    if (changed) this.#empty = 0;
    this.plan();
  }

  /** Somebody is back: the wait is a busy session's again. */
  rouse(): void {
    this.#empty = 0;
    this.plan();
  }

  /** To be called when the answer of `wanted`, `working` or `attended` may have changed. */
  plan(): void {
    const { clock, wanted, working, attended } = this.#deps;
    this.#cancel();
    if (!wanted()) return;
    const wait = pulseDelay({
      working: working(),
      attended: attended(),
      emptyPulses: this.#empty,
    });
    const delay = Math.max(0, this.#provenAt + wait - clock.now());
    this.#cancel = clock.after(delay, () => void this.#beat());
  }

  stop(): void {
    this.#cancel();
  }

  async #beat(): Promise<void> {
    const result = await this.#deps.read();
    // A failed read is tried again by itself; its success is a proof, and plans the next beat.
    if (result.kind !== "done" || result.changed > 0) return;
    this.#empty += 1;
    this.plan();
  }
}
