import { expect, test } from "vitest";
import { argsSchema, argumentTable, ignoredArguments, parseArgs } from "./args.ts";

test("absent arguments have their defaults", () => {
  expect(parseArgs({})).toMatchObject({
    device_type: "autodetect",
    read_timeout: 30,
    conn_timeout: 10,
    ssh_algorithms: "compatible",
  });
});

test.each([
  ["use_genie", true, /TextFSM/],
  ["password", "x", /Secret/],
  ["host", "r1", /pool/],
  ["serial_settings", {}, /console server/],
  ["command_string", "show version", /spec\.commands/],
])("%s is refused by name, with what to do instead", (name, value, remedy) => {
  const result = argsSchema.safeParse({ [name]: value });
  expect(result.success).toBe(false);
  expect(result.error?.message).toContain(name);
  expect(result.error?.message).toMatch(remedy);
});

test("an unknown argument is refused by name", () => {
  expect(argsSchema.safeParse({ devicetype: "cisco_ios" }).error?.message).toContain("devicetype");
});

test("None for an argument means that it was not given", () => {
  expect(parseArgs({ expect_string: null, cmd_verify: null })).not.toMatchObject({ expect_string: null });
});

test("arguments without effect are accepted and explained", () => {
  expect(
    ignoredArguments(
      parseArgs({ fast_cli: true, global_delay_factor: 2 }) as unknown as Record<string, unknown>,
    ),
  ).toEqual(
    [
      "fast_cli has no effect: there are no pauses to shorten.",
      "global_delay_factor has no effect: there are no pauses to stretch.",
    ].sort(
      (a, b) =>
        argumentTable.findIndex((r) => a.startsWith(r.name)) -
        argumentTable.findIndex((r) => b.startsWith(r.name)),
    ),
  );
});

test("every argument stands once in the table, and a refused one says what to do", () => {
  const names = argumentTable.map((row) => row.name);
  expect(new Set(names).size).toBe(names.length);
  for (const row of argumentTable) expect(row.note).not.toBe("");
});

test("patterns are checked before any device is touched", () => {
  expect(argsSchema.safeParse({ expect_string: "(" }).success).toBe(false);
});
