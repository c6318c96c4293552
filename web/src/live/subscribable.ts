import type { Cancel } from "./clock.ts";

/** A value that can be read at any time and announces its changes. */
export interface Subscribable<T> {
  get(): T;
  subscribe(listener: () => void): Cancel;
}

/** A `Subscribable` that its owner may set. Setting an identical value tells nobody. */
export class Signal<T> implements Subscribable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): Cancel => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }
}
