import { beforeEach, describe, expect, it, vi } from "vitest";
import { renewingFetch } from "./renewing-fetch.ts";

describe("fetch with a token that the server may refuse", () => {
  let held: string | null;
  let good: string;
  let time: number;
  const server = vi.fn(async (_: RequestInfo | URL, init?: RequestInit) => {
    const sent = new Headers(init?.headers).get("authorization");
    return new Response(sent, { status: sent === `Bearer ${good}` ? 200 : 401 });
  });
  const renew = vi.fn(async () => {
    held = "new";
    return held;
  });
  let ask: () => Promise<number>;

  beforeEach(() => {
    held = "old";
    good = "old";
    time = 0;
    server.mockClear();
    renew.mockClear();
    const fetch = renewingFetch({
      fetch: server,
      token: async () => held,
      renew,
      now: () => time,
    });
    ask = async () => {
      const headers = held === null ? {} : { Authorization: `Bearer ${held}` };
      return (await fetch("https://otis.test/rest", { method: "POST", body: "x", headers })).status;
    };
  });

  it("asks once where the token is taken", async () => {
    expect(await ask()).toBe(200);
    expect(server).toHaveBeenCalledTimes(1);
  });

  it("renews a token that is refused, and sends the same once more", async () => {
    good = "new";
    expect(await ask()).toBe(200);
    expect(server.mock.calls[1]?.[1]).toMatchObject({ method: "POST", body: "x" });
  });

  it("renews once for all that are refused together", async () => {
    good = "new";
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([200, 200, 200]);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it("leaves it at the refusal where a fresh token is refused as well, and tries again later", async () => {
    good = "none";
    expect([await ask(), await ask()]).toEqual([401, 401]);
    expect(renew).toHaveBeenCalledTimes(1);
    time = 60_000;
    expect(await ask()).toBe(401);
    expect(renew).toHaveBeenCalledTimes(2);
  });

  it("renews nothing for somebody who is not signed in", async () => {
    held = null;
    expect(await ask()).toBe(401);
    expect(renew).not.toHaveBeenCalled();
  });
});
