import fc from "fast-check";
import { expect, test } from "vitest";
import { missingConfig, textBegunBy } from "./config-diff.ts";

const RUNNING = `hostname n9k1
interface loopback0
  ip address 10.1.4.4/32
  no shutdown
router bgp 65000
  vrf red
    address-family ipv4 unicast
      redistribute direct
  vrf blue
    address-family ipv4 unicast
banner motd @
Welcome
@
`;

test("lines that are missing stand below their sections, each section once", () => {
  const wanted =
    "interface loopback0\n  ip address 10.1.4.5/32\n  description lab\n  no shutdown\nfeature bgp\n";
  expect(missingConfig(wanted, RUNNING)).toBe(
    "interface loopback0\n  ip address 10.1.4.5/32\n  description lab\nfeature bgp",
  );
});

test("a section of the same name in two places is written in both", () => {
  const family = "    address-family ipv4 unicast\n      maximum-paths 2\n";
  const wanted = `router bgp 65000\n  vrf red\n${family}  vrf blue\n${family}`;
  expect(missingConfig(wanted, RUNNING)).toBe(wanted.trimEnd());
});

test("indentation, comments and exit count for nothing", () => {
  expect(missingConfig("! a comment\ninterface loopback0\n no shutdown\n exit\n\nend\n", RUNNING)).toBe("");
});

test("a banner is one text, whatever its delimiter", () => {
  expect(missingConfig("banner motd #\nWelcome\n#\n", RUNNING)).toBe("");
  expect(missingConfig("banner motd #\nGo away\n#\nhostname n9k1\n", RUNNING)).toBe(
    "banner motd #\nGo away\n#",
  );
});

test("a text that ends in its own line is no text of several lines", () => {
  expect(textBegunBy("banner motd #Hello#")).toBeUndefined();
  expect(textBegunBy("banner motd #Hello")).toBe("#");
  expect(textBegunBy("hostname banner")).toBeUndefined();
});

const line = fc
  .tuple(fc.nat(3), fc.stringMatching(/^[a-z]{1,6}$/))
  .map(([depth, text]) => "  ".repeat(depth) + text);
/** A configuration begins at the margin. */
const config = fc
  .array(line, { maxLength: 20 })
  .map(([first = "", ...others]) => [first.trimStart(), ...others].join("\n"));

test("a configuration misses nothing of itself, and with what it misses it has everything", () => {
  fc.assert(
    fc.property(config, config, (wanted, present) => {
      expect(missingConfig(wanted, wanted)).toBe("");
      const missing = missingConfig(wanted, present);
      expect(missingConfig(wanted, `${missing}\n${present}`)).toBe("");
    }),
    { numRuns: 300 },
  );
});
