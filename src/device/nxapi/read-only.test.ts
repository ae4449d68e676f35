import { expect, test } from "vitest";
import { nxosOnlyReads } from "./read-only.ts";

test.each([
  "show version",
  "SHOW ip route vrf all",
  'show bgp process | include "BGP Protocol Tag"',
  "show interface | json",
  "dir bootflash:",
  "ping 10.0.0.1",
])("%s only reads", (line) => {
  expect(nxosOnlyReads(line)).toBe(true);
});

test.each([
  "configure terminal",
  "show version > bootflash:x",
  "show version | tee x",
  "show version ; reload",
  "show version\nreload",
  "showx",
  "run bash rm x",
  "copy run start",
])("%s may change something", (line) => {
  expect(nxosOnlyReads(line)).toBe(false);
});
