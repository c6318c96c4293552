import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Fetcher, FileOpener } from "../sources/source.ts";
import { systemClock } from "./clock.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { createConnect } from "./node.ts";
import { createSafeFetch, type SafeFetchSettings, type SafeRequest } from "./safe-fetch.ts";
import { parseOpenedHosts } from "./target.ts";

/** An address on the public internet; the tests' connections to it end at a loopback server. */
const publicAddress = "93.184.215.14";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/**
 * A loopback web server behind made-up names: `handle` answers everything but robots.txt (404),
 * `dns` answers lookups (each name public unless said otherwise), `connections` are counted by address.
 */
async function setUp(
  handle: Handler,
  options: {
    dns?: (hostname: string) => string[];
    robots?: Handler;
  } & Partial<SafeFetchSettings> = {},
) {
  const requests: { host: string; url: string; headers: IncomingMessage["headers"] }[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/robots.txt") {
      if (options.robots !== undefined) options.robots(request, response);
      else response.writeHead(404).end();
      return;
    }
    const { host = "", ...headers } = request.headers;
    requests.push({ host, url: request.url ?? "", headers });
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const lookups: string[] = [];
  const connected: string[] = [];
  const connect = createConnect();
  const door = createSafeFetch({
    resolve: async (hostname) => {
      lookups.push(hostname);
      return options.dns?.(hostname) ?? [publicAddress];
    },
    connect: (peer, signal) => {
      connected.push(peer.address);
      return connect({ ...peer, address: "127.0.0.1", port }, signal);
    },
    clock: systemClock,
    random: () => 0,
    userAgent: "OtisBot/1.0 (+https://otis.example/bot)",
    ...options,
    limits: { pace: { parallel: 1, gapMs: 0, jitterMs: 0 }, ...options.limits },
  });
  cleanups.push(async () => {
    door.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const outcome = (url: string, request?: SafeRequest) =>
    door.fetch(url, request).then(
      (response) => response.status,
      (cause: unknown) => (cause instanceof FetchFailure ? cause.code : cause),
    );
  return { door, outcome, port, requests, lookups, connected };
}

const html =
  (body = "<p>ok</p>", status = 200): Handler =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "text/html" }).end(body);
  };
const redirect =
  (routes: Record<string, string>, status = 302): Handler =>
  (request, response) => {
    const location = routes[`http://${request.headers.host}${request.url}`];
    if (location === undefined) html()(request, response);
    else response.writeHead(status, { location }).end();
  };

describe("an ordinary page", () => {
  it("comes with status, final address, headers, bytes and text", async () => {
    const { door, requests } = await setUp((_request, response) => {
      const headers = {
        "content-type": "text/html; charset=iso-8859-1",
        "content-encoding": "gzip",
      };
      response.writeHead(200, headers).end(gzipSync(Buffer.from("Köln", "latin1")));
    });
    const page = await door.fetch("http://shop.example/jobs#top");
    expect(page).toMatchObject({
      status: 200,
      url: "http://shop.example/jobs",
      contentType: "text/html; charset=iso-8859-1",
      charset: "windows-1252",
    });
    expect(page.text()).toBe("Köln");
    expect(requests[0]?.headers["user-agent"]).toBe("OtisBot/1.0 (+https://otis.example/bot)");
    expect(requests[0]?.headers["accept-encoding"]).toBe("gzip, br");
  });

  it("that does not exist is an answer like any other", async () => {
    const { outcome } = await setUp(html("gone", 404));
    expect(await outcome("http://shop.example/")).toBe(404);
  });

  it("is asked for with its validators and may be unchanged", async () => {
    const { door, requests } = await setUp((_request, response) => {
      response.writeHead(304, { etag: '"v1"' }).end();
    });
    const validators = { etag: '"v1"', lastModified: "Thu, 01 Jan 2026 00:00:00 GMT" };
    const page = await door.fetch("http://shop.example/feed", validators);
    expect(page.status).toBe(304);
    expect(page.body).toHaveLength(0);
    expect(requests[0]?.headers).toMatchObject({
      "if-none-match": '"v1"',
      "if-modified-since": "Thu, 01 Jan 2026 00:00:00 GMT",
    });
  });

  it("reuses the connection for the next page, and looks the name up once", async () => {
    const { door, connected, lookups } = await setUp(html());
    for (const page of [1, 2, 3]) await door.fetch(`http://shop.example/jobs?page=${page}`);
    expect(connected.length).toBeLessThanOrEqual(2);
    expect(lookups.length).toBe(connected.length);
  });

  it("satisfies the sources' fetcher and file opener", async () => {
    const { door } = await setUp(html());
    const fetcher: Fetcher = door.fetch;
    const opener: FileOpener = door.open;
    const signal = new AbortController().signal;
    expect((await fetcher("http://shop.example/", { signal })).status).toBe(200);
    await (await opener("http://shop.example/", { from: 0, signal })).stream.cancel();
  });
});

