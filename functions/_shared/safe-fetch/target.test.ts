import { describe, expect, it } from "vitest";
import { FetchFailure } from "./fetch-failure.ts";
import { isOpened, parseOpenedHosts, parseTarget, portOf } from "./target.ts";

const none = parseOpenedHosts(undefined);

function codeOf(input: string, opened = none): string {
  try {
    return parseTarget(input, opened).href;
  } catch (cause) {
    return cause instanceof FetchFailure ? cause.code : String(cause);
  }
}

describe("parseTarget", () => {
  it.each(["", "careers", "http://", "//example.org/x"])(
    "refuses %j, which is no address",
    (input) => {
      expect(codeOf(input)).toBe("bad_url");
    },
  );

  it.each(["ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x"])(
    "refuses the scheme of %s",
    (input) => {
      expect(codeOf(input)).toBe("bad_url");
    },
  );

  it.each([
    "https://user@example.org/",
    "https://user:secret@example.org/",
    "https://:secret@example.org/",
  ])("refuses the user info of %s and does not repeat it", (input) => {
    expect(() => parseTarget(input, none)).toThrow(/user name or password/);
    expect(() => parseTarget(input, none)).not.toThrow(/secret/);
  });

  it("opens the ports 80 and 443 whatever the scheme, and no others", () => {
    expect(codeOf("http://example.org:443/")).toBe("http://example.org:443/");
    expect(codeOf("https://example.org:80/")).toBe("https://example.org:80/");
    expect(codeOf("http://example.org:22/")).toBe("port_refused");
    expect(codeOf("https://example.org:8443/")).toBe("port_refused");
  });

  it.each([
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0x7f.1/",
  ])("sees through the spelling of %s", (input) => {
    expect(parseTarget(input, none).hostname).toBe("127.0.0.1");
  });

  it("drops the fragment and the root dot of a host", () => {
    expect(parseTarget("https://Example.ORG./jobs#top", none).href).toBe(
      "https://example.org/jobs",
    );
  });
});

describe("opened hosts", () => {
  it("open exactly the named host, at every port or at the named one", () => {
    const opened = parseOpenedHosts(" Practice.localhost:4100 , intranet ,,");
    const open = (url: string) => isOpened(new URL(url), opened);
    expect(open("http://practice.localhost:4100/x")).toBe(true);
    expect(open("http://practice.localhost:4101/x")).toBe(false);
    expect(open("http://intranet:9000/")).toBe(true);
    expect(open("http://sub.intranet/")).toBe(false);
    expect(codeOf("http://practice.localhost:4100/", opened)).toBe(
      "http://practice.localhost:4100/",
    );
    expect(codeOf("http://practice.localhost:4101/", opened)).toBe("port_refused");
  });

  it("name a default port too", () => {
    expect(isOpened(new URL("https://intranet/"), parseOpenedHosts("intranet:443"))).toBe(true);
    expect(portOf(new URL("http://intranet/"))).toBe(80);
  });
});
