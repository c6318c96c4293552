import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeSink } from "../testing/fake-sink.ts";
import { ManualClock, settle } from "../testing/manual-clock.ts";
import { sessionId, testScope } from "../testing/simulated-server.ts";
import {
  type ChangeBinding,
  type ChangePayload,
  realtimeTransport,
  STEP_TIMEOUT_MS,
  type SystemPayload,
} from "./realtime.ts";

const insert = (
  columns: Record<string, unknown>,
  over: Partial<ChangePayload> = {},
): ChangePayload => ({
  table: "companies",
  commit_timestamp: "2026-01-15T09:00:00.123Z",
  eventType: "INSERT",
  new: { id: "a", session_id: sessionId, ...columns },
  old: {},
  errors: null,
  ...over,
});

class FakeChannel {
  readonly bindings: { binding: ChangeBinding; listener: (payload: ChangePayload) => void }[] = [];
  say: (payload: SystemPayload) => void = () => {};
  status: (status: string) => void = () => {};
  removed = false;
  onChange(binding: ChangeBinding, listener: (payload: ChangePayload) => void): void {
    this.bindings.push({ binding, listener });
  }
  onSystem(listener: (payload: SystemPayload) => void): void {
    this.say = listener;
  }
  subscribe(listener: (status: string) => void): void {
    this.status = listener;
  }
  remove(): void {
    this.removed = true;
  }
}

describe("the Realtime transport", () => {
  let clock: ManualClock;
  let channels: { topic: string; channel: FakeChannel }[];
  let sink: ReturnType<typeof fakeSink>;
  const refreshAuth = vi.fn(() => Promise.resolve());
  const open = async () => {
    const transport = realtimeTransport({
      scope: testScope,
      clock,
      client: {
        refreshAuth,
        channel(topic) {
          const channel = new FakeChannel();
          channels.push({ topic, channel });
          return channel;
        },
      },
    });
    const close = transport.open(sink);
    await settle();
    const channel = channels.at(-1)?.channel;
    if (channel === undefined) throw new Error("no channel was opened");
    return { close, channel };
  };
  const ok = { extension: "postgres_changes", status: "ok" };

  beforeEach(() => {
    clock = new ManualClock();
    channels = [];
    sink = fakeSink();
    refreshAuth.mockClear();
  });

  it("asks for the scope's rows only, with a fresh token, and for the flags", async () => {
    const { channel } = await open();
    expect(refreshAuth).toHaveBeenCalledTimes(1);
    expect(channel.bindings.map(({ binding }) => [binding.table, binding.filter])).toEqual([
      ["sessions", "id=eq.session-1"],
      ["companies", "session_id=eq.session-1"],
      ["postings", "session_id=eq.session-1"],
      ["feature_flags", undefined],
    ]);
  });

  it("is up with the system message, not with SUBSCRIBED, and again each time it comes", async () => {
    const { channel } = await open();
    channel.status("SUBSCRIBED");
    expect(sink.up).not.toHaveBeenCalled();
    channel.say(ok);
    channel.say(ok);
    expect(sink.up).toHaveBeenCalledTimes(2);
  });

  it("passes rows on with the time of their commit", async () => {
    const { channel } = await open();
    channel.bindings[1]?.listener(insert({ revision: 7 }));
    expect(sink.change).toHaveBeenCalledWith(
      { table: "companies", id: "a", revision: 7, row: insert({ revision: 7 }).new },
      Date.parse("2026-01-15T09:00:00.123Z"),
    );
  });

  it("has the delta read when an event could not carry its row, or a flag was switched", async () => {
    const { channel } = await open();
    channel.bindings[1]?.listener(insert({}, { errors: ["Error 413: Payload Too Large"] }));
    channel.bindings[1]?.listener(insert({}));
    channel.bindings[3]?.listener(insert({}, { table: "feature_flags" }));
    expect(sink.recheck).toHaveBeenCalledTimes(3);
    expect(sink.change).not.toHaveBeenCalled();
  });

  it("reports a deleted session as gone, and no other delete", async () => {
    const { channel } = await open();
    const removal = (id: string): ChangePayload =>
      insert({}, { table: "sessions", eventType: "DELETE", new: {}, old: { id } });
    channel.bindings[0]?.listener(removal("another"));
    expect(sink.down).not.toHaveBeenCalled();
    channel.bindings[0]?.listener(removal(sessionId));
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("gone");
    expect(channel.removed).toBe(true);
  });

  it.each(["CLOSED", "CHANNEL_ERROR", "TIMED_OUT"])("ends its channel on %s", async (status) => {
    const { channel } = await open();
    channel.say(ok);
    channel.status(status);
    channel.status("CLOSED");
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("unreachable");
    expect(channel.removed).toBe(true);
  });

  it("ends its channel when the system message is an error (an expired token)", async () => {
    const { channel } = await open();
    channel.say({ extension: "postgres_changes", status: "error" });
    expect(sink.down).toHaveBeenCalledTimes(1);
  });

  it("gives up when a step takes too long: the joining, or the beginning of changes", async () => {
    const slow = await open();
    await clock.advance(STEP_TIMEOUT_MS - 1);
    slow.channel.status("SUBSCRIBED");
    await clock.advance(STEP_TIMEOUT_MS - 1);
    expect(sink.down).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(sink.down).toHaveBeenCalledTimes(1);
    expect(slow.channel.removed).toBe(true);
    await open();
    await clock.advance(STEP_TIMEOUT_MS);
    expect(sink.down).toHaveBeenCalledTimes(2);
  });

  it("never uses a topic twice: two mounts of one component do not share a channel", async () => {
    const first = await open();
    first.close();
    await open();
    expect(new Set(channels.map(({ topic }) => topic)).size).toBe(2);
    expect(first.channel.removed).toBe(true);
  });

  it("is silent once closed, and opens nothing when closed before it could", async () => {
    const { close, channel } = await open();
    close();
    channel.say(ok);
    channel.status("CLOSED");
    channel.bindings[1]?.listener(insert({ revision: 7 }));
    for (const told of [sink.up, sink.down, sink.change]) expect(told).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });
});
