import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";
import type { Logger } from "./logger.ts";

export interface ReplicationOptions {
  readonly databaseUrl: string;
  readonly publication: string;
  readonly logger: Logger;
  /** Every commit from here on will be reported. Called again after each interruption. */
  onStart(): void;
  /** The stream broke; what is committed until the next `onStart` will not be reported. */
  onInterrupt(): void;
  /** The next message; while the promise is pending, nothing more is read from Postgres. */
  onMessage(message: Pgoutput.Message): Promise<void> | void;
}

/** Values are printed in one form whatever the cluster's settings, and as `to_jsonb` needs them. */
export const SESSION = {
  TimeZone: "UTC",
  DateStyle: "ISO",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
} as const;

const BACKOFF_MS = { first: 100, most: 2_000 };
/** A stream that breaks sooner counts as one more failure in a row. */
const STABLE_AFTER_MS = 5_000;
/** Without a confirmation for `wal_sender_timeout` (60 s) Postgres would hang up. */
const CONFIRM_EVERY_MS = 10_000;

/** A slot that Postgres drops by itself when this connection ends, however it ends. */
class TemporarySlotPlugin extends PgoutputPlugin {
  /** The library cannot be stopped before it has connected; then this keeps it from going on. */
  readonly signal: AbortSignal;
  readonly publication: string;
  readonly onGarbage: (error: unknown) => void;
  connected = false;

  constructor(publication: string, signal: AbortSignal, onGarbage: (error: unknown) => void) {
    super({ protoVersion: 1, publicationNames: [publication] });
    this.publication = publication;
    this.signal = signal;
    this.onGarbage = onGarbage;
  }

  override async start(client: Client, slot: string, lsn: string): Promise<unknown> {
    this.signal.throwIfAborted();
    this.connected = true;
    // Otherwise the stream would begin and break off at the first change.
    const name = client.escapeLiteral(this.publication);
    const { rowCount } = await client.query(`select from pg_publication where pubname = ${name}`);
    if (rowCount === 0) throw new Error(`There is no publication ${name}`);
    await client.query(
      `CREATE_REPLICATION_SLOT "${slot}" TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')`,
    );
    return super.start(client, slot, lsn);
  }

  /** Leaves values as Postgres prints them; `pg` would make dates of timestamps and lose microseconds. */
  override parse(buffer: Buffer): Pgoutput.Message {
    try {
      const message: Pgoutput.Message = super.parse(buffer);
      if (message.tag === "relation") {
        for (const column of message.columns) column.parser = (text: string) => text;
      }
      return message;
    } catch (error) {
      // The library would let it end the process.
      this.onGarbage(error);
      return { tag: "origin", originLsn: null, originName: "" };
    }
  }
}

/**
 * Follows a publication's changes from "now", and takes up again by itself when Postgres goes away.
 * The slot is temporary on purpose: one that outlives a killed process would hold back the log for ever,
 * and subscribers have to catch up by reading after an interruption anyway.
 */
export class ReplicationStream {
  /** Name of the latest slot. */
  slot = "";
  readonly #options: ReplicationOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #service: LogicalReplicationService | undefined;
  #plugin: TemporarySlotPlugin | undefined;
  #fail: ((reason: unknown) => void) | undefined;
  #confirmedAt = 0;

  constructor(options: ReplicationOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Breaks the stream off and starts anew, so that subscribers are told to catch up. */
  interrupt(reason: unknown): void {
    this.#fail?.(reason);
  }

  /** Ends the stream; Postgres drops the slot as it notices. */
  async close(): Promise<void> {
    this.#stopped.abort();
    if (this.#plugin?.connected) await this.#service?.destroy();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { logger } = this.#options;
    let wait = BACKOFF_MS.first;
    let lastComplaint = "";
    while (!this.#stopped.signal.aborted) {
      let startedAt: number | undefined;
      const failure = await this.#stream(() => {
        startedAt = performance.now();
      });
      if (this.#stopped.signal.aborted) return;
      const streamed = startedAt !== undefined;
      if (streamed) this.#options.onInterrupt();
      if (performance.now() - (startedAt ?? Infinity) > STABLE_AFTER_MS) wait = BACKOFF_MS.first;
      const complaint = failure instanceof Error ? failure.message : String(failure);
      if (streamed || complaint !== lastComplaint) {
        logger.warn("Changes cannot be followed, trying again", { reason: complaint });
      }
      lastComplaint = complaint;
      const { signal } = this.#stopped;
      await sleep(wait * Math.random(), undefined, { signal }).catch(() => {});
      wait = Math.min(wait * 2, BACKOFF_MS.most);
    }
  }

  /** Resolves with the reason when the stream has ended. */
  async #stream(onStart: () => void): Promise<unknown> {
    const { databaseUrl, publication, onMessage } = this.#options;
    const options = Object.entries(SESSION).map(([name, value]) => `-c ${name}=${value}`);
    const service = new LogicalReplicationService(
      {
        connectionString: databaseUrl,
        application_name: "realtime",
        options: options.join(" "),
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
      },
      { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
    );
    this.#service = service;
    const plugin = new TemporarySlotPlugin(publication, this.#stopped.signal, (error) =>
      this.interrupt(error),
    );
    this.#plugin = plugin;
    this.slot = `realtime_${randomBytes(6).toString("hex")}`;
    return new Promise((resolve) => {
      this.#fail = resolve;
      service.on("error", resolve);
      service.on("start", () => {
        onStart();
        this.#options.onStart();
      });
      service.on("data", async (lsn, message: Pgoutput.Message) => {
        await onMessage(message);
        if (message.tag === "commit") this.#confirm(service, message.commitEndLsn ?? lsn);
      });
      service.on("heartbeat", (lsn, _timestamp, mustAnswer) => {
        if (mustAnswer) this.#confirm(service, lsn, true);
      });
      service.subscribe(plugin, this.slot).then(() => resolve("the stream ended"), resolve);
    }).finally(() => service.destroy());
  }

  /** Nothing is ever read again from this slot, so what is still queued here may be confirmed too. */
  #confirm(service: LogicalReplicationService, lsn: string, now = false): void {
    if (!now && performance.now() - this.#confirmedAt < CONFIRM_EVERY_MS) return;
    this.#confirmedAt = performance.now();
    void service.acknowledge(before(lsn));
  }
}

/**
 * The library confirms one byte more than it is told. A server that shuts down waits until exactly what it
 * has sent is confirmed, so it must be told one less.
 */
function before(lsn: string): string {
  const [high = "0", low = "0"] = lsn.split("/");
  const position = ((BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)) - 1n;
  return `${(position >> 32n).toString(16)}/${(position & 0xffffffffn).toString(16)}`;
}
