import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { type LoadRobots, RobotsRules } from "./robots.ts";

const signal = new AbortController().signal;
const day = 24 * 60 * 60 * 1000;

function setUp(load: LoadRobots) {
  const clock = new FakeClock();
  let loads = 0;
  const rules = new RobotsRules(
    (url) => {
      loads += 1;
      return load(url);
    },
    clock,
    "OtisBot/1.0 (+https://otis.example/bot)",
  );
  const check = (path: string) => rules.check(new URL(path, "https://shop.example"), signal);
  return { clock, rules, check, loads: () => loads };
}

const serving = (text: string, status = 200) => setUp(async () => ({ status, text }));

describe("rules", () => {
  it("forbid and allow by the longest match, wildcards and all", async () => {
    const { check } = serving(
      "User-agent: *\nDisallow: /jobs\nAllow: /jobs/open\nDisallow: /*.pdf$",
    );
    expect((await check("/jobs/secret")).allowed).toBe(false);
    expect((await check("/jobs/open/1")).allowed).toBe(true);
    expect((await check("/a.pdf")).allowed).toBe(false);
    expect((await check("/a.pdf?x")).allowed).toBe(true);
    expect((await check("/")).allowed).toBe(true);
  });

  it("for OTIS by name take the place of those for everyone", async () => {
    const { check } = serving(
      "User-agent: *\nDisallow: /\n\nUser-Agent: otisbot\nDisallow: /admin",
    );
    expect((await check("/jobs")).allowed).toBe(true);
    expect((await check("/admin")).allowed).toBe(false);
  });

  it("may name a delay, which is honoured up to 30 seconds", async () => {
    const delay = async (line: string) =>
      (await serving(`User-agent: *\n${line}\nDisallow: /x`).check("/")).crawlDelayMs;
    expect(await delay("Crawl-delay: 2.5")).toBe(2_500);
    expect(await delay("Crawl-delay: 3600")).toBe(30_000);
    expect(await delay("Crawl-delay: soon")).toBeNull();
    expect(await delay("Crawl-delay: -1")).toBeNull();
  });

  it("are survived whatever they hold", async () => {
    for (const text of ["", "\u0000\u0001", "<html>Not found</html>", "Disallow: /", ":::\n\n:"]) {
      expect((await serving(text).check("/jobs")).allowed).toBe(true);
    }
  });
});

describe("a robots.txt", () => {
  it.each([400, 401, 403, 404, 410])("with status %i allows everything", async (status) => {
    expect(await serving("User-agent: *\nDisallow: /", status).check("/jobs")).toEqual({
      allowed: true,
      crawlDelayMs: null,
    });
  });

  it.each([500, 503])("with status %i forbids everything for now", async (status) => {
    await expect(serving("", status).check("/jobs")).rejects.toMatchObject({
      code: "robots_unreachable",
      retryable: true,
      retryAfterSeconds: 60,
    });
  });

  it("that breaks off forbids everything, and is asked for again after a minute", async () => {
    let up = false;
    const { check, clock, loads } = setUp(async (url) => {
      if (!up) throw new FetchFailure("connection_lost", url.host);
      return { status: 200, text: "" };
    });
    await expect(check("/")).rejects.toMatchObject({ code: "robots_unreachable" });
    up = true;
    await clock.advance(59_000);
    await expect(check("/")).rejects.toMatchObject({ code: "robots_unreachable" });
    await clock.advance(1_000);
    expect((await check("/")).allowed).toBe(true);
    expect(loads()).toBe(2);
  });

  it("that redirects without end does not exist", async () => {
    const { check } = setUp(async (url) => {
      throw new FetchFailure("bad_redirect", url.host);
    });
    expect((await check("/")).allowed).toBe(true);
  });

  it.each(["private_address", "dns_failed", "connect_failed", "tls_failed", "timed_out"] as const)(
    "behind %s says so rather than blaming robots.txt, and is asked for again at once",
    async (code) => {
      const { check, loads } = setUp(async (url) => {
        throw new FetchFailure(code, url.host);
      });
      await expect(check("/")).rejects.toMatchObject({ code });
      await expect(check("/")).rejects.toMatchObject({ code });
      expect(loads()).toBe(2);
    },
  );

  it("is asked for once, however many pages want it at the same time, and again after a day", async () => {
    const { check, clock, loads } = serving("");
    await Promise.all([check("/a"), check("/b"), check("/c")]);
    await clock.advance(day - 1);
    await check("/d");
    expect(loads()).toBe(1);
    await clock.advance(1);
    await check("/e");
    expect(loads()).toBe(2);
  });

  it("of another origin counts for that one only", async () => {
    const { rules, loads } = setUp(async (url) => ({
      status: 200,
      text: url.protocol === "http:" ? "User-agent: *\nDisallow: /" : "",
    }));
    expect((await rules.check(new URL("https://shop.example/"), signal)).allowed).toBe(true);
    expect((await rules.check(new URL("http://shop.example/"), signal)).allowed).toBe(false);
    expect(loads()).toBe(2);
  });

  it("need not arrive for a caller to give up", async () => {
    const { rules } = setUp(() => new Promise(() => {}));
    const controller = new AbortController();
    const pending = rules.check(new URL("https://shop.example/"), controller.signal);
    controller.abort("enough");
    await expect(pending).rejects.toBe("enough");
  });
});
