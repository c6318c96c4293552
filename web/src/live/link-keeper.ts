import type { Cancel, Clock, Random } from "./clock.ts";
import { Signal, type Subscribable } from "./subscribable.ts";
import type { DownReason, Transport, TransportKind, TransportSink } from "./transport.ts";
import {
  type Allowed,
  initialState,
  type Link,
  type MachineEvent,
  type MachineState,
  running,
  transition,
} from "./transport-machine.ts";

interface LinkKeeperDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly allowed: Allowed;
  readonly transports: readonly Transport[];
  /** While true nothing new is opened (a hidden tab); what is open stays. */
  readonly held: () => boolean;
  /** Where the link's reports go, except for its end, which is dealt with here. */
  readonly sink: (link: Link) => Omit<TransportSink, "down">;
}

/** Makes the world agree with the transport machine: opens and closes links, keeps its timer. */
export class LinkKeeper {
  readonly #deps: LinkKeeperDeps;
  readonly #state: Signal<MachineState>;
  readonly #open = new Map<number, Cancel>();
  #cancelTimer: Cancel = () => {};
  #stopped = false;

  constructor(deps: LinkKeeperDeps) {
    this.#deps = deps;
    this.#state = new Signal(initialState(deps.allowed));
  }

  get state(): Subscribable<MachineState> {
    return this.#state;
  }

  /** Whether the link is open. */
  has(link: Link): boolean {
    return this.#open.has(link.epoch);
  }

  /** Whether a transport of this kind is what the rows come from. */
  hears(kind: TransportKind): boolean {
    const state = this.#state.get();
    return (state.phase === "live" || state.phase === "degraded") && state.link.transport === kind;
  }

  dispatch(event: MachineEvent): void {
    if (this.#stopped) return;
    const { clock, random } = this.#deps;
    const before = this.#state.get();
    const after = transition(before, event, { now: clock.now(), random: random() });
    if (after === before) return;
    this.#state.set(after);
    this.settle();
  }

  /** Ends every open link, for one and the same reason. */
  downAll(reason: DownReason): void {
    for (const link of running(this.#state.get())) this.#down(link, reason, 0);
  }

  /** Opens what should be open, closes what should not. */
  settle(): void {
    const { clock, held } = this.#deps;
    const state = this.#state.get();
    const wanted = running(state);
    for (const [epoch, close] of [...this.#open]) {
      if (wanted.some((link) => link.epoch === epoch)) continue;
      this.#open.delete(epoch);
      close();
    }
    for (const link of wanted) if (!held() && !this.has(link)) this.#openLink(link);
    this.#cancelTimer();
    if (state.wakeAt === null || this.#stopped) return;
    this.#cancelTimer = clock.after(Math.max(0, state.wakeAt - clock.now()), () =>
      this.dispatch({ kind: "timer" }),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    for (const close of this.#open.values()) close();
    this.#open.clear();
  }

  #openLink(link: Link): void {
    const transport = this.#deps.transports.find(({ kind }) => kind === link.transport);
    if (transport === undefined) {
      this.#open.set(link.epoch, () => {});
      this.#deps.clock.after(0, () => this.#down(link, "refused", 0));
      return;
    }
    const sink = this.#deps.sink(link);
    const close = transport.open({
      ...sink,
      down: (reason, retryAfterMs = 0) => this.#down(link, reason, retryAfterMs),
    });
    this.#open.set(link.epoch, close);
  }

  #down(link: Link, reason: DownReason, retryAfterMs: number): void {
    if (!this.#open.has(link.epoch)) return;
    this.dispatch({ kind: "down", link, reason, retryAfterMs });
  }
}
