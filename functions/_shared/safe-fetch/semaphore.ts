/** At most `limit` holders at a time, served in order of arrival; a waiter leaves when its signal aborts. */
export class Semaphore {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Resolves with the function that gives the place back; rejects with the signal's reason. */
  acquire(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve(this.#releaseOnce());
      };
      const leave = () => {
        this.#waiting.delete(enter);
        reject(signal.reason);
      };
      if (this.#free > 0) {
        this.#free -= 1;
        enter();
        return;
      }
      this.#waiting.add(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #releaseOnce(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const [next] = this.#waiting;
      if (next === undefined) {
        this.#free += 1;
        return;
      }
      this.#waiting.delete(next);
      next();
    };
  }
}
