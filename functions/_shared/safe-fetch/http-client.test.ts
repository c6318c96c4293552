import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connection } from "./connection.ts";
import { collectBytes } from "./content-decoding.ts";
import { FakeClock } from "./fake-clock.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { HttpClient } from "./http-client.ts";

const text = new TextDecoder();
const bytes = (value: string) => new TextEncoder().encode(value);

/** A connection that plays back pieces; `null` ends it, `"hang"` stays silent, `"reset"` breaks it. */
type Script = (string | Uint8Array | null | "hang" | "reset")[];

class ScriptedPeer {
  readonly sent: string[] = [];
  readonly opened: { address: string; closed: boolean }[] = [];
  readonly #scripts: Script[];

  constructor(...scripts: Script[]) {
    this.#scripts = scripts;
  }

  connect = async ({ address }: { address: string }): Promise<Connection> => {
    const script = this.#scripts.shift() ?? [null];
    const state = { address, closed: false };
    this.opened.push(state);
    let interrupt = () => {};
    return {
      read: () =>
        new Promise((resolve, reject) => {
          interrupt = () => reject(new Error("closed"));
          const piece = script.shift() ?? null;
          if (state.closed || piece === "reset") interrupt();
          else if (piece === "hang") return;
          else resolve(typeof piece === "string" ? bytes(piece) : piece);
        }),
      write: async (message) => {
        if (state.closed) throw new Error("closed");
        this.sent.push(text.decode(message));
      },
      close: () => {
        state.closed = true;
        interrupt();
      },
    };
  };
}

function setUp(...scripts: Script[]) {
  const peer = new ScriptedPeer(...scripts);
  const clock = new FakeClock();
  const client = new HttpClient(peer.connect, clock);
  const send = async (
    change: { method?: string; body?: Uint8Array; signal?: AbortSignal } = {},
  ) => {
    const response = await client.send({
      url: new URL("http://shop.example/jobs?page=2"),
      method: change.method ?? "GET",
      headers: new Headers({ accept: "text/html" }),
      body: change.body ?? null,
      addresses: async () => ["93.184.215.14"],
      idleMs: 5_000,
      signal: change.signal ?? new AbortController().signal,
    });
    return { ...response, text: text.decode(await collectBytes(response.body)) };
  };
  return { peer, clock, client, send };
}

const failsWith = (code: string) => expect.objectContaining({ name: "FetchFailure", code });

describe("requests", () => {
  it("carry path, query, host and headers", async () => {
    const { peer, send } = setUp(["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"]);
    await send();
    expect(peer.sent).toEqual([
      "GET /jobs?page=2 HTTP/1.1\r\nhost: shop.example\r\naccept: text/html\r\n\r\n",
    ]);
  });

  it("announce the length of a body in bytes", async () => {
    const { peer, send } = setUp(["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"]);
    await send({ method: "POST", body: bytes("ü") });
    expect(peer.sent[0]).toMatch(/content-length: 2\r\n\r\nü$/);
  });
});

