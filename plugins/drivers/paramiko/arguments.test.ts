import { describe, expect, test } from "vitest";
import { argsSchema, argumentTable, ignoredArguments, parseArgs } from "./args.ts";
import { limitsOf } from "./command.ts";
import { newDriver } from "./test-host.ts";

describe("arguments", () => {
  test("defaults", () => {
    expect(argsSchema.parse({})).toMatchObject({ sudo: false, stop_on_error: true });
  });

  test.each(argumentTable.filter(({ use }) => use === "refused").map(({ name, note }) => [name, note]))(
    "%s is refused with what to do instead",
    (name, note) => {
      const { error } = argsSchema.safeParse({ [name]: "x" });
      expect(error?.issues[0]?.message).toBe(`${name} is not accepted: ${note}`);
    },
  );

  test("what has no effect is said", () => {
    expect(ignoredArguments({ bufsize: 1, sudo: true })).toEqual([
      "bufsize has no effect: output is read as it comes.",
    ]);
  });

  test("names of variables and expressions are checked", () => {
    expect(argsSchema.safeParse({ environment: { "A B": "1" } }).success).toBe(false);
    expect(argsSchema.safeParse({ expect_map: { "/(/": "1" } }).success).toBe(false);
    expect(argsSchema.parse({ environment: { A: 1, B: true } })).toMatchObject({
      environment: { A: "1", B: "true" },
    });
    expect(argsSchema.safeParse({ unknown: 1 }).success).toBe(false);
  });
});

describe("what only reads", () => {
  const driver = newDriver();
  const command = (text: string, args = {}, more = {}) =>
    driver.isReadOnly({ kind: "command", command: { command: text, ...more }, args });

  test.each([
    "uname -a",
    "uptime",
    "cat /etc/os-release",
    "ls -l /",
    "df -h",
    "ps aux",
    "ip addr show",
    "ip -br a",
    "sysctl -n kernel.hostname",
    "date -u",
    "journalctl -u ssh -n 50",
  ])("%s", (text) => {
    expect(command(text)).toBe(true);
    expect(command(text, {}, { sudo: true })).toBe(true);
  });

  test.each([
    "ls > x",
    "cat a | tee b",
    "cat `id`",
    "cat $(id)",
    "uptime; reboot",
    "uptime\nreboot",
    "uptime && id",
    "ip link set eth0 down",
    "ss -K",
    "dmesg -C",
    "sysctl -n kernel.hostname=x",
    "hostname new",
    "date 01010000",
    "journalctl --rotate",
    "find / -delete",
    "mycommand",
  ])("%s changes, or may", (text) => {
    expect(command(text)).toBe(false);
  });

  test("with answers or variables from outside nothing is sure to only read", () => {
    expect(command("ls", {}, { dialogue: [{ expect: "?", send: "y" }] })).toBe(false);
    expect(command("ls", { expect_map: { a: "b" } })).toBe(false);
    expect(command("ls", { environment: { LD_PRELOAD: "x" } })).toBe(false);
    expect(command("ls", {}, { environment: { PATH: "/tmp" } })).toBe(false);
  });

  test("scripts, configuration and calls but those that look", () => {
    const call = (method: string) =>
      driver.isReadOnly({ kind: "call", call: { method, args: [] }, args: {} });
    expect(driver.isReadOnly({ kind: "script", script: { name: "s", content: "ls", args: [] } })).toBe(false);
    expect(["detached.list", "detached.follow"].map(call)).toEqual([true, true]);
    expect(["detached.cancel", "detached.forget"].map(call)).toEqual([false, false]);
  });
});

describe("how long a program may take", () => {
  const limits = (args: Record<string, unknown>, asked: { timeLimitMs?: number; readTimeoutMs?: number }) =>
    limitsOf({ args: parseArgs(args) }, asked);

  test("five minutes, unless somebody says something", () => {
    expect(limits({}, {})).toEqual({ timeLimitMs: 300_000 });
    expect(limits({ timeout: 7 }, {})).toEqual({ timeLimitMs: 7000 });
    expect(limits({ timeout: 7 }, { timeLimitMs: 9 })).toEqual({ timeLimitMs: 9 });
  });

  test("a longest silence alone lets a program that talks go on", () => {
    expect(limits({}, { readTimeoutMs: 900_000 })).toEqual({ silenceMs: 900_000 });
    expect(limits({ timeout: 7 }, { readTimeoutMs: 5 })).toEqual({ timeLimitMs: 7000, silenceMs: 5 });
  });
});
