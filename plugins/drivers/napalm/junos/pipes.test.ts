import fc from "fast-check";
import { expect, test } from "vitest";
import { pipedCommand, splitPipes } from "./pipes.ts";
import { onlyReads } from "./read-only.ts";

const output = "ge-0/0/0 up\nge-0/0/1 down\nlo0 up\n";

test.each([
  ["show x | match UP", "ge-0/0/0 up\nlo0 up"],
  ["show x | except up", "ge-0/0/1 down"],
  ["show x | find 0/1", "ge-0/0/1 down\nlo0 up"],
  ["show x | find nothing", "Pattern not found"],
  ["show x | last 1", "lo0 up"],
  ["show x | last 0", ""],
  ["show x | trim 3", "0/0/0 up\n0/0/1 down\n up"],
  ["show x | count", "Count: 3 lines"],
  ["show x | match up | count", "Count: 2 lines"],
  ['show x | match "down|lo0" | no-more', "ge-0/0/1 down\nlo0 up"],
  ["show x", output],
])("%s", (line, expected) => {
  const { command, filter } = pipedCommand(line);
  expect(command).toBe("show x");
  expect(filter(output)).toBe(expected);
});

test("what the device does stays with the command", () => {
  expect(pipedCommand("show configuration | display set | match ge-").command).toBe(
    "show configuration | display set",
  );
  expect(pipedCommand("show configuration | display set").command).toBe("show configuration | display set");
});

test.each(["show x | match", "show x | match (", "show x | last many", "show x | match a | display xml"])(
  "%s cannot be done",
  (line) => {
    expect(() => pipedCommand(line)).toThrow(/expression|number|before/);
  },
);

test("text outside and inside quotes is kept whatever it is", () => {
  const part = fc.stringMatching(/^[a-z][a-z ]*$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { minLength: 1 }), (parts) => {
      const written = parts.map(([word, quoted]) => `${word} "${quoted}|${quoted}"`);
      expect(splitPipes(written.join(" | "))).toEqual(written);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (line) => {
      expect(splitPipes(line).join("").replaceAll(/[\s|]/g, "")).toBe(line.replaceAll(/[\s|]/g, ""));
    }),
  );
});

test.each([
  ["show interfaces terse", true],
  ["show configuration | display set | match ge- | count", true],
  ["ping 192.0.2.1 count 1", true],
  ["file show /var/log/messages", true],
  ["show configuration | save /var/tmp/x", false],
  ["show log messages | append x", false],
  ["request system reboot", false],
  ["file delete x", false],
  ["clear arp", false],
  ["shown", false],
  ["show version\nrequest system reboot", false],
])("whether %s only reads", (line, expected) => {
  expect(onlyReads(line)).toBe(expected);
});
