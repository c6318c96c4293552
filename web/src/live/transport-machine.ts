import { climbBackoff, fullJitter, reconnectBackoff } from "./backoff.ts";
import type { DownReason, TransportKind } from "./transport.ts";

/*
 * Which transport runs, and what comes next: a pure state machine.
 *
 * It says which links should be open (`running`) and when it wants to be woken (`wakeAt`);
 * whoever holds it makes that so. Every phase answers every event in `transitions`: leaving one
 * out does not compile.
 */

/** Transports in order of preference. */
export type Allowed = readonly [TransportKind, ...TransportKind[]];

/** One opening of a transport. The epoch tells it from other openings, which are not listened to. */
export interface Link {
  readonly transport: TransportKind;
  readonly epoch: number;
}

interface Common {
  readonly allowed: Allowed;
  /** Number of the newest link. */
  readonly epoch: number;
  /** Rounds of openings that failed since a link last lived for `STABLE_MS`. */
  readonly attempt: number;
  /** When a `timer` event is due, in clock time. */
  readonly wakeAt: number | null;
}

interface Phases {
  /** A link is being opened, or will be at `wakeAt`; nothing is heard yet. */
  connecting: { readonly link: Link };
  /** The best allowed transport runs and has caught up. */
  live: { readonly link: Link; readonly upAt: number };
  /** A lesser transport runs; now and then a better one is tried beside it (`climb`). */
  degraded: { readonly link: Link; readonly upAt: number; readonly climb: Link | null };
  /** Nothing runs until `wakeAt`, or until something happens. */
  offline: { readonly why: "network" | DownReason };
}

export type Phase = keyof Phases;
export type StateOf<P extends Phase> = { [Q in P]: Common & { readonly phase: Q } & Phases[Q] }[P];
export type MachineState = StateOf<Phase>;

interface Events {
  /** The link runs, and a delta read that began after its opening has completed. */
  up: { readonly link: Link };
  down: { readonly link: Link; readonly reason: DownReason; readonly retryAfterMs: number };
  /** `wakeAt` has come. */
  timer: object;
  /** The machine slept: what looks open may be dead. */
  woke: object;
  /** What the browser says of the network. A hint: a server on this machine is still there. */
  offline: object;
  online: object;
  /** The user has a fresh token. */
  authenticated: object;
  /** Flags, settings or the page's address changed what may be used. */
  allow: { readonly allowed: Allowed };
}

type EventKind = keyof Events;
type EventOf<K extends EventKind> = { [L in K]: { readonly kind: L } & Events[L] }[K];
export type MachineEvent = EventOf<EventKind>;

/** Time in milliseconds and a random number in [0, 1), fresh with every event. */
export interface Moment {
  readonly now: number;
  readonly random: number;
}

/** A link that lived this long has earned a fresh start; a shorter life counts as a failure. */
export const STABLE_MS = 5_000;
/** A newly allowed transport is tried within this time; clients that learn of it together spread. */
const SPREAD_MS = 2_000;
/** A better transport is not tried again sooner than this. */
const CLIMB_FLOOR_MS = 2_000;

type Answer<P extends Phase, E> = (state: StateOf<P>, event: E, at: Moment) => MachineState;
type Transitions = {
  readonly [P in Phase]: { readonly [K in EventKind]: Answer<P, EventOf<K>> };
};

const stay = <S extends MachineState>(state: S): S => state;

const transitions: Transitions = {
  connecting: {
    up: (state, { link }, at) => (same(link, state.link) ? arrive(state, link, at) : state),
    down: (state, event, at) => (same(event.link, state.link) ? stepDown(state, event, at) : state),
    timer: (state) => ({ ...state, wakeAt: null }),
    woke: (state) => connectBest(state),
    offline: (state, _, at) => goOffline(state, "network", 0, at),
    online: (state) => connectBest(state),
    authenticated: stay,
    allow: (state, { allowed }) =>
      allowed.includes(state.link.transport)
        ? { ...state, allowed }
        : connectBest({ ...state, allowed }),
  },
  live: {
    up: stay,
    down: (state, event, at) => (same(event.link, state.link) ? lose(state, event, at) : state),
    timer: stay,
    woke: (state) => connectBest(state),
    offline: (state, _, at) => goOffline(state, "network", 0, at),
    online: stay,
    authenticated: stay,
    allow: (state, { allowed }, at) => settle({ ...state, allowed }, at),
  },
  degraded: {
    up: (state, { link }, at) => (same(link, state.climb) ? arrive(state, link, at) : state),
    down: (state, event, at) => {
      if (same(event.link, state.climb)) return rest(failed(state), event.retryAfterMs, at);
      if (!same(event.link, state.link)) return state;
      return state.climb === null ? lose(state, event, at) : connectOver(state, state.climb);
    },
    timer: (state) => climb(state),
    woke: (state) => connectBest(state),
    offline: (state, _, at) => goOffline(state, "network", 0, at),
    online: (state) => climb(state),
    authenticated: stay,
    allow: (state, { allowed }, at) => settle({ ...state, allowed }, at),
  },
  offline: {
    up: stay,
    down: stay,
    timer: (state) => connectBest(state),
    woke: (state) => (state.why === "gone" ? state : connectBest(state)),
    offline: stay,
    online: (state) => (state.why === "gone" ? state : connectBest(state)),
    authenticated: (state) => (state.why === "gone" ? state : connectBest(state)),
    allow: (state, { allowed }) => ({ ...state, allowed }),
  },
};

