/** One byte stream to a checked address. Adapters for Deno and Node provide it. */
export interface Connection {
  /** The next bytes, or null when the peer has ended its side. Rejects once closed. */
  read(): Promise<Uint8Array | null>;
  write(bytes: Uint8Array): Promise<void>;
  /** Idempotent; a pending read or write settles at once. */
  close(): void;
}

/** Where to connect: an address (never looked up again) and, for https, the name to verify. */
export interface Peer {
  address: string;
  port: number;
  /** The URL's host name when the connection is to be encrypted. */
  tlsHost: string | null;
}

/**
 * Opens a connection, encrypted and verified where asked.
 * Rejects with FetchFailure `connect_failed` or `tls_failed`, or with the signal's reason.
 */
export type Connect = (peer: Peer, signal: AbortSignal) => Promise<Connection>;

/** All A and AAAA answers of a name; empty when there are none. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<string[]>;
