import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import type { Logger } from "./logger.ts";

/** How many transactions may be unconfirmed before they are looked up unasked. */
const MOST_PENDING = 1_000;
const FIRST_WAIT_MS = 1;
const GIVE_UP_AFTER_MS = 5_000;

/**
 * A commit reaches the replication stream when it is in the log, which is moments before other sessions see
 * its rows; a committing session that loses the processor in between stretches these moments. Three promises
 * depend on the difference: whoever is told of a change can read it; rows are not found invisible because
 * Postgres was asked about them too early (one in some thousand, under load); and whoever reads after
 * "subscribed" finds everything that happened before.
 */
export class VisibilityHorizon {
  readonly #sql: Sql;
  readonly #logger: Logger;
  /** Transactions seen in the stream and not yet known to be visible to others. */
  readonly #pending = new Set<number>();
  #purging = false;

  constructor(sql: Sql, logger: Logger) {
    this.#sql = sql;
    this.#logger = logger;
  }

  /** @param xid identifier of a committed transaction, 32 bits, as the stream gives it */
  note(xid: number): void {
    this.#pending.add(xid >>> 0);
    if (this.#pending.size < MOST_PENDING || this.#purging) return;
    this.#purging = true;
    const purge = this.settled();
    purge
      .catch(() => {})
      .finally(() => {
        this.#purging = false;
      });
  }

  /** After an interruption everything that was noted has long been visible, or never will be. */
  clear(): void {
    this.#pending.clear();
  }

  /** Resolves when every transaction noted so far is visible to others. Rejects when Postgres is gone. */
  async settled(): Promise<void> {
    const awaited = new Set(this.#pending);
    const deadline = performance.now() + GIVE_UP_AFTER_MS;
    for (let wait = FIRST_WAIT_MS; awaited.size > 0; wait *= 2) {
      const [row] = await this.#sql<{ snapshot: string }[]>`
        select pg_current_snapshot()::text as snapshot
      `;
      for (const xid of awaited) {
        if (this.#pending.has(xid) && !isVisible(xid, row?.snapshot ?? "")) continue;
        awaited.delete(xid);
        this.#pending.delete(xid);
      }
      if (awaited.size === 0) return;
      if (performance.now() > deadline) {
        this.#logger.warn("A commit is not visible yet, going on without", { xids: [...awaited] });
        return;
      }
      await sleep(wait);
    }
  }
}

/**
 * Whether a transaction that has committed is visible in a snapshot.
 * @param snapshot `xmin:xmax:running,running…` in identifiers of 64 bits
 */
export function isVisible(xid: number, snapshot: string): boolean {
  const [, xmax = "0", running = ""] = snapshot.split(":");
  const underway = running.split(",").filter((each) => each !== "");
  if (underway.some((each) => low(BigInt(each)) === xid)) return false;
  // Identifiers wrap around: whichever is less than half the circle behind is the older one.
  const behind = (low(BigInt(xmax)) - xid) >>> 0;
  return behind > 0 && behind < 2 ** 31;
}

function low(xid: bigint): number {
  return Number(BigInt.asUintN(32, xid));
}
