type Closer = () => Promise<unknown> | unknown;

/** What has to be undone, in the opposite order in which it was done, at the end or when a later step fails. */
export class Closers {
  readonly #closers: Closer[] = [];

  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Runs all of them, each once, even if some fail; then throws what failed first. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const closer of this.#closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