describe("private addresses", () => {
  it.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00:ec2::254]/",
    "http://localhost/",
    "http://db.localhost/",
  ])("are refused when written out: %s", async (url) => {
    const { outcome, connected } = await setUp(html());
    expect(await outcome(url)).toBe("private_address");
    expect(connected).toEqual([]);
  });

  it("are refused when a name leads to them, even as one answer of several", async () => {
    const answers: Record<string, string[]> = {
      "inner.example": ["10.0.0.7"],
      "mixed.example": [publicAddress, "192.168.0.1"],
      "mixed6.example": [publicAddress, "fe80::1"],
    };
    const { outcome, connected } = await setUp(html(), { dns: (name) => answers[name] ?? [] });
    for (const name of Object.keys(answers)) {
      expect(await outcome(`http://${name}/`)).toBe("private_address");
    }
    expect(await outcome("http://nowhere.example/")).toBe("dns_failed");
    expect(connected).toEqual([]);
  });

  it("are refused when the name is rebound: what was checked is what is connected to", async () => {
    const answers = [[publicAddress], ["127.0.0.1"]];
    const { outcome, connected, lookups } = await setUp(html("", 200), {
      dns: () => answers.shift() ?? ["127.0.0.1"],
      robots: (_request, response) => {
        response.writeHead(404, { connection: "close" }).end();
      },
    });
    // robots.txt uses up the public answer; the page's own lookup finds the private one.
    expect(await outcome("http://rebind.example/")).toBe("private_address");
    expect(lookups).toHaveLength(2);
    expect(connected).toEqual([publicAddress]);
  });

  it("are refused at every hop of a chain of redirects", async () => {
    const { outcome, connected, requests } = await setUp(
      redirect({
        "http://one.example/": "http://two.example/",
        "http://two.example/": "http://169.254.169.254/latest/",
        "http://three.example/": "http://inner.example/",
        "http://four.example/": "//0x7f000001/",
      }),
      { dns: (name) => (name === "inner.example" ? ["10.0.0.1"] : [publicAddress]) },
    );
    expect(await outcome("http://one.example/")).toBe("private_address");
    expect(await outcome("http://three.example/")).toBe("private_address");
    expect(await outcome("http://four.example/")).toBe("private_address");
    expect(new Set(connected)).toEqual(new Set([publicAddress]));
    expect(requests.map(({ host }) => host)).not.toContain("inner.example");
  });

  it("open for hosts that configuration names, and only for those", async () => {
    const openedHosts = parseOpenedHosts("practice.localhost:4100");
    const { outcome, connected, lookups } = await setUp(html(), { openedHosts });
    expect(await outcome("http://practice.localhost:4100/")).toBe(200);
    expect(await outcome("http://practice.localhost/")).toBe("private_address");
    expect(await outcome("http://other.localhost/")).toBe("private_address");
    expect(new Set(connected)).toEqual(new Set(["127.0.0.1"]));
    expect(lookups).toEqual([]);
  });
});

describe("redirects", () => {
  it("are followed to the final address, five times and not six", async () => {
    const routes = Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((n) => [`http://shop.example/${n}`, `/${n + 1}`]),
    );
    const { door } = await setUp(redirect(routes));
    expect((await door.fetch("http://shop.example/1")).url).toBe("http://shop.example/6");
    await expect(door.fetch("http://shop.example/0")).rejects.toMatchObject({
      code: "bad_redirect",
      message: expect.stringContaining("more than 5 redirects follow one another"),
    });
  });

  it("to other schemes, ports or nowhere are refused", async () => {
    const { outcome } = await setUp(
      redirect({
        "http://shop.example/ftp": "ftp://shop.example/x",
        "http://shop.example/port": "http://shop.example:8080/",
        "http://shop.example/user": "http://me:pass@shop.example/",
      }),
    );
    expect(await outcome("http://shop.example/ftp")).toBe("bad_url");
    expect(await outcome("http://shop.example/port")).toBe("port_refused");
    expect(await outcome("http://shop.example/user")).toBe("bad_url");
    const mute = await setUp((_request, response) => response.writeHead(302).end());
    expect(await mute.outcome("http://shop.example/")).toBe("bad_redirect");
  });

  it("keep credentials on the same origin and drop them on another, port and scheme included", async () => {
    const { door, requests } = await setUp(
      redirect({
        "http://shop.example/a": "http://shop.example/b",
        "http://shop.example/b": "http://evil.example/c",
      }),
    );
    const secrets = {
      authorization: "Bearer t",
      cookie: "s=1",
      "x-api-key": "k",
      "accept-language": "de",
    };
    await door.fetch("http://shop.example/a", { headers: secrets });
    const [, same, other] = requests;
    expect(same?.headers).toMatchObject(secrets);
    expect(other?.headers["accept-language"]).toBe("de");
    for (const name of ["authorization", "cookie", "x-api-key"]) {
      expect(other?.headers).not.toHaveProperty(name);
    }
  });

  it("never carry a body to another origin", async () => {
    const routes = { "http://shop.example/": "http://evil.example/" };
    const { outcome, requests } = await setUp(redirect(routes, 307));
    expect(await outcome("http://shop.example/", { method: "POST", body: "secret" })).toBe(
      "bad_redirect",
    );
    expect(requests.map(({ host }) => host)).toEqual(["shop.example"]);
  });
});

