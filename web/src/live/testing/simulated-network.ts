import type { Random } from "../clock.ts";
import { type Change, DeltaFailure, type ReadDelta } from "../delta.ts";
import type {
  ChangePayload,
  RealtimeChannelLike,
  RealtimeClientLike,
} from "../transports/realtime.ts";
import type { ManualClock } from "./manual-clock.ts";
import type { SimulatedServer } from "./simulated-server.ts";

/** How bad the network is. Parts are probabilities. */
export interface Quality {
  readonly loss: number;
  readonly doubling: number;
  /** Frames take up to this long, each its own time: they overtake each other. */
  readonly delayMs: number;
  /** Requests that fail. */
  readonly httpFailures: number;
}

export const perfect: Quality = { loss: 0, doubling: 0, delayMs: 0, httpFailures: 0 };

/** Small, so that most deltas take several pages and pages end in the middle of statements. */
const PAGE_ROWS = 4;

interface Deps {
  readonly server: SimulatedServer;
  readonly clock: ManualClock;
  readonly random: Random;
}

/** Everything between the client and the server: sockets, streams, requests. */
export class SimulatedNetwork {
  quality: Quality = perfect;
  /** Which of the ways through are open. */
  open = { websocket: true, sse: true, http: true };
  /** A log of requests: the time of each, in clock time. */
  readonly requests: number[] = [];
  #deps: Deps;
  readonly #sockets = new Set<{ end: (status: string) => void; flags: () => void }>();
  readonly #streams = new Set<{ end: () => void; flags: () => void }>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Leads to another server from now on. */
  serve(server: SimulatedServer): void {
    this.#deps = { ...this.#deps, server };
  }

  /** Ends every socket as Realtime does when it restarts. */
  killSockets(status: "CLOSED" | "CHANNEL_ERROR" | "TIMED_OUT"): void {
    for (const socket of [...this.#sockets]) socket.end(status);
  }

  /** Tells every client that a flag was switched, as both live transports do. */
  announceFlags(): void {
    for (const { flags } of [...this.#sockets, ...this.#streams]) flags();
  }

  killStreams(): void {
    for (const stream of [...this.#streams]) stream.end();
  }

  readonly read: ReadDelta = async (since, limit, signal) => {
    const { server, clock, random } = this.#deps;
    this.requests.push(clock.now());
    await this.#travel();
    if (!this.open.http || random() < this.quality.httpFailures || signal.aborted) {
      throw new DeltaFailure("network", {});
    }
    const delta = server.delta(since, Math.min(limit, PAGE_ROWS));
    await this.#travel();
    return delta;
  };

  readonly realtime: RealtimeClientLike = {
    refreshAuth: () => Promise.resolve(),
    channel: () => this.#channel(),
  };

  /** The server's `events` function, reduced to what the client relies on. */
  readonly fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const { server, clock } = this.#deps;
    this.requests.push(clock.now());
    await this.#travel();
    if (!this.open.sse) return new Response(null, { status: 503 });
    let since = Number(new Headers(init?.headers).get("last-event-id"));
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        let over = false;
        let cancelBeat = (): void => {};
        const say = (event: string, data: unknown): void => {
          if (over) return;
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
        };
        const push = (): void => {
          for (let more = true; more; ) {
            const { changes, ...delta } = server.delta(Math.min(since, server.revision), PAGE_ROWS);
            const rows = changes.map(({ table, revision, row }) => ({ table, revision, row }));
            say("rows", { since, ...delta, rows });
            since = delta.upto;
            more = delta.more;
          }
        };
        const beat = (): void => {
          say("heartbeat", { revision: server.revision });
          cancelBeat = clock.after(15_000, beat);
        };
        const unlisten = server.listen(() => push());
        const end = (): void => {
          if (over) return;
          over = true;
          unlisten();
          cancelBeat();
          this.#streams.delete(stream);
          controller.close();
        };
        const stream = { end, flags: () => say("notice", { kind: "flags" }) };
        this.#streams.add(stream);
        init?.signal?.addEventListener("abort", end);
        clock.after(300_000, () => {
          say("notice", { kind: "resume" });
          end();
        });
        push();
        beat();
      },
    });
    return new Response(body);
  };

  #channel(): RealtimeChannelLike {
    const { server, clock, random } = this.#deps;
    const listeners: ((payload: ChangePayload) => void)[] = [];
    let onSystem: Parameters<RealtimeChannelLike["onSystem"]>[0] = () => {};
    let unlisten = (): void => {};
    let over = false;
    const deliver = (change: Change): void => {
      const payload: ChangePayload = {
        table: change.table,
        commit_timestamp: new Date(clock.now()).toISOString(),
        eventType: "UPDATE",
        new: change.row,
        old: { id: change.id },
        errors: null,
      };
      const copies = random() < this.quality.doubling ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        if (random() < this.quality.loss || !this.open.websocket) continue;
        clock.after(random() * this.quality.delayMs, () => {
          if (!over) listeners[0]?.(payload);
        });
      }
    };
    return {
      onChange: (_, listener) => listeners.push(listener),
      onSystem: (listener) => {
        onSystem = listener;
      },
      subscribe: (onStatus) => {
        const socket = {
          flags: () =>
            listeners.at(-1)?.({
              table: "feature_flags",
              commit_timestamp: new Date(clock.now()).toISOString(),
              eventType: "UPDATE",
              new: { key: "websocket" },
              old: {},
              errors: null,
            }),
          end: (status: string): void => {
            unlisten();
            this.#sockets.delete(socket);
            if (!over) onStatus(status);
          },
        };
        if (!this.open.websocket) {
          clock.after(50, () => onStatus("CHANNEL_ERROR"));
          return;
        }
        this.#sockets.add(socket);
        clock.after(20, () => {
          if (over) return;
          onStatus("SUBSCRIBED");
          clock.after(random() * 1_000, () => {
            if (over || !this.#sockets.has(socket)) return;
            unlisten = server.listen((changes) => changes.forEach(deliver));
            onSystem({ extension: "postgres_changes", status: "ok" });
          });
        });
      },
      remove: () => {
        over = true;
        unlisten();
      },
    };
  }

  #travel(): Promise<void> {
    const { clock, random } = this.#deps;
    return new Promise((resolve) => clock.after(1 + random() * this.quality.delayMs, resolve));
  }
}
