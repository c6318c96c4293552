import type { Connect, Connection, Resolve } from "./connection.ts";
import { FetchFailure } from "./fetch-failure.ts";

/** A byte stream as Deno has it. */
export interface Socket {
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** The part of `Deno` that is needed; the Edge runtime has it as well, where `node:http` cannot pin an address. */
export interface DenoNet<Plain extends Socket, Secure extends Socket> {
  resolveDns(hostname: string, type: "A" | "AAAA"): Promise<string[]>;
  connect(options: { hostname: string; port: number }): Promise<Plain>;
  startTls(
    socket: Plain,
    options: { hostname: string; caCerts?: string[] },
  ): Promise<Secure & { handshake(): Promise<unknown> }>;
  errors: { NotFound: new () => Error; InvalidData: new () => Error };
}

const readBytes = 64 * 1024;

/** DNS by Deno; see `Resolve`. */
export function createResolve(
  deno: Pick<DenoNet<Socket, Socket>, "resolveDns" | "errors">,
): Resolve {
  const lookup = (hostname: string, type: "A" | "AAAA") =>
    deno.resolveDns(hostname, type).catch((cause: unknown) => {
      if (cause instanceof deno.errors.NotFound) return [];
      throw new FetchFailure("dns_failed", hostname, { cause });
    });
  return async (hostname) => {
    const answers = await Promise.all([lookup(hostname, "A"), lookup(hostname, "AAAA")]);
    return answers.flat();
  };
}

/** Connections by Deno; `ca` is an authority to trust besides the usual ones (PEM), for tests. */
export function createConnect<Plain extends Socket, Secure extends Socket>(
  deno: DenoNet<Plain, Secure>,
  ca?: string,
): Connect {
  return async ({ address, port, tlsHost }, signal) => {
    const hostname = tlsHost?.replace(/^\[|\]$/g, "") ?? null;
    const plain = await deno.connect({ hostname: address, port }).catch((cause: unknown) => {
      throw new FetchFailure("connect_failed", hostname ?? address, { cause });
    });
    let open: Socket = plain;
    const close = () => closeQuietly(open);
    signal.addEventListener("abort", close, { once: true });
    try {
      signal.throwIfAborted();
      if (hostname === null) return connectionOver(plain);
      const trust = ca === undefined ? {} : { caCerts: [ca] };
      const secure = await deno.startTls(plain, { hostname, ...trust });
      open = secure;
      await secure.handshake();
      signal.throwIfAborted();
      return connectionOver(secure);
    } catch (cause) {
      close();
      signal.throwIfAborted();
      if (!(cause instanceof deno.errors.InvalidData)) {
        throw new FetchFailure("connection_lost", hostname ?? address, { cause });
      }
      const detail = certificateTrouble(cause.message);
      throw new FetchFailure("tls_failed", hostname ?? address, { detail, cause });
    } finally {
      signal.removeEventListener("abort", close);
    }
  };
}

/** rustls tells what is wrong with a certificate in the message only, worded by version; else it stays unnamed. */
function certificateTrouble(message: string): string {
  if (/not valid for|NotValidForName/.test(message))
    return "its certificate belongs to another site";
  if (/expired/i.test(message)) return "its certificate has expired";
  if (/not valid yet|NotValidYet/.test(message)) return "its certificate is not valid yet";
  if (/UnknownIssuer|CaUsedAsEndEntity/.test(message)) {
    return "nobody trusted vouches for its certificate";
  }
  return "the handshake failed";
}

function connectionOver(socket: Socket): Connection {
  // One buffer a connection: a fresh one for each read would leave megabytes to the garbage collector.
  const buffer = new Uint8Array(readBytes);
  return {
    async read() {
      const count = await socket.read(buffer);
      return count === null ? null : buffer.slice(0, count);
    },
    async write(bytes) {
      for (let sent = 0; sent < bytes.length; ) sent += await socket.write(bytes.subarray(sent));
    },
    close: () => closeQuietly(socket),
  };
}

/** Deno throws when a resource is closed twice. */
function closeQuietly(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // It is closed, which is all that was wanted.
  }
}
