import { resolve4, resolve6 } from "node:dns/promises";
import net from "node:net";
import tls from "node:tls";
import type { Connect, Connection, Resolve } from "./connection.ts";
import { FetchFailure } from "./fetch-failure.ts";

/** Answers that mean "no such record"; everything else is a failure of the lookup. */
const noRecord = new Set(["ENOTFOUND", "ENODATA"]);

/** DNS by Node; see `Resolve`. */
export const resolve: Resolve = async (hostname) => {
  const answers = await Promise.all(
    [resolve4, resolve6].map((lookup) =>
      lookup(hostname).catch((cause: unknown) => {
        if (noRecord.has(codeOf(cause))) return [];
        throw new FetchFailure("dns_failed", hostname, { cause });
      }),
    ),
  );
  return answers.flat();
};

/** Node's names for what is wrong with a certificate, in the user's words. */
const certificateTroubles: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate belongs to another site",
  DEPTH_ZERO_SELF_SIGNED_CERT: "nobody trusted vouches for its certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "nobody trusted vouches for its certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "nobody trusted vouches for its certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "nobody trusted vouches for its certificate",
};

/** Connections by Node's `net` and `tls`; `ca` replaces the trusted authorities (PEM), for tests. */
export function createConnect(ca?: string): Connect {
  return async ({ address, port, tlsHost }, signal) => {
    const socket = net.connect({ host: address, port, noDelay: true });
    const destroy = () => socket.destroy();
    signal.addEventListener("abort", destroy, { once: true });
    try {
      await settled(socket, "connect", (cause) => {
        return new FetchFailure("connect_failed", tlsHost ?? address, { cause });
      });
      if (tlsHost === null) return connectionOver(socket);
      const host = tlsHost.replace(/^\[|\]$/g, "");
      const servername = net.isIP(host) === 0 ? host : "";
      const secure = tls.connect({ socket, host, servername, ...(ca !== undefined && { ca }) });
      await settled(secure, "secureConnect", (cause) => {
        const code = codeOf(cause);
        const trouble = certificateTroubles[code];
        if (trouble === undefined && !code.startsWith("ERR_SSL")) {
          return new FetchFailure("connection_lost", host, { cause });
        }
        return new FetchFailure("tls_failed", host, {
          detail: trouble ?? "the handshake failed",
          cause,
        });
      });
      return connectionOver(secure);
    } catch (cause) {
      destroy();
      signal.throwIfAborted();
      throw cause;
    } finally {
      signal.removeEventListener("abort", destroy);
    }
  };
}

function settled(
  socket: net.Socket,
  event: "connect" | "secureConnect",
  name: (cause: unknown) => FetchFailure,
): Promise<void> {
  return new Promise((done, reject) => {
    const fail = (cause: unknown) => reject(name(cause));
    socket.once("error", fail);
    socket.once("close", fail);
    socket.once(event, () => {
      socket.off("error", fail);
      socket.off("close", fail);
      done();
    });
  });
}

function connectionOver(socket: net.Socket): Connection {
  const pieces = socket.iterator({ destroyOnReturn: true });
  return {
    async read() {
      const { done, value } = await pieces.next();
      return done ? null : value;
    },
    write: (bytes) =>
      new Promise((done, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : done()));
      }),
    close: () => socket.destroy(),
  };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
