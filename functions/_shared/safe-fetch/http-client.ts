import { ByteReader, MalformedMessage } from "./byte-reader.ts";
import { type Clock, raceAbort } from "./clock.ts";
import type { Connect, Connection } from "./connection.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { framingOf, type Head, readBody, readHead, writeRequest } from "./http-message.ts";
import { portOf } from "./target.ts";

/** An unused connection is kept this long for the next page of the same site. */
const keepAliveMs = 4_000;
const connectTimeoutMs = 8_000;
/** More addresses than this are not tried: a dead host should not cost a minute. */
const maxAddresses = 3;

export interface Exchange {
  url: URL;
  method: string;
  headers: Headers;
  body: Uint8Array | null;
  /** Asked for only when no connection is open: the addresses, checked, in order of preference. */
  addresses: () => Promise<string[]>;
  /** Longest silence of the peer, in ms: what stops a slow loris before the total time does. */
  idleMs: number;
  signal: AbortSignal;
}

export interface RawResponse extends Head {
  /** The raw body. Reading it, wholly or until a `break`, frees the connection. */
  body: AsyncGenerator<Uint8Array>;
  /** Frees the connection when the body is not wanted at all; without effect once it was read. */
  discard(): void;
}

/** A connection with its read state; lives from connect to close and may serve several exchanges. */
interface Wire {
  connection: Connection;
  reader: ByteReader;
  /** Set for the exchange in progress: longest silence, and whether it was exceeded. */
  idleMs: number;
  silent: boolean;
}

/**
 * A small HTTP/1.1 client over connections pinned to addresses that were checked beforehand.
 * It exists because no client of the Edge runtime lets the caller choose the address.
 */
export class HttpClient {
  readonly #connect: Connect;
  readonly #clock: Clock;
  readonly #unused = new Map<string, { wire: Wire; cancelExpiry: () => void }[]>();

  constructor(connect: Connect, clock: Clock) {
    this.#connect = connect;
    this.#clock = clock;
  }

  /** One request, one answer. A kept connection that turns out to be dead is replaced once. */
  async send(exchange: Exchange): Promise<RawResponse> {
    const kept = exchange.body === null ? this.#takeUnused(exchange.url.origin) : null;
    if (kept !== null) {
      const response = await this.#attempt(kept, exchange, true);
      if (response !== null) return response;
    }
    const response = await this.#attempt(await this.#open(exchange), exchange, false);
    if (response !== null) return response;
    throw new FetchFailure("connection_lost", exchange.url.host);
  }

  /** Closes what is kept open. */
  close(): void {
    for (const entries of this.#unused.values()) {
      for (const { wire, cancelExpiry } of entries) {
        cancelExpiry();
        wire.connection.close();
      }
    }
    this.#unused.clear();
  }

  /** Null when the connection died without a single byte of an answer, which may be repeated. */
  async #attempt(wire: Wire, exchange: Exchange, kept: boolean): Promise<RawResponse | null> {
    const { url, method, headers, body, signal } = exchange;
    wire.idleMs = exchange.idleMs;
    const close = () => wire.connection.close();
    signal.addEventListener("abort", close, { once: true });
    let released = false;
    const release = (reusable: boolean) => {
      if (released) return;
      released = true;
      signal.removeEventListener("abort", close);
      // Bytes nobody asked for would be taken for the next answer.
      if (reusable && wire.reader.buffered === 0 && !signal.aborted) this.#keep(url.origin, wire);
      else close();
    };
    try {
      signal.throwIfAborted();
      await wire.connection.write(writeRequest(method, url, headers, body));
      const head = await readHead(wire.reader);
      if (head !== null) {
        return {
          ...head,
          body: this.#body(wire, head, exchange, release),
          discard: () => release(false),
        };
      }
      release(false);
      signal.throwIfAborted();
      return null;
    } catch (cause) {
      release(false);
      const failure = nameFailure(cause, wire, exchange);
      const died = failure instanceof FetchFailure && failure.code === "connection_lost";
      if (kept && died) return null;
      throw failure;
    }
  }

  async *#body(
    wire: Wire,
    head: Head,
    exchange: Exchange,
    release: (reusable: boolean) => void,
  ): AsyncGenerator<Uint8Array> {
    let reusable = false;
    try {
      const framing = framingOf(exchange.method, head);
      yield* readBody(wire.reader, framing);
      exchange.signal.throwIfAborted();
      reusable = head.reusable && framing.kind !== "until-close";
    } catch (cause) {
      throw nameFailure(cause, wire, exchange);
    } finally {
      release(reusable);
    }
  }

  async #open({ url, addresses, signal }: Exchange): Promise<Wire> {
    const tlsHost = url.protocol === "https:" ? url.hostname : null;
    let failure: unknown = new FetchFailure("dns_failed", url.host);
    for (const address of (await addresses()).slice(0, maxAddresses)) {
      const timeout = new AbortController();
      const cancel = this.#clock.after(connectTimeoutMs, () =>
        timeout.abort(
          new FetchFailure("timed_out", url.host, { detail: "the connection was not answered" }),
        ),
      );
      const both = AbortSignal.any([signal, timeout.signal]);
      const connecting = this.#connect({ address, port: portOf(url), tlsHost }, both);
      try {
        return this.#wire(await raceAbort(connecting, both));
      } catch (cause) {
        // Too late to be of use, too early to have been closed.
        connecting.then((late) => late.close()).catch(() => {});
        signal.throwIfAborted();
        failure = cause;
        if (cause instanceof FetchFailure && !cause.retryable) throw cause;
      } finally {
        cancel();
      }
    }
    throw failure;
  }

  #wire(connection: Connection): Wire {
    const read = async () => {
      const cancel = this.#clock.after(wire.idleMs, () => {
        wire.silent = true;
        connection.close();
      });
      try {
        return await connection.read();
      } finally {
        cancel();
      }
    };
    const wire: Wire = { connection, reader: new ByteReader(read), idleMs: 0, silent: false };
    return wire;
  }

  #takeUnused(origin: string): Wire | null {
    const entry = this.#unused.get(origin)?.pop();
    if (entry === undefined) return null;
    entry.cancelExpiry();
    return entry.wire;
  }

  #keep(origin: string, wire: Wire): void {
    const entries = this.#unused.get(origin) ?? [];
    this.#unused.set(origin, entries);
    const expire = () => {
      const at = entries.findIndex((entry) => entry.wire === wire);
      if (at >= 0) entries.splice(at, 1);
      if (entries.length === 0) this.#unused.delete(origin);
      wire.connection.close();
    };
    entries.push({ wire, cancelExpiry: this.#clock.after(keepAliveMs, expire) });
  }
}

/** What to call an error that came out of a connection. */
function nameFailure(cause: unknown, wire: Wire, { url, signal }: Exchange): unknown {
  if (signal.aborted) return signal.reason;
  if (wire.silent) {
    return new FetchFailure("timed_out", url.host, { detail: "it fell silent", cause });
  }
  if (cause instanceof FetchFailure) return cause;
  if (cause instanceof MalformedMessage) {
    return new FetchFailure("bad_response", url.host, { detail: cause.message, cause });
  }
  return new FetchFailure("connection_lost", url.host, { cause });
}
