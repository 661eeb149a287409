import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import type { Outside } from "./provider.ts";

/** An address that customers must not make us connect to; `message` says which and who may allow it. */
export class PrivateAddressError extends Error {
  readonly code = "PRIVATE_ADDRESS";

  constructor(host: string, address: string) {
    const what = host === address ? address : `${host} (${address})`;
    super(
      `${what} is not a public address, so nothing is sent there; the operator may allow it with ALLOW_PRIVATE_ADDRESSES=true`,
    );
  }
}

// IANA's registries of special-purpose addresses, and multicast: https://www.iana.org/assignments/iana-ipv4-special-registry
const notPublicV4 = listOf("ipv4", [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // carriers' own (RFC 6598)
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local, and the metadata of clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24], // for documentation
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24], // 6to4 relays
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15], // for benchmarks
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
]);

// Of IPv6 only 2000::/3 is given out at all; within it, what leads elsewhere or is not routed.
const publicV6 = listOf("ipv6", [["2000::", 3]]);
const notPublicV6 = listOf("ipv6", [
  ["2001::", 23], // protocol assignments, Teredo among them, which carries an IPv4 address
  ["2001:db8::", 32], // for documentation
  ["2002::", 16], // 6to4: carries an IPv4 address
  ["2620:4f:8000::", 48],
  ["3fff::", 20], // for documentation
]);

function listOf(family: "ipv4" | "ipv6", ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, family);
  return list;
}

/**
 * Whether an address, in text, is one of the public internet. IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) are
 * not: nobody who means well writes them so.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublicV4.check(address, "ipv4");
    case 6:
      // A zone (fe80::1%eth0) is of the local link.
      return !address.includes("%") && publicV6.check(address, "ipv6") && !notPublicV6.check(address, "ipv6");
    default:
      return false;
  }
}

/**
 * Resolves names to addresses that may be connected to. For `lookup` of sockets: what was checked is what is connected
 * to, so a name that is resolved to something else a moment later changes nothing.
 */
export function lookupOutside(outside: Outside): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, "");
      const allowed = outside.allowsPrivate ? found : found.filter(({ address }) => isPublicAddress(address));
      const first = allowed[0];
      if (!first) return callback(new PrivateAddressError(host, found[0]?.address ?? "no address"), "");
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** How connections of an HTTP client are made: guarded, given up after `timeoutMs`, and of HTTP/2 where that is allowed. */
export function connectOutside(
  outside: Outside,
  options: { timeoutMs: number; allowsHttp2?: boolean },
): buildConnector.connector {
  const connect = buildConnector({
    timeout: options.timeoutMs,
    lookup: lookupOutside(outside),
    allowH2: options.allowsHttp2 ?? false,
  });
  return (target, callback) => {
    // An address in place of a name is never looked up.
    const address = target.hostname.replace(/^\[(.*)\]$/, "$1");
    if (isIP(address) && !outside.allowsPrivate && !isPublicAddress(address)) {
      callback(new PrivateAddressError(address, address), null);
      return;
    }
    connect(target, callback);
  };
}
