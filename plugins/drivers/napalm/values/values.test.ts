import fc from "fast-check";
import { expect, test } from "vitest";
import { asNumber } from "./as-number.ts";
import { abbreviatedInterfaceName, canonicalInterfaceName, inNaturalOrder } from "./interface-name.ts";
import { ipAddress } from "./ip-address.ts";
import { macAddress } from "./mac-address.ts";
import { withoutSecrets } from "./secrets.ts";
import { uptimeSeconds } from "./uptime.ts";

const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString("hex"));

test("a MAC address is the same in every notation", () => {
  fc.assert(
    fc.property(mac, (digits) => {
      const expected = macAddress(digits);
      expect(expected.replaceAll(":", "").toLowerCase()).toBe(digits);
      expect(macAddress((digits.match(/.{4}/g) ?? []).join("."))).toBe(expected);
      expect(macAddress((digits.match(/.{2}/g) ?? []).join("-"))).toBe(expected);
    }),
  );
});

test("what is no address is refused with the text in the message", () => {
  expect(() => macAddress("fake")).toThrow('"fake" is not a MAC address');
  expect(() => ipAddress("10.1.1.1", 6)).toThrow("IPv6");
});

test("a dotted AS number is its 32 bits", () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), (number) => {
      expect(asNumber(`${Math.floor(number / 65536)}.${number % 65536}`)).toBe(number);
    }),
  );
});

test("interface names have a full and a short form, and order as people count", () => {
  expect(canonicalInterfaceName("Gi0/1")).toBe("GigabitEthernet0/1");
  expect(abbreviatedInterfaceName("GigabitEthernet0/1")).toBe("Gi0/1");
  expect(inNaturalOrder(["Et10", "Et2"])).toEqual(["Et2", "Et10"]);
});

test("the order of names is that of their letters and numbers by turns", () => {
  const parts = (name: string) => name.split(/(\d+)/).map((part, at) => (at % 2 ? Number(part) : part));
  const before = (a: string, b: string) => {
    const [left, right] = [parts(a), parts(b)];
    const at = left.findIndex((part, index) => part !== right[index]);
    const [one, other] = [left[at], right[at]];
    if (one === undefined || other === undefined) return left.length <= right.length;
    return one < other;
  };
  const name = fc.string({ unit: fc.constantFrom("E", "t", "/", ".", "1", "0", "9"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const sorted = inNaturalOrder(names);
      expect(sorted.toSorted()).toEqual(names.toSorted());
      for (const [index, one] of sorted.slice(1).entries())
        expect(before(sorted[index] ?? "", one)).toBe(true);
    }),
  );
});

test("uptimes are read in each notation of devices", () => {
  expect(uptimeSeconds("1 hour,  5 minutes")).toBe(3900);
  expect(uptimeSeconds("1 day, 00:00:01")).toBe(86401);
  expect(uptimeSeconds("1d2h")).toBe(93600);
});

test.each([
  "aaa root secret sha512 $6$SECRET",
  "username admin privilege 15 role network-admin secret sha512 $6$SECRET",
  "enable password sha512 $6$SECRET",
  "tacacs-server host 192.0.2.1 key 7 SECRET",
  "radius-server host 192.0.2.1 key 7 SECRET",
  "snmp-server user u g v3 localized f5717f auth sha SECRET priv aes SECRET",
  "snmp-server community SECRET ro",
  "ntp authentication-key 1 sha1 7 SECRET",
  "   neighbor SPINES password 7 SECRET",
  "   ip ospf message-digest-key 1 sha512 7 SECRET",
  "   isis authentication key 7 SECRET",
  "   vrrp 1 peer authentication ietf-md5 key-string 7 SECRET",
  "   key 0a1b 7 SECRET",
])("of EOS, what is secret leaves %j", (line) => {
  const left = withoutSecrets(`hostname leaf1\n${line}\nend`, "eos");
  expect(left).not.toContain("SECRET");
  expect(left).toMatch(/^hostname leaf1\n\s*\w.*<removed>.*\nend$/);
});

test("secrets leave a configuration, the rest stays", () => {
  expect(withoutSecrets("hostname r1\nsnmp-server community S3cret RO", "cisco")).toBe(
    "hostname r1\nsnmp-server community <removed>",
  );
});

test("an IPv6 address is written as Python writes it, by whichever way it is read", () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (numbers) => {
      const text = numbers.map((one) => one.toString(16).toUpperCase()).join(":");
      const standard = ipAddress(text);
      expect(standard).toBe(ipAddress(`${text}%eth0`).replace("%eth0", ""));
      expect(ipAddress(standard)).toBe(standard);
    }),
  );
  expect(ipAddress("2001:0DB8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1");
  expect(ipAddress("::FFFF:10.0.0.1")).toBe("::ffff:10.0.0.1");
  expect(() => ipAddress("2001:db8::1::2")).toThrow("is not an IP address");
  expect(() => ipAddress("010.0.0.1")).toThrow("is not an IP address");
});
