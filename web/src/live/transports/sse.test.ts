import { beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "../activity.ts";
import { fakeSink } from "../testing/fake-sink.ts";
import { ManualClock, settle } from "../testing/manual-clock.ts";
import { testScope } from "../testing/simulated-server.ts";
import { STABLE_MS } from "../transport-machine.ts";
import { OPEN_TIMEOUT_MS, SILENCE_MS, sseTransport } from "./sse.ts";

/** A stream whose other end is in the test's hand. */
function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const body = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
  });
  return {
    response: new Response(body),
    send: async (event: string, data: unknown) => {
      const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      controller?.enqueue(new TextEncoder().encode(text));
      await settle();
    },
    end: async () => {
      controller?.close();
      await settle();
    },
  };
}

describe("the SSE transport", () => {
  let clock: ManualClock;
  let activity: Activity;
  let sink: ReturnType<typeof fakeSink>;
  const fetch = vi.fn<typeof globalThis.fetch>();
  const requested = vi.fn();
  let headers: () => Promise<Record<string, string>>;
  const open = async () => {
    const transport = sseTransport({
      scope: testScope,
      clock,
      activity,
      fetch,
      requested,
      url: "https://otis.test/functions/v1/events?session=session-1",
      headers,
      since: () => 42,
    });
    const close = transport.open(sink);
    await settle();
    return close;
  };

  beforeEach(() => {
    clock = new ManualClock();
    activity = new Activity(clock);
    sink = fakeSink();
    headers = () => Promise.resolve({ authorization: "Bearer token" });
    fetch.mockReset();
    requested.mockReset();
  });

  it("resumes from the revision that is already there", async () => {
    fetch.mockResolvedValue(stream().response);
    await open();
    expect(fetch.mock.calls[0]?.[1]?.headers).toMatchObject({
      authorization: "Bearer token",
      "last-event-id": "42",
    });
    expect(requested).toHaveBeenCalledTimes(1);
  });

  it("is down where the token for it does not come", async () => {
    headers = () => new Promise(() => {});
    await open();
    await clock.advance(OPEN_TIMEOUT_MS);
    expect(sink.down).toHaveBeenCalledTimes(1);
    expect(fetch).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });

  it("is up with the first event, and passes pages, beats and notices on", async () => {
    const { response, send } = stream();
    fetch.mockResolvedValue(response);
    await open();
    expect(sink.up).not.toHaveBeenCalled();
    await send("rows", {
      since: 42,
      revision: 44,
      upto: 44,
      more: false,
      committed_at: "2026-01-15T09:00:00.000Z",
      rows: [{ table: "companies", revision: 43, row: { id: "a", revision: 43 } }],
    });
    expect(sink.up).toHaveBeenCalledTimes(1);
    expect(sink.delta).toHaveBeenCalledWith(
      42,
      expect.objectContaining({ upto: 44, more: false }),
      Date.parse("2026-01-15T09:00:00.000Z"),
    );
    await send("heartbeat", { revision: 44 });
    expect(sink.newest).toHaveBeenCalledWith(44);
    await send("notice", { kind: "flags" });
    expect(sink.recheck).toHaveBeenCalledTimes(1);
    expect(sink.up).toHaveBeenCalledTimes(1);
  });

  it("opens the next stream without a word when the server ends one by plan", async () => {
    const first = stream();
    fetch.mockResolvedValueOnce(first.response).mockResolvedValueOnce(stream().response);
    await open();
    await first.send("heartbeat", { revision: 42 });
    await clock.advance(STABLE_MS);
    await first.send("notice", { kind: "resume" });
    await first.end();
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(sink.down).not.toHaveBeenCalled();
  });

  it("leaves it to the machine when to open the next after one that ended at once", async () => {
    const first = stream();
    fetch.mockResolvedValueOnce(first.response);
    await open();
    await first.send("heartbeat", { revision: 42 });
    await clock.advance(STABLE_MS - 1);
    await first.send("notice", { kind: "resume" });
    await first.end();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("unreachable");
  });

  it("opens none from a hidden tab", async () => {
    const { response, send, end } = stream();
    fetch.mockResolvedValue(response);
    await open();
    await send("heartbeat", { revision: 42 });
    await clock.advance(STABLE_MS);
    activity.setHidden(true);
    await send("notice", { kind: "resume" });
    await end();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(sink.down).toHaveBeenCalledTimes(1);
  });

  it("is down when a stream ends without notice", async () => {
    const { response, send, end } = stream();
    fetch.mockResolvedValue(response);
    await open();
    await send("heartbeat", { revision: 42 });
    await end();
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("unreachable", 0);
  });

  it("gives up on a proxy that buffers: the answer opens, but no event comes", async () => {
    fetch.mockImplementation(async (_, init) => {
      const { response } = stream();
      const body = response.body?.pipeThrough(new TransformStream(), {
        ...(init?.signal ? { signal: init.signal } : {}),
      });
      return new Response(body ?? null);
    });
    await open();
    await clock.advance(OPEN_TIMEOUT_MS);
    await settle();
    expect(sink.down).toHaveBeenCalledTimes(1);
  });

  it("takes a stream that no longer beats for dead", async () => {
    let abort: AbortSignal | null | undefined;
    const { response, send } = stream();
    fetch.mockImplementation(async (_, init) => {
      abort = init?.signal;
      return response;
    });
    await open();
    await send("heartbeat", { revision: 42 });
    await clock.advance(SILENCE_MS - 1);
    expect(abort?.aborted).toBe(false);
    await clock.advance(1);
    expect(abort?.aborted).toBe(true);
  });

  it.each([401, 404, 503])("takes a refusal with %i for a closed way, no more", async (status) => {
    fetch.mockResolvedValue(new Response(null, { status, headers: { "retry-after": "7" } }));
    await open();
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("refused", 7_000);
  });

  it("is down when the network is", async () => {
    fetch.mockRejectedValue(new TypeError("fetch failed"));
    await open();
    expect(sink.down).toHaveBeenCalledExactlyOnceWith("unreachable", 0);
  });

  it("is silent once closed, and lets go of the connection", async () => {
    let abort: AbortSignal | null | undefined;
    const { response, send } = stream();
    fetch.mockImplementation(async (_, init) => {
      abort = init?.signal;
      return response;
    });
    const close = await open();
    close();
    expect(abort?.aborted).toBe(true);
    await send("heartbeat", { revision: 99 });
    expect(sink.newest).not.toHaveBeenCalled();
    expect(sink.down).not.toHaveBeenCalled();
  });
});
