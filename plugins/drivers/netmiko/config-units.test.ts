import fc from "fast-check";
import { expect, test } from "vitest";
import { units } from "./config-units.ts";
import { PlatformLibrary } from "./platforms.ts";

const library = new PlatformLibrary();
const ios = library.find("cisco_ios")?.blocks ?? [];
const eos = library.find("arista_eos")?.blocks ?? [];

test("a banner is one input, from its first line to its delimiter", () => {
  const lines = ["hostname r1", "banner motd #", "Keep out", "really", "#", "interface Gi1"];
  expect(units(lines, ios).map((u) => u.lines)).toEqual([
    ["hostname r1"],
    ["banner motd #", "Keep out", "really", "#"],
    ["interface Gi1"],
  ]);
});

test("a banner on one line is one line, and one without end stays single lines", () => {
  expect(units(["banner motd #Keep out#", "hostname r1"], ios).map((u) => u.lines.length)).toEqual([1, 1]);
  expect(units(["banner motd #", "no end", "hostname r1"], ios).map((u) => u.lines.length)).toEqual([
    1, 1, 1,
  ]);
});

test("EOS ends its banners with EOF", () => {
  expect(units(["banner login", "Keep out", "EOF", "vlan 3"], eos).map((u) => u.lines)).toEqual([
    ["banner login", "Keep out", "EOF"],
    ["vlan 3"],
  ]);
});

test("no line is lost, doubled or moved", () => {
  const line = fc.constantFrom(
    "banner motd #",
    "#",
    "banner motd ^C",
    "^C",
    "quit",
    "certificate ca 01",
    "hostname x",
    "",
    " text # more",
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(units(lines, ios).flatMap((u) => u.lines)).toEqual(lines);
    }),
  );
});
