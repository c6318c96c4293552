import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FetchFailure } from "./fetch-failure.ts";
import { createConnect } from "./node.ts";

const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
const pem = (name: string) => readFileSync(fixture(name), "utf8");

/** What happens when a client connects by TLS under a name; both adapters must agree. */
const cases = [
  {
    what: "a valid certificate",
    server: "valid",
    host: "secure.example",
    trusted: true,
    outcome: "ok",
  },
  {
    what: "a certificate for another name",
    server: "valid",
    host: "other.example",
    trusted: true,
    outcome: "tls_failed: its certificate belongs to another site",
  },
  {
    what: "a certificate nobody vouches for",
    server: "valid",
    host: "secure.example",
    trusted: false,
    outcome: "tls_failed: nobody trusted vouches for its certificate",
  },
  {
    what: "an expired certificate",
    server: "expired",
    host: "secure.example",
    trusted: true,
    outcome: "tls_failed: its certificate has expired",
  },
  {
    what: "a server that hangs up",
    server: "mute",
    host: "secure.example",
    trusted: true,
    outcome: "connection_lost",
  },
  {
    what: "nobody listening",
    server: "nobody",
    host: "secure.example",
    trusted: true,
    outcome: "connect_failed",
  },
];

const ports: Record<string, number> = { nobody: 1 };
const servers: { close(): void }[] = [];

beforeAll(async () => {
  for (const name of ["valid", "expired", "mute"]) {
    const cert = name === "mute" ? "valid" : name;
    const server = createServer({ cert: pem(`${cert}.crt`), key: pem("server.key") }, (socket) => {
      socket.on("error", () => {});
      socket.end("ok");
    });
    server.on("tlsClientError", () => {});
    if (name === "mute") server.on("connection", (socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ports[name] = (server.address() as AddressInfo).port;
    servers.push(server);
  }
});
afterAll(() => {
  for (const server of servers) server.close();
});

const say = (cause: unknown) => {
  if (!(cause instanceof FetchFailure)) return String(cause);
  return cause.code === "tls_failed"
    ? `tls_failed: ${/refused: (.*?)\. /.exec(cause.message)?.[1]}`
    : cause.code;
};

describe("connecting by TLS in Node", () => {
  it.each(cases)("meets $what: $outcome", async ({ server, host, trusted, outcome }) => {
    const connect = createConnect(trusted ? pem("authority.crt") : undefined);
    const peer = { address: "127.0.0.1", port: ports[server] ?? 0, tlsHost: host };
    const result = await connect(peer, new AbortController().signal).then(async (connection) => {
      const bytes = await connection.read();
      connection.close();
      return new TextDecoder().decode(bytes ?? undefined);
    }, say);
    expect(result).toBe(outcome);
  });
});

describe("connecting by TLS in Deno", () => {
  it("meets the same outcomes", async () => {
    const deno = fileURLToPath(new URL("../../../node_modules/.bin/deno", import.meta.url));
    const script = fileURLToPath(fixture("connect-in-deno.ts"));
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const job = JSON.stringify(cases.map((one) => ({ ...one, port: ports[one.server] })));
    const args = [
      "run",
      "--no-lock",
      "--config",
      config,
      "--allow-net",
      "--allow-read",
      script,
      job,
    ];
    const { stdout } = await promisify(execFile)(deno, args);
    expect(JSON.parse(stdout)).toEqual(cases.map(({ outcome }) => outcome));
  }, 30_000);
});
