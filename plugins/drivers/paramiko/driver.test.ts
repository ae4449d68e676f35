import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Command } from "../../../src/plugin/index.ts";
import type { ParamikoSession } from "./index.ts";
import { context, newDriver, noHost, noUsers, TestHost, type TestUser } from "./test-host.ts";

describe.skipIf(noHost)(`a real host (skipped where ${noHost})`, () => {
  const driver = newDriver();
  const sessions: ParamikoSession[] = [];
  let host: TestHost;
  let me: TestUser;

  beforeAll(async () => {
    host = await TestHost.start();
    // What the tester's own shell does at its start would be in each of these tests.
    me = noUsers ? host.me() : host.user();
  }, 30_000);
  afterEach(async () => {
    for (const session of sessions.splice(0)) await driver.disconnect(session);
  });
  afterAll(() => host?.close());

  async function open(args: Record<string, unknown> = {}, at: TestHost = host): Promise<ParamikoSession> {
    const session = await driver.connect(at.target(noUsers ? at.me() : me, args), context());
    sessions.push(session);
    return session;
  }
  async function run(command: string | Command, args: Record<string, unknown> = {}) {
    const asked = typeof command === "string" ? { command } : command;
    return driver.executeCommand(await open(args), asked, context());
  }

  test("a command gives its exit status, and stdout and stderr apart", async () => {
    expect(await run("echo out; echo err >&2")).toMatchObject({
      output: "out\n",
      stderr: "err\n",
      exitStatus: 0,
    });
  });

  test("an exit status other than 0 is a failure that keeps what was printed", async () => {
    const result = await run("echo half; echo 'no such thing' >&2; exit 3");
    expect(result).toMatchObject({ output: "half\n", stderr: "no such thing\n", exitStatus: 3 });
    expect(result.error).toMatchObject({
      code: "CommandFailed",
      message: expect.stringContaining('ended with exit status 3: "no such thing"'),
    });
  });

  test("a program that a signal ended says which", async () => {
    const result = await run("kill -TERM $$");
    expect(result.exitStatus).toBe(143);
    expect(result.error?.message).toContain("(signal TERM)");
  });

  test("both streams may be larger than any pipe", async () => {
    const result = await run(
      "for i in $(seq 20000); do echo 'a line for stdout'; echo 'a line for stderr' >&2; done",
    );
    expect(result.output.length).toBe(20_000 * 18);
    expect(result.stderr?.length).toBe(20_000 * 18);
  });

  test("characters that come in pieces are whole", async () => {
    const result = await run("printf '\\303'; sleep 0.05; printf '\\274ber'");
    expect(result.output).toBe("über");
  });

  test("environment and folder; a command's own go before the arguments'", async () => {
    const args = { environment: { A: "args", B: "it's 1" }, working_directory: "/tmp" };
    const command = { command: "echo $A $B; pwd", environment: { A: "own $HOME" }, workingDirectory: "/" };
    expect(await run(command, args)).toMatchObject({ output: "own $HOME it's 1\n/\n", stderr: "" });
    expect(await run("echo $A; pwd", args)).toMatchObject({ output: "args\n/tmp\n" });
  });

  test("a folder that is not there is a failure, and nothing runs", async () => {
    const result = await run({ command: "echo ran", workingDirectory: "/nowhere" });
    expect(result).toMatchObject({ output: "", exitStatus: 1 });
    expect(result.error?.message).toContain("/nowhere");
  });

  test("a name that is no variable's is refused before anything is sent", async () => {
    const command = { command: "true", environment: { "A; touch /tmp/x": "1" } };
    await expect(run(command)).rejects.toMatchObject({ code: "CallInvalid" });
  });

  test("questions are answered, each once; then the program reads the end of its input", async () => {
    const args = { expect_map: { "Name?": "ann", "/sure\\? \\[y.n\\]/i": "y" } };
    const command =
      "printf 'Name? '; read n; printf 'Are you SURE? [y/n] '; read s; read more || echo \"$n $s end\"";
    expect((await run(command, args)).output).toBe("Name? Are you SURE? [y/n] ann y end\n");
  });

  test("a dialogue answers the last line, from the Secret too", async () => {
    const target = host.target(me);
    const credential = { ...target.credential, data: { pin: "4711" } };
    const session = await driver.connect({ ...target, credential }, context());
    sessions.push(session);
    const dialogue = [{ expect: "^PIN: $", secretKey: "pin" }];
    const result = await driver.executeCommand(
      session,
      { command: "printf 'PIN: '; read p; [ \"$p\" = 4711 ] && echo right", dialogue },
      context(),
    );
    expect(result.output).toBe("PIN: right\n");
  });

  test("a secret that a terminal shows is masked", async () => {
    const credential = { ...me.credential, data: { pin: "4711" } };
    const session = await driver.connect({ ...host.target(me), credential }, context());
    sessions.push(session);
    const dialogue = [{ expect: "PIN: $", secretKey: "pin" }];
    const command = { command: "printf 'PIN: '; read p; echo \"got $p\"", dialogue, pty: true };
    const { output } = await driver.executeCommand(session, command, context());
    expect(output).toMatch(/^PIN: \*+\ngot \*+\n$/);
  });

  test("a program that nobody answers reads the end of its input", async () => {
    expect((await run("cat; echo done")).output).toBe("done\n");
    expect((await run({ command: "cat; echo done", pty: true })).output).toContain("done\n");
  });

  test("a terminal on request, whose streams come as one", async () => {
    const result = await run({ command: "test -t 1 && echo terminal; echo err >&2", pty: true });
    expect(result).toMatchObject({ output: "terminal\nerr\n", stderr: "", exitStatus: 0 });
    expect((await run("test -t 1 || echo none")).output).toBe("none\n");
  });

  test("a time limit ends the program with everything it started, whoever runs it", async () => {
    for (const [user, seconds] of [
      [me, "611"],
      [host.me(), "612"],
    ] as const) {
      const session = await driver.connect(host.target(user), context());
      sessions.push(session);
      const command = `echo begun; sh -c 'sleep ${seconds}' & sleep ${seconds}`;
      const result = await driver.executeCommand(session, { command, timeLimitMs: 1500 }, context());
      expect(result).toMatchObject({ output: "begun\n", error: { code: "OperationTimeout" } });
      await vi.waitUntil(() => !runs(`sleep ${seconds}`), { timeout: 5000 });
    }
  });

  test("a program that does not mind TERM is killed", async () => {
    const session = await open();
    const started = Date.now();
    const result = await driver.executeCommand(
      session,
      { command: "trap '' TERM; while :; do sleep 0.1; done", timeLimitMs: 100 },
      context(),
    );
    expect(result.error).toMatchObject({ code: "OperationTimeout" });
    expect(Date.now() - started).toBeGreaterThan(1900);
    expect(await driver.resynchronise(session, context())).toBe(true);
  });

  test("silence for too long ends a program, talk does not", async () => {
    const talk = "for i in 1 2 3 4 5 6; do echo $i; sleep 0.4; done";
    expect((await run({ command: talk, readTimeoutMs: 2000 })).error).toBeUndefined();
    expect((await run({ command: "sleep 30", readTimeoutMs: 100 })).error).toMatchObject({
      code: "OperationTimeout",
    });
  });

  test("a cancel ends the program", async () => {
    const stop = new AbortController();
    const session = await open();
    const onOutput = () => stop.abort(new Error("cancelled"));
    const result = await driver.executeCommand(
      session,
      { command: "echo begun; sleep 30" },
      context({ signal: stop.signal, onOutput }),
    );
    expect(result.error).toMatchObject({
      code: "OperationAborted",
      message: expect.stringContaining("cancelled"),
    });
  });

  test("a program left in the background does not hold the command", async () => {
    const started = Date.now();
    expect((await run("sleep 20 & echo started")).output).toBe("started\n");
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test("output as it arrives, and nothing kept", async () => {
    let text = "";
    const session = await open();
    const result = await driver.executeCommand(
      session,
      { command: "seq 3" },
      context({
        onOutput: (piece) => {
          text += piece;
        },
      }),
    );
    expect([text, result.output]).toEqual(["1\n2\n3\n", ""]);
  });

  test("a script with its interpreter and arguments; its file goes", async () => {
    const session = await open();
    const script = { name: "s", content: 'echo "$0" "$1" "$2"; exit 4', args: ["a b", "it's"] };
    const result = await driver.runScript(session, script, context());
    const [file, ...rest] = result.output.trim().split(" ");
    expect([rest.join(" "), result.exitStatus]).toEqual(["a b it's", 4]);
    expect((await run(`ls ${file} 2>&1; true`)).output).toContain("No such file");

    const python = {
      name: "p",
      interpreter: "python3 -u",
      content: "import sys\nprint(sys.argv[1:])\n",
      args: ["x"],
    };
    expect((await driver.runScript(session, python, context())).output).toBe("['x']\n");
    expect((await driver.runScript(session, { ...python, pty: true }, context())).output).toBe("['x']\n");
  });

  test("a script of any bytes and any size, which may still ask", async () => {
    const session = await open({ expect_map: { "go on?": "yes" } });
    const filler = `# ${"ü\t\\'\"$`".repeat(30)}\n`.repeat(1500);
    const content = `${filler}printf 'go on?'; read a; echo " $a" "$(wc -c < "$0")"\n`;
    for (const pty of [false, true]) {
      const result = await driver.runScript(session, { name: "s", content, args: [], pty }, context());
      expect(result.output.replace("yes\n", "")).toMatch(`go on? yes ${Buffer.byteLength(content)}\n`);
    }
  });

  test("many programs at once on one connection, within what the server takes", async () => {
    const small = await TestHost.start(["MaxSessions 2"]);
    try {
      const session = await open({}, small);
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          driver.executeCommand(session, { command: `sleep 0.05; echo ${n}` }, context()),
        ),
      );
      expect(all.map(({ output }) => Number(output))).toEqual([...Array(12).keys()]);
    } finally {
      small.close();
    }
  });

  test("one program after the other where the server takes one at a time", async () => {
    const small = await TestHost.start(["MaxSessions 1"]);
    try {
      const session = await open({}, small);
      for (let n = 0; n < 20; n++) {
        const { output } = await driver.executeCommand(session, { command: `echo ${n}` }, context());
        expect(output).toBe(`${n}\n`);
      }
      const waiting = new AbortController();
      const first = driver.executeCommand(session, { command: "read x; sleep 0.3" }, context());
      const second = driver.executeCommand(
        session,
        { command: "echo ran" },
        context({ signal: waiting.signal }),
      );
      waiting.abort(new Error("cancelled"));
      await expect(second).rejects.toMatchObject({ code: "OperationAborted" });
      await first;
    } finally {
      small.close();
    }
  });

  test("through the pool's jump hosts", async () => {
    const target = host.target(me);
    const jumpHosts = [target, target].map(({ args: _, ...hop }, n) => ({ ...hop, name: `hop-${n}` }));
    const session = await driver.connect({ ...target, jumpHosts }, context());
    sessions.push(session);
    const { output } = await driver.executeCommand(session, { command: "echo here" }, context());
    expect(output).toBe("here\n");
    const strangers = [{ ...target, name: "hop", hostKeys: { policy: "Strict" as const, fingerprints: [] } }];
    await expect(driver.connect({ ...target, jumpHosts: strangers }, context())).rejects.toMatchObject({
      code: "HostKeyChanged",
    });
  });

  test("a connection that breaks is said so, and the session knows", async () => {
    const own = await TestHost.start();
    try {
      const session = await open({}, own);
      const running = driver.executeCommand(
        session,
        { command: "echo begun; sleep 30" },
        context({ onOutput: () => own.cutConnections() }),
      );
      expect((await running).error).toMatchObject({ code: "SessionClosed" });
      await session.closed;
      expect(await driver.isAlive(session, context())).toBe(false);
    } finally {
      own.close();
    }
  });

  test("an idle session gives a sign of life", async () => {
    expect(await driver.isAlive(await open(), context())).toBe(true);
  });

  test("a worker that may no longer write sends nothing", async () => {
    const session = await open();
    const beforeWrite = vi.fn(() => {
      throw new Error("fenced");
    });
    await expect(
      driver.executeCommand(session, { command: "true" }, context({ beforeWrite })),
    ).rejects.toThrow("fenced");
  });
});

function runs(program: string): boolean {
  const all = execFileSync("/usr/bin/ps", ["-eo", "args"], { encoding: "utf8" });
  return all.split("\n").some((line) => line.startsWith(program));
}
