/** Stops what was started; calling it again does nothing. */
export type Cancel = () => void;

/** Time as the live core sees it. Passed in everywhere, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `ms` milliseconds from now, unless cancelled. */
  after(ms: number, task: () => void): Cancel;
}

/** A number in [0, 1), like `Math.random`. */
export type Random = () => number;

/** The clock of the machine this runs on. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
