import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { platformsCommand } from "./platforms.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "platforms-"));
  process.exitCode = undefined;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

async function run(...args: string[]): Promise<{ out: string; err: string; exit: unknown }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const command = platformsCommand({
    out: (text) => lines.out.push(text),
    err: (text) => lines.err.push(text),
  });
  await command.parseAsync(args, { from: "user" });
  return { out: lines.out.join("\n"), err: lines.err.join("\n"), exit: process.exitCode };
}

function file(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.yaml`), text);
}

test("the built-in platforms have no problem", async () => {
  const { out, err, exit } = await run("lint");
  expect(err).toBe("");
  expect(out).toMatch(/^\d+ platforms checked, no problem found$/);
  expect(exit).toBeUndefined();
});

test("a platform of one's own that extends a built-in one is checked alone", async () => {
  file("my_switch", "extends: cisco_ios\ndescription: Our switches\n");
  expect(await run("lint", folder)).toMatchObject({ out: "1 platform checked, no problem found" });
});

test("an example of another mode, a closed mode, an eager failure and a blind secret are named with their place", async () => {
  file(
    "bad",
    `
modes:
  exec:
    examples: ["r1>", "r1#"]
    prompt: '^r1>$'
    to: { privileged: "enable {secret}" }
  privileged:
    examples: ["r1#"]
    prompt: '^r1#$'
failures: ["Error"]
`,
  );
  const { err, exit } = await run("lint", folder);
  expect(err).toContain('bad: modes.exec.examples: "r1#" does not match its prompt');
  expect(err).toContain("bad: modes.privileged: no way leads from it back to exec");
  expect(err).toContain('bad: failures: the ordinary line "Errors: 0" counts as a failure');
  expect(err).toContain(
    "bad: modes.exec.to.privileged: it sends a secret without its question: use secretAt",
  );
  expect(exit).toBe(1);
});

test("an answer to every question would agree to a reload", async () => {
  file("eager", "extends: cisco_ios\nanswers: { 'confirm': \"\" }\n");
  expect((await run("lint", folder)).err).toContain(
    "eager: answers: confirm also answers a dangerous question",
  );
});

test("a key that the schema does not know is named with the file", async () => {
  file("typo", "extends: cisco_ios\nonOpened: []\n");
  expect((await run("lint", folder)).err).toMatch(/typo\.yaml.*Unrecognized key/s);
});

test("two modes whose prompts cannot be told apart are a problem unless they are the same prompt", async () => {
  file(
    "twins",
    String.raw`
modes:
  exec: { examples: ["r1#"], prompt: '^r1#$', to: { config: configure, other: configure exclusive } }
  config: { examples: ["r1(c)#"], prompt: '^r1\(c\)#$', to: { exec: end } }
  other: { examples: ["r1(c)#"], prompt: '^r1\(c\)#$', to: { exec: end } }
  third: { examples: ["r1(c)#"], prompt: '^r1\(\w\)#$', to: { exec: end } }
`,
  );
  const { err } = await run("lint", folder);
  expect(err).toContain('modes.config.examples: "r1(c)#" is also a prompt of third');
  expect(err).not.toContain("prompt of other");
});

test("list names platforms with their aliases", async () => {
  expect((await run("list")).out).toMatch(/^juniper_junos +Juniper Junos \(also juniper\)$/m);
});

test("show prints what a platform inherits, under an alias too", async () => {
  expect((await run("show", "juniper")).out).toContain("set cli screen-length 0");
});

test("show of an unknown name offers similar ones", async () => {
  const { err, exit } = await run("show", "cisco_io");
  expect(err).toContain("cisco_ios");
  expect(exit).toBe(1);
});

test("a folder that does not exist is a usage error", async () => {
  expect(await run("lint", join(folder, "missing"))).toMatchObject({ exit: 2 });
});
