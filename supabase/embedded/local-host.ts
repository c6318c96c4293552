/**
 * Whether a request's Host header names this machine. A page elsewhere that rebinds its own name to our address
 * sends that name, and must not read what is only served here.
 */
export function isLocalHost(host = ""): boolean {
  return ["127.0.0.1", "localhost"].includes(host.replace(/:\d+$/, ""));
}