/** The state after `event`. The same object if nothing changes. */
export function transition<P extends Phase, K extends EventKind>(
  state: StateOf<P>,
  event: EventOf<K>,
  at: Moment,
): MachineState {
  const phase: P = state.phase;
  const kind: K = event.kind;
  const answers: { readonly [L in EventKind]: Answer<P, EventOf<L>> } = transitions[phase];
  const answer: Answer<P, EventOf<K>> = answers[kind];
  return answer(state, event, at);
}

export function initialState(allowed: Allowed): MachineState {
  return connectBest({ allowed, epoch: 0, attempt: 0, wakeAt: null });
}

/** The links that should be open in this state. */
export function running(state: MachineState): readonly Link[] {
  switch (state.phase) {
    case "connecting":
      return state.wakeAt === null ? [state.link] : [];
    case "live":
      return [state.link];
    case "degraded":
      return state.climb === null ? [state.link] : [state.link, state.climb];
    case "offline":
      return [];
  }
}

const same = (a: Link, b: Link | null): boolean => a.epoch === b?.epoch;

const failed = <S extends Common>(state: S): S => ({ ...state, attempt: state.attempt + 1 });

const common = ({ allowed, epoch, attempt }: Common): Common => ({
  allowed,
  epoch,
  attempt,
  wakeAt: null,
});

function connect(state: Common, transport: TransportKind, wakeAt: number | null): MachineState {
  const epoch = state.epoch + 1;
  return { ...common(state), phase: "connecting", epoch, link: { transport, epoch }, wakeAt };
}

const connectBest = (state: Common): MachineState => connect(state, state.allowed[0], null);

/** The lesser link broke while a better one is being opened: that one is all there is now. */
const connectOver = (state: Common, link: Link): MachineState => ({
  ...common(failed(state)),
  phase: "connecting",
  link,
});

function arrive(state: Common, link: Link, at: Moment): MachineState {
  if (link.transport === state.allowed[0]) {
    return { ...common(state), phase: "live", link, upAt: at.now };
  }
  const degraded = {
    ...common(state),
    phase: "degraded",
    link,
    upAt: at.now,
    climb: null,
  } as const;
  return state.attempt === 0 ? climbSoon(degraded, at) : rest(degraded, 0, at);
}

/** A better transport has become possible, and nothing yet says that it fails. */
const climbSoon = (state: StateOf<"degraded">, at: Moment): MachineState => ({
  ...state,
  wakeAt: at.now + at.random * SPREAD_MS,
});

/** Keeps the lesser link and leaves the better ones alone for a while. */
function rest(state: StateOf<"degraded">, retryAfterMs: number, at: Moment): MachineState {
  const wait = CLIMB_FLOOR_MS + fullJitter(Math.max(1, state.attempt), at.random, climbBackoff);
  return { ...state, climb: null, wakeAt: at.now + Math.max(wait, retryAfterMs) };
}

/** Tries a better transport beside the running one: the best, then in turn. */
function climb(state: StateOf<"degraded">): MachineState {
  if (state.climb !== null) return { ...state, wakeAt: null };
  const better = state.allowed.slice(0, state.allowed.indexOf(state.link.transport));
  const transport = better[Math.max(0, state.attempt - 1) % better.length];
  if (transport === undefined) return { ...state, wakeAt: null };
  const epoch = state.epoch + 1;
  return { ...state, epoch, climb: { transport, epoch }, wakeAt: null };
}

/** A running link broke: a stable one is opened again, an unstable one is given up. */
function lose(
  state: StateOf<"live" | "degraded">,
  event: EventOf<"down">,
  at: Moment,
): MachineState {
  const { reason, retryAfterMs } = event;
  if (isFinal(reason)) return stepDown(state, event, at);
  if (at.now - state.upAt < STABLE_MS) return stepDown(failed(state), event, at);
  const wait = Math.max(retryAfterMs, fullJitter(1, at.random, reconnectBackoff));
  return connect({ ...state, attempt: 0 }, state.link.transport, at.now + wait);
}

/** Goes to the next lesser transport at once; below the last there is only waiting. */
function stepDown(state: Common, event: EventOf<"down">, at: Moment): MachineState {
  const { link, reason, retryAfterMs } = event;
  const lesser = state.allowed[state.allowed.indexOf(link.transport) + 1];
  return lesser === undefined || isFinal(reason)
    ? goOffline(failed(state), reason, retryAfterMs, at)
    : connect({ ...state, attempt: Math.max(1, state.attempt) }, lesser, null);
}

const isFinal = (reason: DownReason): boolean => reason === "auth" || reason === "gone";

function goOffline(
  state: Common,
  why: StateOf<"offline">["why"],
  retryAfterMs: number,
  at: Moment,
): MachineState {
  const limits = why === "auth" ? climbBackoff : reconnectBackoff;
  const wait = Math.max(retryAfterMs, fullJitter(Math.max(1, state.attempt), at.random, limits));
  const wakeAt = why === "gone" ? null : at.now + wait;
  return { ...common(state), phase: "offline", why, wakeAt };
}

/** Makes the running link agree with a new list of allowed transports. */
function settle(state: StateOf<"live" | "degraded">, at: Moment): MachineState {
  const { link, upAt, allowed } = state;
  if (!allowed.includes(link.transport)) return connectBest({ ...state, attempt: 0 });
  if (link.transport === allowed[0]) return { ...common(state), phase: "live", link, upAt };
  const degraded = { ...common(state), phase: "degraded", link, upAt, climb: null } as const;
  return climbSoon({ ...degraded, attempt: 0 }, at);
}
