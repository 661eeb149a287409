import assert from "node:assert/strict";
import { test } from "node:test";
import { connectOutside, isPublicAddress, lookupOutside } from "./outside.ts";

test("only addresses of the public internet are public", () => {
  const cases: [boolean, string[]][] = [
    [true, ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "192.169.0.1", "223.255.255.254"]],
    [true, ["2606:4700:4700::1111", "2a00:1450:4001::200e", "2620:fe::fe"]],
    [false, ["127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "255.255.255.255", "240.0.0.1"]],
    [false, ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255"]],
    [false, ["169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.250", "192.0.0.192", "198.18.0.1"]],
    [false, ["192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"]],
    [false, ["::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1"]],
    [false, ["fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1"]],
    [
      false,
      ["64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1"],
    ],
    [false, ["", "localhost", "127.1", "0x7f.1", "2130706433", "8.8.8.8:80"]],
  ];
  for (const [expected, addresses] of cases)
    for (const address of addresses) assert.equal(isPublicAddress(address), expected, address);
});

test("a name is resolved to what may be connected to, or refused with the address that it has", async () => {
  const lookup = (allowsPrivate: boolean) =>
    new Promise((resolve) =>
      lookupOutside({ allowsPrivate })("localhost", { all: true }, (error, found) => resolve(error ?? found)),
    );
  assert.match(
    String(await lookup(false)),
    /localhost \(.*\) is not a public address.*ALLOW_PRIVATE_ADDRESSES/,
  );
  const found = await lookup(true);
  assert.ok(Array.isArray(found) && found.length > 0);
});

test("an address in place of a name is refused however it is written", async () => {
  const connect = connectOutside({ allowsPrivate: false }, { timeoutMs: 1000 });
  for (const url of [
    "http://127.0.0.1:9/",
    "http://2130706433:9/",
    "http://0x7f.1:9/",
    "http://017700000001:9/",
    "http://[::1]:9/",
    "http://[::ffff:127.0.0.1]:9/",
    "http://169.254.169.254/",
  ]) {
    const { hostname, host, port, protocol } = new URL(url);
    const error = await new Promise((resolve) =>
      connect({ hostname, host, port, protocol }, (...[refused]) => resolve(refused)),
    );
    assert.match(String(error), /is not a public address/, url);
  }
});