describe("bodies", () => {
  it("larger than the cap are refused, announced or not", async () => {
    const { outcome } = await setUp((request, response) => {
      response.setHeader("content-type", "text/html");
      if (request.url === "/announced") response.setHeader("content-length", 200_000_000);
      response.write("x".repeat(2_000));
      if (request.url === "/endless")
        setInterval(() => response.write("x".repeat(2_000)), 1).unref();
    });
    expect(await outcome("http://shop.example/announced", { maxBytes: 10_000 })).toBe("too_large");
    expect(await outcome("http://shop.example/endless", { maxBytes: 10_000 })).toBe("too_large");
  });

  it("of web pages have a smaller cap than data has", async () => {
    const { outcome } = await setUp((request, response) => {
      response.setHeader("content-type", request.url?.slice(1).replace("~", "/") ?? "");
      response.end(Buffer.alloc(6_000_000, "x"));
    });
    expect(await outcome("http://shop.example/text~html")).toBe("too_large");
    expect(await outcome("http://shop.example/application~json")).toBe(200);
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("that explode from %s are stopped at the cap", async (encoding, encode) => {
    const bomb = encode(new Uint8Array(50_000_000));
    const { outcome } = await setUp((_request, response) => {
      response.writeHead(200, { "content-type": "text/html", "content-encoding": encoding });
      response.end(bomb);
    });
    expect(await outcome("http://shop.example/", { maxBytes: 1_000_000 })).toBe("too_large");
  });

  it("of types nobody can read are refused before they are read", async () => {
    const { outcome } = await setUp((request, response) => {
      const type = decodeURIComponent(request.url?.slice(1) ?? "");
      if (type !== "") response.setHeader("content-type", type);
      response.end(type === "application/octet-stream;binary" ? "\u0000\u0001" : "name;city\n");
    });
    const at = (type: string) => outcome(`http://shop.example/${encodeURIComponent(type)}`);
    for (const type of [
      "text/csv",
      "application/ld+json",
      "application/rss+xml",
      "",
      "application/octet-stream",
    ]) {
      expect(await at(type)).toBe(200);
    }
    for (const type of [
      "image/png",
      "application/pdf",
      "video/mp4",
      "application/octet-stream;binary",
    ]) {
      expect(await at(type)).toBe("content_type");
    }
    expect(await outcome("http://shop.example/text%2Fhtml", { accept: ["application/json"] })).toBe(
      "content_type",
    );
  });

  it("of error pages are cut, not refused", async () => {
    const { door } = await setUp(html("x".repeat(1_000_000), 403));
    const page = await door.fetch("http://shop.example/");
    expect(page.status).toBe(403);
    expect(page.body.length).toBe(256 * 1024);
  });

  it("that drip slower than the time allows end with the time", async () => {
    const { outcome } = await setUp(
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        const drip = setInterval(() => response.write("x"), 5);
        response.on("close", () => clearInterval(drip));
      },
      { limits: { totalMs: 60, idleMs: 50 } },
    );
    expect(await outcome("http://shop.example/")).toBe("timed_out");
  });
});

describe("streams", () => {
  const file = "0123456789".repeat(1_000);

  it("begin where the caller left off, and tell the size", async () => {
    const { door, requests } = await setUp((_request, response) => {
      response.writeHead(206, {
        "content-type": "text/csv",
        "content-range": "bytes 9995-9999/10000",
      });
      response.end(file.slice(9_995));
    });
    const signal = new AbortController().signal;
    const opened = await door.open("http://shop.example/jobs.csv", { from: 9_995, signal });
    expect(opened).toMatchObject({ status: 206, from: 9_995, size: 10_000 });
    expect(await new Response(opened.stream).text()).toBe("56789");
    expect(requests[0]?.headers).toMatchObject({
      range: "bytes=9995-",
      "accept-encoding": "identity",
    });
  });

  it("hold the host's turn until they are read or cancelled", async () => {
    const { door, outcome, requests } = await setUp(html(file));
    const signal = new AbortController().signal;
    const opened = await door.open("http://shop.example/jobs.csv", { from: 0, signal });
    expect(opened).toMatchObject({ from: 0 });
    const waiting = outcome("http://shop.example/next");
    // Meanwhile another host is asked and answers.
    expect(await outcome("http://other.example/")).toBe(200);
    expect(requests.map(({ url }) => url)).toEqual(["/jobs.csv", "/"]);
    await opened.stream.cancel();
    expect(await waiting).toBe(200);
  });
});

describe("robots.txt", () => {
  const robots =
    (text: string): Handler =>
    (_request, response) => {
      response.writeHead(200, { "content-type": "text/plain" }).end(text);
    };

  it("keeps pages shut, redirects included", async () => {
    const { outcome, requests } = await setUp(
      redirect({ "http://open.example/": "http://shut.example/" }),
      {
        robots: (request, response) => {
          const shut = request.headers.host === "shut.example";
          robots(shut ? "User-agent: *\nDisallow: /" : "")(request, response);
        },
      },
    );
    expect(await outcome("http://shut.example/jobs")).toBe("robots_disallowed");
    expect(await outcome("http://open.example/")).toBe("robots_disallowed");
    expect(requests.map(({ host }) => host)).toEqual(["open.example"]);
  });

  it("is followed through redirects and read up to 500 KiB", async () => {
    const filler = `# ${"x".repeat(97)}\n`.repeat(6_000);
    const { outcome } = await setUp(
      (request, response) => {
        if (request.url === "/rules")
          robots(`User-agent: *\nDisallow: /early\n${filler}Disallow: /late`)(request, response);
        else html()(request, response);
      },
      { robots: (_request, response) => response.writeHead(301, { location: "/rules" }).end() },
    );
    expect(await outcome("http://shop.example/early")).toBe("robots_disallowed");
    expect(await outcome("http://shop.example/late")).toBe(200);
  });

  it("that answers 500 forbids everything", async () => {
    const { outcome, requests } = await setUp(html(), {
      robots: (_request, response) => response.writeHead(500).end(),
    });
    expect(await outcome("http://shop.example/")).toBe("robots_unreachable");
    expect(requests).toEqual([]);
  });

  it("does not concern a vendor's API", async () => {
    const { outcome } = await setUp(html("{}"), {
      endpoints: ["http://api.vendor.example/v1", "http://{company}.vendor.example"],
      robots: robots("User-agent: *\nDisallow: /"),
    });
    expect(await outcome("http://api.vendor.example/v1/jobs")).toBe(200);
    expect(await outcome("http://acme.vendor.example/jobs")).toBe(200);
    expect(await outcome("http://a.b.vendor.example/jobs")).toBe("robots_disallowed");
    expect(await outcome("http://vendor.example.evil.example/")).toBe("robots_disallowed");
  });
});

describe("hosts in trouble", () => {
  it.each([429, 503])(
    "that answer %i with Retry-After are not asked again before that",
    async (status) => {
      const { door, outcome, requests } = await setUp((_request, response) => {
        response
          .writeHead(status, { "retry-after": "120", "content-type": "text/plain" })
          .end("slow down");
      });
      expect(await outcome("http://shop.example/a")).toBe(status);
      const refused = await door.fetch("http://shop.example/b").catch((cause: unknown) => cause);
      expect(refused).toMatchObject({ code: "rate_limited", retryable: true });
      expect(requests).toHaveLength(1);
      expect(await outcome("http://other.example/")).toBe(status);
    },
  );
});

describe("an abort", () => {
  it("ends the request at once, with the caller's reason, and lets the next one in", async () => {
    const controller = new AbortController();
    const { door, outcome } = await setUp((request, response) => {
      if (request.url !== "/slow") return html()(request, response);
      response.writeHead(200, { "content-type": "text/html" }).write("x");
      controller.abort(new Error("cancelled"));
    });
    const pending = door.fetch("http://shop.example/slow", { signal: controller.signal });
    await expect(pending).rejects.toThrow("cancelled");
    expect(await outcome("http://shop.example/")).toBe(200);
  });

  it("before the start sends nothing", async () => {
    const { door, connected } = await setUp(html());
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(door.fetch("http://shop.example/", { signal })).rejects.toThrow("cancelled");
    expect(connected).toEqual([]);
  });
});
