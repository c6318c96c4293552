import type { Cancel, Clock } from "./clock.ts";
import { Signal, type Subscribable } from "./subscribable.ts";

/** Why requests are held back. A set: any one of them is enough. */
export type PauseReason = "hidden" | "offline" | "interacting";

/** An interaction is over when nothing was touched for this long. */
export const INTERACTION_MS = 1_500;
/** Longer interactions (an hour of scrolling) stop pausing, so that they cannot starve the view. */
export const INTERACTION_MAX_MS = 30_000;
/** Nobody is taken to be there after this long without a touch. */
export const UNATTENDED_MS = 10 * 60_000;
/** How often the clock is looked at; a look that comes `SLEEP_MS` late was slept through. */
const LOOK_MS = 10_000;
export const SLEEP_MS = 30_000;
/** In a hidden tab timers may run but once a minute without anybody having slept. */
const HIDDEN_SLEEP_MS = 120_000;

/** What the page tells about its user. `watchPage` feeds it in a browser, tests by hand. */
export interface ActivityEvents {
  onWake(listener: (sleptMs: number) => void): Cancel;
  onOnline(listener: (online: boolean) => void): Cancel;
}

/** Knows whether somebody looks, touches, or has come back. */
export class Activity implements ActivityEvents {
  readonly #clock: Clock;
  readonly #pauses = new Signal<ReadonlySet<PauseReason>>(new Set());
  readonly #wake = new Set<(sleptMs: number) => void>();
  readonly #online = new Set<(online: boolean) => void>();
  #touchedAt: number;
  #interactingSince = 0;
  #lookedAt: number;
  #cancelInteraction: Cancel = () => {};
  #cancelLook: Cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#touchedAt = clock.now();
    this.#lookedAt = clock.now();
  }

  /** The reasons in force. */
  get pauses(): Subscribable<ReadonlySet<PauseReason>> {
    return this.#pauses;
  }

  is(reason: PauseReason): boolean {
    return this.#pauses.get().has(reason);
  }

  /** Whether somebody has touched the page in the last minutes. */
  get attended(): boolean {
    return this.#clock.now() - this.#touchedAt < UNATTENDED_MS;
  }

  get touchedAt(): number {
    return this.#touchedAt;
  }

  onWake(listener: (sleptMs: number) => void): Cancel {
    this.#wake.add(listener);
    return () => this.#wake.delete(listener);
  }

  onOnline(listener: (online: boolean) => void): Cancel {
    this.#online.add(listener);
    return () => this.#online.delete(listener);
  }

  /** A pointer, a key, a wheel. Coming back to an unattended page counts as waking. */
  touched(): void {
    const now = this.#clock.now();
    const returns = !this.attended;
    this.#touchedAt = now;
    if (!this.is("interacting")) this.#interactingSince = now;
    this.#cancelInteraction();
    if (now - this.#interactingSince < INTERACTION_MAX_MS) {
      this.#set("interacting", true);
      this.#cancelInteraction = this.#clock.after(INTERACTION_MS, () =>
        this.#set("interacting", false),
      );
    } else {
      this.#set("interacting", false);
    }
    if (returns) this.#announceWake(0);
  }

  setHidden(hidden: boolean): void {
    if (hidden === this.is("hidden")) return;
    const slept = this.#look();
    this.#set("hidden", hidden);
    if (hidden) return;
    this.#touchedAt = this.#clock.now();
    this.#announceWake(slept);
  }

  setOnline(online: boolean): void {
    if (online !== this.is("offline")) return;
    this.#set("offline", !online);
    for (const listener of [...this.#online]) listener(online);
  }

  /** Starts watching the clock for sleep. */
  start(): Cancel {
    this.#lookedAt = this.#clock.now();
    const look = (): void => {
      const slept = this.#look();
      if (slept > 0 && !this.is("hidden")) this.#announceWake(slept);
      this.#cancelLook = this.#clock.after(LOOK_MS, look);
    };
    this.#cancelLook = this.#clock.after(LOOK_MS, look);
    return () => {
      this.#cancelLook();
      this.#cancelInteraction();
    };
  }

  /** How long the machine slept since the last look; 0 if it did not. */
  #look(): number {
    const now = this.#clock.now();
    const late = now - this.#lookedAt - LOOK_MS;
    this.#lookedAt = now;
    return late >= (this.is("hidden") ? HIDDEN_SLEEP_MS : SLEEP_MS) ? late : 0;
  }

  #announceWake(sleptMs: number): void {
    for (const listener of [...this.#wake]) listener(sleptMs);
  }

  #set(reason: PauseReason, on: boolean): void {
    const pauses = this.#pauses.get();
    if (pauses.has(reason) === on) return;
    const next = new Set(pauses);
    if (on) next.add(reason);
    else next.delete(reason);
    this.#pauses.set(next);
  }
}

const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"] as const;

/** Lets an `Activity` follow a browser page. The page's own names, hence the structural types. */
export function watchPage(activity: Activity, page: Document, view: Window): Cancel {
  const listening = new AbortController();
  const { signal } = listening;
  const touched = (): void => activity.touched();
  const seen = (): void => activity.setHidden(page.visibilityState === "hidden");
  const network = (): void => activity.setOnline(view.navigator.onLine);
  for (const touch of TOUCHES) view.addEventListener(touch, touched, { signal, passive: true });
  page.addEventListener("visibilitychange", seen, { signal });
  // Back from the back/forward cache: every connection was closed.
  view.addEventListener("pageshow", seen, { signal });
  view.addEventListener("online", network, { signal });
  view.addEventListener("offline", network, { signal });
  seen();
  network();
  const stop = activity.start();
  return () => {
    listening.abort();
    stop();
  };
}
