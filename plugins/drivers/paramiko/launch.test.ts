import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainWords } from "./plain-command.ts";
import { launch, type Program } from "./program.ts";
import { quote } from "./quote.ts";

const program = (command: string, more: Partial<Program> = {}): Program => ({
  title: command,
  run: { command },
  environment: {},
  sudo: false,
  pty: false,
  ...more,
});

describe("the line of a program", () => {
  test("a command that needs nothing is sent as it is", () => {
    expect(launch(program("show version | grep x"), "n", true)).toEqual({ line: "show version | grep x" });
  });

  test("a plain command is given to sudo itself, and sudo is told not to ask where nobody can answer", () => {
    const asked = launch(program("systemctl restart nginx", { sudo: true }), "n", true);
    expect(asked.line).toBe(
      "exec sh -c 'echo n-start $$ >&2; exec sudo -S -p n-password: -- systemctl restart nginx'",
    );
    const trusted = launch(program("systemctl restart nginx", { sudo: true }), "n", false);
    expect(trusted.line).toContain("sudo -n -- systemctl");
    expect(trusted.sudoPrompt).toBeUndefined();
  });

  test("neither password nor script stands in it", () => {
    const run = { interpreter: "python3", content: "secret", args: ["x"] };
    const { line, input } = launch(program("", { run, sudo: true }), "n", true);
    expect(line).not.toContain("secret");
    expect(input).toEqual({ after: "n-content", content: "secret" });
  });

  test("any environment, folder and command arrive as they are", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(text, text, (value, word) => {
        const { line } = launch(
          program(`printf '%s|%s' "$A" ${quote(word)}`, { environment: { A: value }, workingDirectory: "/" }),
          "n",
          false,
        );
        const env = { ...process.env, SHELL: "/bin/sh" };
        const out = execFileSync("/bin/sh", ["-c", line], {
          encoding: "utf8",
          env,
          stdio: ["ignore", "pipe", "ignore"],
        });
        expect(out).toBe(`${value}|${word}`);
      }),
      { numRuns: 50 },
    );
  });
});

test.each([
  "systemctl restart nginx",
  "ls -l /etc",
  "test -f /etc/passwd",
  "tar -cf /tmp/a.tar --exclude=x,y /etc",
])("needs no shell: %s", (command) => {
  expect(plainWords(command)).toEqual(command.split(" "));
});

test.each([
  "ls | wc",
  "echo $HOME",
  "cat ~/x",
  "ls *.c",
  "A=b env",
  "cd /tmp",
  "echo 'a b'",
  "a; b",
  "a\nb",
  "if true",
  "",
])("needs a shell: %s", (command) => {
  expect(plainWords(command)).toBeUndefined();
});
