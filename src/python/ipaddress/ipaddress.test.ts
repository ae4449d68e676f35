import { describe, expect, test } from "vitest";
import { iterate } from "../values/iteration.ts";
import { PyObject } from "../values/object.ts";
import { repr, str } from "../values/text.ts";
import { IpInterface, IpNetwork, ipAddress, ipInterface, ipNetwork } from "./index.ts";

function attributes(object: PyObject, ...names: string[]): string[] {
  return names.map((name) => str(object.attribute(name)));
}

describe("an address", () => {
  test.each([
    ["10.0.0.1", "10.0.0.1"],
    ["2001:db8:0:0:0:0:0:1", "2001:db8::1"],
    ["::ffff:1.2.3.4", "::ffff:102:304"],
    ["::", "::"],
    ["1:0:0:2::3", "1:0:0:2::3"],
    ["fe80:0:0:1:0:0:0:1", "fe80:0:0:1::1"],
  ])("%s is written as %s", (text, written) => {
    expect(ipAddress(text).str()).toBe(written);
  });

  test.each([
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "1.2.3.4/24",
    "not_an_ip",
    ":::",
    "1::2::3",
    "12345::",
    "",
  ])("%j is none", (text) => {
    expect(() => ipAddress(text)).toThrow(`${repr(text)} does not appear to be an IPv4 or IPv6 address`);
  });

  test("knows what kind it is", () => {
    const kinds = [
      "is_private",
      "is_loopback",
      "is_multicast",
      "is_link_local",
      "is_reserved",
      "is_unspecified",
      "is_global",
    ];
    expect(attributes(ipAddress("10.0.0.1"), ...kinds)).toEqual([
      "True",
      "False",
      "False",
      "False",
      "False",
      "False",
      "False",
    ]);
    expect(attributes(ipAddress("::1"), ...kinds)).toEqual([
      "True",
      "True",
      "False",
      "False",
      "True",
      "False",
      "False",
    ]);
    expect(attributes(ipAddress("224.0.0.1"), ...kinds)).toEqual([
      "False",
      "False",
      "True",
      "False",
      "False",
      "False",
      "True",
    ]);
    expect(attributes(ipAddress("100.64.0.1"), "is_private", "is_global")).toEqual(["False", "False"]);
  });
});

describe("an interface", () => {
  test.each(["10.1.1.5/24", "10.1.1.5/255.255.255.0", "10.1.1.5/0.0.0.255"])(
    "%s is an address in its network",
    (text) => {
      const all = [
        "ip",
        "network",
        "netmask",
        "hostmask",
        "with_netmask",
        "with_hostmask",
        "with_prefixlen",
        "version",
        "max_prefixlen",
      ];
      expect(attributes(ipInterface(text), ...all)).toEqual([
        "10.1.1.5",
        "10.1.1.0/24",
        "255.255.255.0",
        "0.0.0.255",
        "10.1.1.5/255.255.255.0",
        "10.1.1.5/0.0.0.255",
        "10.1.1.5/24",
        "4",
        "32",
      ]);
    },
  );

  test("prints as Python's", () => {
    expect(repr(ipInterface("2001:db8::1/64"))).toBe("IPv6Interface('2001:db8::1/64')");
    expect(attributes(ipInterface("2001:db8::1/64"), "exploded")).toEqual([
      "2001:0db8:0000:0000:0000:0000:0000:0001/64",
    ]);
  });

  test("with a mask that is none is refused", () => {
    expect(() => IpInterface.parse("10.0.0.1/255.0.255.0", 4)).toThrow(
      "'255.0.255.0' is not a valid netmask",
    );
  });
});

describe("a network", () => {
  test("has no bits behind its prefix unless that is allowed", () => {
    expect(() => ipNetwork("10.0.0.1/24")).toThrow("10.0.0.1/24 has host bits set");
    expect(ipNetwork("10.0.0.1/24", false).str()).toBe("10.0.0.0/24");
  });

  test("lists its hosts: both ends of a /31, all but network and broadcast else", () => {
    const hosts = (text: string): string[] => {
      const list = ipNetwork(text).attribute("hosts");
      return list instanceof PyObject ? [...iterate(list.call([], undefined))].map(str) : [];
    };
    expect(hosts("10.0.0.0/30")).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(hosts("10.0.0.0/31")).toEqual(["10.0.0.0", "10.0.0.1"]);
    expect(hosts("2001:db8::/126")).toEqual(["2001:db8::1", "2001:db8::2", "2001:db8::3"]);
  });

  test("overlaps another of its family only", () => {
    const net = IpNetwork.parse("10.0.0.0/8", 4);
    expect(net.overlaps(ipNetwork("10.1.0.0/16"))).toBe(true);
    expect(net.overlaps(ipNetwork("11.0.0.0/8"))).toBe(false);
    expect(net.overlaps(ipNetwork("::/0"))).toBe(false);
  });

  test("equals what has the same class and block", () => {
    expect(ipNetwork("10.0.0.0/8").equals(ipNetwork("10.0.0.0/255.0.0.0"))).toBe(true);
    expect(ipAddress("10.0.0.0").equals(ipInterface("10.0.0.0/32"))).toBe(false);
  });
});
