import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress, literalAddress } from "./address.ts";

const refused: Record<string, string[]> = {
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  "private networks": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
  "link-local and metadata": ["169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0"],
  "unique local": ["fc00::1", "fd00:ec2::254"],
  "IPv4-mapped and -compatible": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8"],
  "NAT64 and translation": [
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "::ffff:0:1.2.3.4",
  ],
  "6to4 and Teredo": ["2002:7f00:1::", "2002:808:808::1", "2001::1"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
  benchmarking: ["198.18.0.1", "198.19.255.255", "2001:2::1"],
  "this network and unspecified": ["0.0.0.0", "0.1.2.3", "::"],
  "reserved and broadcast": ["240.0.0.1", "255.255.255.255", "192.0.0.1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  "IPv6 outside global unicast": ["fec0::1", "100::1", "4000::1", "5f00::1"],
  "no address": ["", "localhost", "1.2.3", "1.2.3.4.5", "::g", "010.8.8.8"],
};

describe("isPublicAddress", () => {
  for (const [range, addresses] of Object.entries(refused)) {
    it(`refuses ${range}`, () => {
      expect(addresses.filter(isPublicAddress)).toEqual([]);
    });
  }

  it("lets public addresses pass", () => {
    const open = ["8.8.8.8", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111"];
    expect(open.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it("refuses every IPv4 address that IPv6 notation hides", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        const hex = [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16)).join(":");
        const hidden = [`::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`, `::${hex}`];
        expect(hidden.filter(isPublicAddress)).toEqual([]);
      }),
    );
  });
});

describe("literalAddress", () => {
  it("takes the brackets off and leaves names alone", () => {
    expect(literalAddress("[2606:4700::1111]")).toBe("2606:4700::1111");
    expect(literalAddress("10.0.0.1")).toBe("10.0.0.1");
    expect(literalAddress("example.org")).toBeNull();
  });
});
