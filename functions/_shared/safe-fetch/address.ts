import ipaddr from "ipaddr.js";

/**
 * IPv6 is public only inside 2000::/3, the one block IANA has opened for global unicast; what
 * ipaddr.js names within it (6to4, Teredo, documentation, benchmarking, …) is refused besides.
 */
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/**
 * Whether an address, as a resolver or a URL host spells it, lies on the public internet.
 * Every special range is refused: loopback, RFC 1918, CGNAT, link-local and the metadata service,
 * ULA, IPv4-mapped, NAT64, 6to4, multicast, benchmarking, 0/8, 240/4. What does not parse is refused too.
 */
export function isPublicAddress(address: string): boolean {
  // A zone index (fe80::1%eth0) only makes sense on the local link; short and octal forms of IPv4
  // are read differently by different systems.
  const canonical = address.includes(":")
    ? ipaddr.IPv6.isValid(address) && !address.includes("%")
    : ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!canonical) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(globalUnicast);
}

/** Whether a URL's hostname is an address already; the brackets of IPv6 are taken off. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : null;
}
