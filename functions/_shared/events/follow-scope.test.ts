import { beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock, settle } from "../../../web/src/live/testing/manual-clock.ts";
import { BEAT_MS, followScope } from "./follow-scope.ts";
import { createProgressListener } from "./progress-listener.ts";
import type { WireDelta } from "./server-events.ts";
import { SLOW_MS, streamBody } from "./stream-body.ts";

const HOUR = 3_600_000;

/** A session of two countable runs, and the delta read of it. */
function session() {
  let revision = 1;
  let row: Record<string, unknown> = {
    revision,
    current_stage: "scraping",
    status: "active",
    runs_total: 2,
    runs_finished: 0,
  };
  return {
    get revision() {
      return revision;
    },
    change(columns: Record<string, unknown>) {
      revision += 1;
      row = { ...row, ...columns, revision };
    },
    read: async (since: number): Promise<WireDelta> => ({
      revision,
      upto: revision,
      more: false,
      rows: revision > since ? [{ table: "sessions", revision, row }] : [],
      flags: {},
    }),
  };
}

describe("a stream of server-sent events", () => {
  let clock: ManualClock;
  let notify: (payload: string) => void;
  let ready: () => void;
  const unlisten = vi.fn(async () => {});
  const stopping = new AbortController();
  let over: AbortController;
  let source: ReturnType<typeof session>;
  const read = vi.fn<(since: number) => Promise<WireDelta>>();
  let listener: ReturnType<typeof createProgressListener>;
  let lines: string[];

  const moved = async (): Promise<void> => {
    notify(
      JSON.stringify({
        table: "sessions",
        action: "UPDATE",
        scope: "s1",
        revision: source.revision,
      }),
    );
    await clock.advance(0);
  };
  const follow = async (options: { since?: number; endAt?: number; stopping?: AbortSignal } = {}) =>
    followScope({
      scope: "s1",
      sessionTable: "sessions",
      since: options.since ?? 0,
      first: await source.read(options.since ?? 0),
      read,
      listener,
      clock,
      endAt: options.endAt ?? clock.now() + HOUR,
      stopping: options.stopping ?? stopping.signal,
      signal: over.signal,
    });
  /** Reads for as long as there is something, and remembers the names of the events. */
  const drain = async (events: AsyncGenerator<string>): Promise<void> => {
    for await (const text of events) {
      const name = /event: (\w+)/.exec(text)?.[1];
      if (name !== undefined) lines.push(`${name}${/id: (\d+)/.exec(text)?.[1] ?? ""}`);
      if (name === "notice") lines.push(text.includes("resume") ? "resume" : "flags");
    }
  };

  beforeEach(() => {
    clock = new ManualClock();
    over = new AbortController();
    lines = [];
    source = session();
    unlisten.mockClear();
    read.mockReset().mockImplementation((since) => source.read(since));
    listener = createProgressListener(
      async (_, receive, whenReady) => {
        notify = receive;
        ready = whenReady;
        return { unlisten };
      },
      () => {},
    );
  });

  it("begins with what is newer than the reader has, and beats with the revision", async () => {
    void drain(await follow());
    await clock.advance(1_000);
    expect(lines).toEqual(["rows1", "progress", "heartbeat1"]);
    await clock.advance(2 * BEAT_MS);
    expect(lines.slice(3)).toEqual(["heartbeat1", "heartbeat1"]);
  });

  it("sends nothing but a beat to a reader who is up to date", async () => {
    void drain(await follow({ since: 1 }));
    await clock.advance(1_000);
    expect(lines).toEqual(["heartbeat1"]);
  });

  it("reads once more when it listens, since the first read is older than the listener", async () => {
    const events = await follow();
    source.change({ runs_finished: 1 });
    void drain(events);
    await clock.advance(1_000);
    expect(lines).toEqual(["rows1", "progress", "heartbeat1", "rows2", "progress"]);
  });

  it("puts the session's changes into words: progress, stage, complete", async () => {
    void drain(await follow());
    await clock.advance(1_000);
    lines.length = 0;
    source.change({ runs_finished: 2 });
    await moved();
    expect(lines).toEqual(["rows2", "progress", "complete"]);
    await clock.advance(1_000);
    source.change({ current_stage: "enrichment" });
    await moved();
    expect(lines.slice(3)).toEqual(["rows3", "progress", "stage"]);
  });

  it("reads once for changes that come together, and not for those it has read", async () => {
    void drain(await follow());
    await clock.advance(1_000);
    read.mockClear();
    for (let n = 0; n < 50; n++) {
      source.change({ runs_finished: 1 });
      void moved();
    }
    await clock.advance(1_000);
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
    await moved();
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it("looks for itself when the listener had to listen anew", async () => {
    void drain(await follow());
    await clock.advance(1_000);
    source.change({ runs_finished: 1 });
    ready();
    await clock.advance(1_000);
    expect(lines).toContain("rows2");
  });

  it("tells of switched flags, whatever the scope", async () => {
    void drain(await follow());
    await clock.advance(1_000);
    notify(JSON.stringify({ table: "feature_flags", action: "UPDATE", scope: null, revision: 0 }));
    await clock.advance(0);
    expect(lines.slice(-2)).toEqual(["notice", "flags"]);
  });

  it("says that it ends by plan, before the wall clock and when the isolate ends", async () => {
    void drain(await follow({ endAt: clock.now() + 60_000 }));
    await clock.advance(60_000);
    expect(lines.slice(-2)).toEqual(["notice", "resume"]);
    const isolate = new AbortController();
    void drain(await follow({ stopping: isolate.signal }));
    await clock.advance(1_000);
    isolate.abort();
    await clock.advance(0);
    expect(lines.slice(-2)).toEqual(["notice", "resume"]);
    expect(unlisten).toHaveBeenCalledTimes(2);
  });

  it("sends a long delta page by page", async () => {
    read.mockImplementation(async (since) => {
      const delta = await source.read(0);
      return {
        ...delta,
        revision: 3,
        upto: Math.min(3, since + 1),
        more: since + 1 < 3,
        rows: since < 3 ? delta.rows : [],
      };
    });
    const first = { ...(await source.read(0)), revision: 3, more: true };
    void drain(
      followScope({
        scope: "s1",
        sessionTable: "other",
        since: 0,
        first,
        read,
        listener,
        clock,
        endAt: clock.now() + HOUR,
        stopping: stopping.signal,
        signal: over.signal,
      }),
    );
    await clock.advance(1_000);
    expect(lines.filter((line) => line.startsWith("rows"))).toEqual(["rows1", "rows2", "rows3"]);
  });

  it("shares one LISTEN, and closes it with the last reader", async () => {
    const other = new AbortController();
    const two = followScope({
      scope: "s2",
      sessionTable: "sessions",
      since: 0,
      first: await source.read(0),
      read,
      listener,
      clock,
      endAt: clock.now() + HOUR,
      stopping: stopping.signal,
      signal: other.signal,
    });
    void drain(await follow());
    void drain(two);
    await clock.advance(1_000);
    over.abort();
    await clock.advance(0);
    expect(unlisten).not.toHaveBeenCalled();
    other.abort();
    await clock.advance(0);
    expect(unlisten).toHaveBeenCalledTimes(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("drops a reader who takes nothing, and lets go of everything", async () => {
    const gone = vi.fn(() => over.abort());
    async function* endless(): AsyncGenerator<string> {
      const events = await follow();
      try {
        for await (const text of events) yield text.padEnd(300_000);
      } finally {
        await events.return(undefined);
      }
    }
    const reader = streamBody(endless(), clock, gone).getReader();
    await settle();
    await clock.advance(SLOW_MS);
    await settle();
    expect(gone).toHaveBeenCalledTimes(1);
    await expect(reader.read()).rejects.toThrow("too slow");
    expect(unlisten).toHaveBeenCalledTimes(1);
  });

  it("lets go of everything when the reader leaves", async () => {
    const reader = streamBody(await follow(), clock, () => over.abort()).getReader();
    await reader.read();
    await reader.cancel();
    await clock.advance(0);
    expect(unlisten).toHaveBeenCalledTimes(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
