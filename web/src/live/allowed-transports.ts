import type { Flags } from "./delta.ts";
import { type TransportKind, transportKinds } from "./transport.ts";
import type { Allowed } from "./transport-machine.ts";

const isKind = (name: string): name is TransportKind =>
  transportKinds.some((kind) => kind === name);

/** Reads a list such as "websocket, polling" (`VITE_OTIS_TRANSPORTS`, `?transport=`). */
export function parseTransports(list: string | null | undefined): readonly TransportKind[] {
  return (list ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(isKind);
}

/** Who has a say in which transports are used. */
export interface TransportRules {
  /** The page's `?transport=`: exactly these, whatever the flags say. Empty: no pin. */
  readonly pinned: readonly TransportKind[];
  /** What this deployment offers, best first. Empty: everything. */
  readonly configured: readonly TransportKind[];
}

/**
 * What may be used, best first. Flags can take away any transport but the last one:
 * with everything switched off polling stays, since a view that never updates helps nobody.
 */
export function allowedTransports(rules: TransportRules, flags: Flags | null): Allowed {
  const [pinned, ...others] = rules.pinned;
  if (pinned !== undefined) return [pinned, ...others];
  const offered = rules.configured.length > 0 ? rules.configured : transportKinds;
  const [best, ...rest] = offered.filter((kind) => flags?.[kind] !== false);
  return best === undefined ? ["polling"] : [best, ...rest];
}
