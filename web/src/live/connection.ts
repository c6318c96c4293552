import type { TransportKind } from "./transport.ts";
import type { MachineState, Phase, StateOf } from "./transport-machine.ts";

/** What the connection badge shows. A new object whenever something in it changes. */
export interface Connection {
  readonly phase: Phase;
  /** The transport that runs or is being opened; null when none is. */
  readonly transport: TransportKind | null;
  /** Why nothing runs; null unless offline. */
  readonly why: StateOf<"offline">["why"] | null;
  /** When the next attempt is made, in clock time; null when none is planned. */
  readonly retryAt: number | null;
  /** The last read has failed; another is under way or will be. */
  readonly failing: boolean;
  /** When this phase began, in clock time: a badge may keep quiet about the first 500 ms. */
  readonly since: number;
}

/** The machine's state in the badge's words. Returns `before` itself if it says the same. */
export function describe(
  state: MachineState,
  reads: { readonly retryAt: number | null; readonly failing: boolean },
  before: Connection | null,
  now: number,
): Connection {
  const settled = state.phase === "live" || state.phase === "degraded";
  const after: Connection = {
    phase: state.phase,
    transport: state.phase === "offline" ? null : state.link.transport,
    why: state.phase === "offline" ? state.why : null,
    retryAt: settled ? reads.retryAt : (state.wakeAt ?? reads.retryAt),
    failing: reads.failing,
    since: before !== null && before.phase === state.phase ? before.since : now,
  };
  const same =
    before !== null &&
    before.phase === after.phase &&
    before.transport === after.transport &&
    before.why === after.why &&
    before.retryAt === after.retryAt &&
    before.failing === after.failing;
  return same ? before : after;
}