describe("answers", () => {
  const page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n";
  const whole: Record<string, string> = {
    "of announced length": `${page}Content-Length: 11\r\n\r\nhello world`,
    "in chunks": `${page}Transfer-Encoding: chunked\r\n\r\n6;x=y\r\nhello \r\n5\r\nworld\r\n0\r\nx: y\r\n\r\n`,
    "until the connection closes": `${page}\r\nhello world`,
    "after an interim answer": `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${page}content-length: 11\r\n\r\nhello world`,
    "with bare line feeds": "HTTP/1.0 200 OK\ncontent-length: 11\n\nhello world",
  };
  for (const [how, answer] of Object.entries(whole)) {
    it(`are read ${how}, however the network cuts them`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(answer.length), { maxLength: 8 }), async (cuts) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), answer.length];
          const pieces = edges.slice(1).map((end, i) => answer.slice(edges[i], end));
          const { send } = setUp([...pieces.filter((piece) => piece !== ""), null]);
          expect(await send()).toMatchObject({ status: 200, text: "hello world" });
        }),
        { numRuns: 50 },
      );
    });
  }

  it("to HEAD and with status 304 have no body whatever they announce", async () => {
    const head = setUp(["HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n"]);
    expect(await head.send({ method: "HEAD" })).toMatchObject({ text: "" });
    const same = setUp(["HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n"]);
    expect(await same.send()).toMatchObject({ status: 304, text: "" });
  });

  const broken: Record<string, Script> = {
    "no HTTP": ["SSH-2.0-OpenSSH_9.6\r\n", null],
    "headers without end": [
      `HTTP/1.1 200 OK\r\n${`x-pad: ${"y".repeat(1000)}\r\n`.repeat(80)}`,
      null,
    ],
    "one endless header": [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}`, null],
    "two lengths": ["HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", null],
    "an unknown transfer encoding": [
      "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
      null,
    ],
    "a chunk without size": [
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhello\r\n",
      null,
    ],
    "less than announced": ["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello", null],
    "a lost last chunk": [
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
      null,
    ],
  };
  for (const [what, script] of Object.entries(broken)) {
    it(`with ${what} are refused and the connection closed`, async () => {
      const { peer, send } = setUp(script);
      await expect(send()).rejects.toEqual(failsWith("bad_response"));
      expect(peer.opened).toEqual([{ address: "93.184.215.14", closed: true }]);
    });
  }

  it("that break off are a lost connection", async () => {
    const { send } = setUp(["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello", "reset"]);
    await expect(send()).rejects.toEqual(failsWith("connection_lost"));
  });

  it("that fall silent end after the idle time, not before", async () => {
    const { clock, send } = setUp(["HTTP/1.1 200 OK\r\n", "hang"]);
    const pending = send().catch((cause: unknown) => cause);
    await clock.advance(4_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await pending).toEqual(failsWith("timed_out"));
    expect(clock.pending).toBe(0);
  });

  it("that are not wanted any more are dropped at once, with the caller's reason", async () => {
    const { peer, send } = setUp(["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello", "hang"]);
    const controller = new AbortController();
    const pending = send({ signal: controller.signal });
    await new FakeClock().advance(1);
    controller.abort(new Error("cancelled by the user"));
    await expect(pending).rejects.toThrow("cancelled by the user");
    expect(peer.opened[0]?.closed).toBe(true);
  });
});

describe("connections", () => {
  const ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

  it("serve the next request of the same site", async () => {
    const { peer, send } = setUp([ok, ok]);
    await send();
    await send();
    expect(peer.opened).toHaveLength(1);
  });

  it.each([
    ["the server closes it", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok"],
    ["it speaks HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok"],
    ["bytes are left over", `${ok}HTTP/1.1 200 OK\r\n`],
  ])("are not kept when %s", async (_why, answer) => {
    const { peer, send } = setUp([answer, null], [ok]);
    await send();
    expect(peer.opened[0]?.closed).toBe(true);
    expect(await send()).toMatchObject({ text: "ok" });
    expect(peer.opened).toHaveLength(2);
  });

  it("that died while kept are replaced without a word", async () => {
    for (const death of [null, "reset"] as const) {
      const { peer, send } = setUp([ok, death], [ok]);
      await send();
      expect(await send()).toMatchObject({ text: "ok" });
      expect(peer.opened).toHaveLength(2);
    }
  });

  it("are always new for a request with a body, which must not be sent twice", async () => {
    const { peer, send } = setUp([ok, null], [ok]);
    await send();
    await send({ method: "POST", body: bytes("x") });
    expect(peer.opened).toHaveLength(2);
  });

  it("are closed after a few idle seconds, or with the client", async () => {
    const { peer, clock, client, send } = setUp([ok, "hang"], [ok]);
    await send();
    await clock.advance(4_000);
    expect(peer.opened[0]?.closed).toBe(true);
    await send();
    client.close();
    expect(peer.opened[1]?.closed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("are tried at the next address when one does not answer, three at most", async () => {
    const tried: string[] = [];
    const client = new HttpClient(async ({ address }) => {
      tried.push(address);
      throw new FetchFailure("connect_failed", "shop.example");
    }, new FakeClock());
    const pending = client.send({
      url: new URL("http://shop.example/"),
      method: "GET",
      headers: new Headers(),
      body: null,
      addresses: async () => ["1.0.0.1", "1.0.0.2", "1.0.0.3", "1.0.0.4"],
      idleMs: 5_000,
      signal: new AbortController().signal,
    });
    await expect(pending).rejects.toEqual(failsWith("connect_failed"));
    expect(tried).toEqual(["1.0.0.1", "1.0.0.2", "1.0.0.3"]);
  });
});
