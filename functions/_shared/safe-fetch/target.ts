import { FetchFailure } from "./fetch-failure.ts";

/** Hosts that may be private and may use any port: `name` or `name:port`, for development only. */
export type OpenedHosts = ReadonlySet<string>;

/** Reads `OTIS_ALLOW_PRIVATE_HOSTS`: names separated by commas, each with an optional port. */
export function parseOpenedHosts(setting: string | undefined): OpenedHosts {
  const names = (setting ?? "").split(",").map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => name !== ""));
}

/** Whether configuration opens this very host, or this host and port. */
export function isOpened(url: URL, opened: OpenedHosts): boolean {
  return opened.has(url.hostname) || opened.has(`${url.hostname}:${portOf(url)}`);
}

/** The port a URL leads to, its scheme's default included. */
export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/**
 * Reads an address and refuses what must never be opened: other schemes, user info, odd ports.
 * The URL parser has by then turned every spelling of an IPv4 host (decimal, octal, hex, short)
 * into the dotted one, so the address check sees the truth.
 */
export function parseTarget(input: string, opened: OpenedHosts, base?: URL): URL {
  const url = URL.parse(input, base);
  if (url === null || url.hostname === "") {
    throw new FetchFailure("bad_url", "", { detail: "it does not read as one" });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FetchFailure("bad_url", url.host, {
      detail: "it must begin with https:// or http://",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new FetchFailure("bad_url", url.host, { detail: "it holds a user name or password" });
  }
  url.hash = "";
  // "example.org." and "example.org" are one host, to robots, politeness and certificates alike.
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  const port = portOf(url);
  if (port !== 80 && port !== 443 && !isOpened(url, opened)) {
    throw new FetchFailure("port_refused", url.host);
  }
  return url;
}
