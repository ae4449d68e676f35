import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Command } from "../../../src/plugin/index.ts";
import { context, newDriver, noSudo, TestHost, type TestUser } from "./test-host.ts";

describe.skipIf(noSudo)(`sudo on a real host with real users (skipped where ${noSudo})`, () => {
  const driver = newDriver();
  let host: TestHost;
  let asked: TestUser;
  let trusted: TestUser;
  let limited: TestUser;
  let stranger: TestUser;

  beforeAll(async () => {
    host = await TestHost.start();
    asked = host.user({ sudoers: "ALL=(ALL) ALL" });
    trusted = host.user({ sudoers: "ALL=(ALL) NOPASSWD: ALL" });
    limited = host.user({ sudoers: "ALL=(ALL) NOPASSWD: /usr/bin/id, PASSWD: /usr/bin/whoami" });
    stranger = host.user();
  }, 30_000);
  afterAll(() => host?.close());

  async function run(user: TestUser, command: string | Command, more: { password?: string } = {}) {
    const { password } = more;
    const credential = {
      ...user.credential,
      data: password === undefined ? {} : { sudo_password: password },
    };
    const session = await driver.connect(host.target({ ...user, credential }), context());
    try {
      const asked = typeof command === "string" ? { command } : command;
      return await driver.executeCommand(session, { sudo: true, ...asked }, context());
    } finally {
      await driver.disconnect(session);
    }
  }

  test.each([
    ["the login password", () => asked, {}],
    ["no password at all", () => trusted, {}],
  ])("a plain command and one with pipes run as root with %s", async (_, user) => {
    expect(await run(user(), "whoami")).toMatchObject({ output: "root\n", stderr: "", exitStatus: 0 });
    const piped = "echo a | tr a b; whoami > /dev/stdout; echo err >&2";
    expect(await run(user(), piped)).toMatchObject({ output: "b\nroot\n", stderr: "err\n" });
  });

  test("environment and folder reach the program", async () => {
    const command = {
      command: 'echo "$GREETING $(pwd) $(whoami)"',
      environment: { GREETING: "good day" },
      workingDirectory: "/usr",
    };
    expect((await run(asked, command)).output).toBe("good day /usr root\n");
    expect((await run(asked, { command: "pwd", workingDirectory: "/usr" })).output).toBe("/usr\n");
  });

  test("on a terminal", async () => {
    for (const user of [asked, trusted])
      for (const command of ["whoami", "whoami | cat"])
        expect(await run(user, { command, pty: true })).toMatchObject({ output: "root\n", exitStatus: 0 });
  });

  test("the Secret's sudo_password goes before the login password; a wrong one is sent once only", async () => {
    const password = asked.credential.password ?? "";
    const other = { ...asked, credential: { ...asked.credential, data: {} } };
    expect((await run(other, "whoami", { password })).output).toBe("root\n");
    for (const [command, wrong] of [
      ["whoami", "wrong"],
      ["whoami | cat", "wrong too"],
    ] as const) {
      const attempt = run(asked, command, { password: wrong });
      await expect(attempt).rejects.toMatchObject({
        code: "SudoFailed",
        message: expect.stringContaining("the password is wrong"),
      });
    }
  });

  test("a refused password rests, whatever session asks; what needs none goes on, and another one is tried", async () => {
    const admin = host.user({ sudoers: "ALL=(ALL) PASSWD: ALL, NOPASSWD: /usr/bin/id" });
    await expect(run(admin, "whoami", { password: "wrong" })).rejects.toMatchObject({ code: "SudoFailed" });
    for (const command of ["whoami", "whoami | cat"]) {
      await expect(run(admin, command, { password: "wrong" })).rejects.toMatchObject({ code: "LoginPaused" });
    }
    expect((await run(admin, "id -u", { password: "wrong" })).output).toBe("0\n");
    expect((await run(admin, "whoami")).output).toBe("root\n");
  });

  test("a user whom sudoers does not know is refused, with sudo's words", async () => {
    for (const command of ["whoami", "whoami | cat"]) {
      await expect(run(stranger, command)).rejects.toMatchObject({
        code: "SudoFailed",
        message: expect.stringContaining("not in the sudoers file"),
      });
    }
  });

  test("rules for single programs apply to plain commands", async () => {
    expect((await run(limited, "id -u")).output).toBe("0\n");
    expect((await run(limited, "whoami")).output).toBe("root\n");
    await expect(run(limited, "cat /etc/shadow")).rejects.toMatchObject({ code: "SudoFailed" });
  });

  test("without any password sudo is not left waiting for one", async () => {
    const key = { ...host.me().credential, username: asked.credential.username ?? "" };
    await expect(run({ ...asked, credential: key }, "whoami")).rejects.toMatchObject({
      code: "SudoFailed",
      message: expect.stringContaining("password is required"),
    });
  });

  test("the program's own failure is its own", async () => {
    const result = await run(asked, "ls /nowhere");
    expect(result).toMatchObject({ exitStatus: 2, error: { code: "CommandFailed" } });
    expect((await run(asked, "false | false")).exitStatus).toBe(1);
  });

  test("a program that reads its input gets the end of it, not the password", async () => {
    expect((await run(asked, "cat")).output).toBe("");
    expect((await run(asked, "cat; echo end")).output).toBe("end\n");
    expect((await run(trusted, "cat; echo end")).output).toBe("end\n");
  });

  test("the password stands in no output and in no process list", async () => {
    const password = asked.credential.password ?? "";
    for (const pty of [false, true]) {
      const command = "ps -eo args; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'";
      const result = await run(asked, { command, pty });
      expect(result.exitStatus).toBe(0);
      expect(`${result.output}${result.stderr}`).not.toContain(password);
    }
  });

  test("a time limit ends what runs as root, with and without a terminal", async () => {
    for (const pty of [false, true]) {
      const command = { command: "sleep 7654 | cat", timeLimitMs: 1500, pty };
      expect((await run(asked, command)).error).toMatchObject({ code: "OperationTimeout" });
      expect((await run(trusted, { command: "sleep 7654", timeLimitMs: 1500, pty })).error).toBeDefined();
    }
    await vi.waitUntil(() => processes("sleep 7654") === "", { timeout: 5000 });
  });

  test("a script runs as root and gets its text, not the password", async () => {
    const session = await driver.connect(host.target(asked), context());
    const script = { name: "s", content: "id -un; echo $1; cat", args: ["x"], sudo: true };
    expect(await driver.runScript(session, script, context())).toMatchObject({
      output: "root\nx\n",
      stderr: "",
      exitStatus: 0,
    });
    await driver.disconnect(session);
  });

  test("configuration lines run as root, one by one, and stop at the first that fails", async () => {
    const file = host.file("motd");
    const session = await driver.connect(host.target(asked, { sudo: true }), context());
    const change = {
      lines: [`echo one > ${file}`, "false", `echo two > ${file}`],
      mode: "Merge" as const,
      dryRun: false,
      save: false,
      verify: [],
      enableMode: true,
    };
    const stopped = await driver.configure(session, { ...change, onError: "Stop" }, context());
    expect(stopped.lines.map(({ state }) => state)).toEqual(["accepted", "rejected", "skipped"]);
    expect(stopped.error).toMatchObject({ code: "CommandFailed" });
    const all = await driver.configure(session, { ...change, onError: "Continue" }, context());
    expect(all.lines.map(({ state }) => state)).toEqual(["accepted", "rejected", "accepted"]);
    expect(execFileSync("/usr/bin/stat", ["-c", "%U", file], { encoding: "utf8" })).toBe("root\n");
    await driver.disconnect(session);
  });
});

function processes(text: string): string {
  const all = execFileSync("/usr/bin/ps", ["-eo", "args"], { encoding: "utf8" });
  return all
    .split("\n")
    .filter((line) => line.startsWith(text))
    .join("\n");
}
