import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configSchema, embeddedIpv4, NetworkPolicy } from "./networks.ts";

const byDefault = new NetworkPolicy(configSchema.parse({}));

describe("refused unless allowed", () => {
  test.each([
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["::1", "loopback"],
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["169.254.169.254", "link-local, cloud metadata"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["224.0.0.1", "multicast"],
    ["ff02::1", "multicast"],
    ["255.255.255.255", "reserved, broadcast"],
    ["100.100.100.200", "cloud metadata"],
    ["fd00:ec2::254", "cloud metadata"],
    ["10.96.0.1", "a cluster's services"],
    ["10.111.255.255", "a cluster's services"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["0:0:0:0:0:ffff:169.254.169.254", "link-local, cloud metadata"],
    ["::127.0.0.1", "loopback"],
    ["64:ff9b::169.254.169.254", "link-local, cloud metadata"],
    ["2002:7f00:1::", "loopback"],
    ["::ffff:0:127.0.0.1", "loopback"],
    ["64:ff9b:1::10.96.0.1", "a cluster's services"],
  ])("%s (%s)", (address, what) => expect(byDefault.refusal(address)).toMatchObject({ what }));
});

test.each([
  "192.0.2.7",
  "10.1.2.3",
  "192.168.1.10",
  "172.16.0.9",
  "10.112.0.1",
  "2001:db8::7",
  "::ffff:192.0.2.7",
  "64:ff9b::192.0.2.7",
  "fd12::5",
])("%s may be reached", (address) => expect(byDefault.refusal(address)).toBeUndefined());

test("allowedNetworks opens just its range, however the address is written", () => {
  const policy = new NetworkPolicy(
    configSchema.parse({ allowedNetworks: ["127.0.0.0/30", "10.100.0.0/16"] }),
  );
  expect(policy.refusal("127.0.0.2")).toBeUndefined();
  expect(policy.refusal("::ffff:127.0.0.2")).toBeUndefined();
  expect(policy.refusal("10.100.7.7")).toBeUndefined();
  expect(policy.refusal("127.0.0.4")).toMatchObject({ network: "127.0.0.0/8" });
  expect(policy.refusal("10.101.0.1")).toMatchObject({ network: "10.96.0.0/12" });
});

test("the API server's address is refused, whatever range it is in", () => {
  const policy = new NetworkPolicy(configSchema.parse({}), "10.7.0.1");
  expect(policy.refusal("10.7.0.1")).toEqual(
    expect.objectContaining({ network: "10.7.0.1/32", what: "the API server" }),
  );
  expect(policy.refusal("10.7.0.2")).toBeUndefined();
  expect(new NetworkPolicy(configSchema.parse({}), "api.internal").refusal("10.7.0.1")).toBeUndefined();
});

test("an IPv4 address in IPv6 clothes is refused exactly when it is refused itself", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const refused = byDefault.refusal(address)?.network;
      expect(byDefault.refusal(`::ffff:${address}`)?.network).toBe(refused);
      expect(byDefault.refusal(`64:ff9b::${address}`)?.network).toBe(refused);
    }),
  );
});

test("an IPv6 address is judged alike however it is written", () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
      expect(byDefault.refusal(address)?.network).toBe(byDefault.refusal(canonical)?.network);
      expect(embeddedIpv4(address)).toEqual(embeddedIpv4(canonical));
    }),
  );
});

test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "example.net/8", "::/129", "10.0.0.0/8/8", "10.0.0.0/"])(
  "%s is not a network",
  (range) => expect(configSchema.safeParse({ refusedNetworks: [range] }).success).toBe(false),
);
