import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { DetachedProgress, DetachedWork } from "../../../../src/plugin/index.ts";
import type { ParamikoSession } from "../index.ts";
import { context, newDriver, noSudo, noUsers, TestHost, type TestUser } from "../test-host.ts";
import { wholeCharacters } from "./detached.ts";

describe.skipIf(noUsers)(`programs that outlive their session (skipped where ${noUsers})`, () => {
  const driver = newDriver();
  const sessions: ParamikoSession[] = [];
  let host: TestHost;
  let user: TestUser;
  let session: ParamikoSession;

  beforeAll(async () => {
    host = await TestHost.start();
    user = host.user();
    session = await open();
  }, 30_000);
  afterAll(async () => {
    for (const each of sessions) await driver.disconnect(each);
    host?.close();
  });

  async function open(at: TestUser = user, args: Record<string, unknown> = {}): Promise<ParamikoSession> {
    const opened = await driver.connect(host.target(at, args), context());
    sessions.push(opened);
    return opened;
  }
  const start = (work: DetachedWork, on = session) => driver.startDetached(on, work, context());
  const follow = (id: string, offset = 0, on = session) => driver.followDetached(on, id, offset, context());
  const folder = (id: string, at = user) => join(at.home, ".local/state/netpulse", id);
  const ended = (id: string, on = session) =>
    until(
      () => follow(id, 0, on),
      ({ state }) => state !== "Running",
    );

  test("a program runs, its log can be followed, and its exit status is kept", async () => {
    expect(await start({ id: "one", command: { command: "echo out; echo err >&2; exit 3" } })).toEqual({
      alreadyThere: false,
    });
    expect(await ended("one")).toMatchObject({
      state: "Exited",
      exitStatus: 3,
      log: "out\nerr\n",
      logSize: 8,
      nextOffset: 8,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      endedAt: expect.stringMatching(/Z$/),
    });
    expect(await follow("one", 4)).toMatchObject({ log: "err\n", nextOffset: 8 });
    expect(statSync(folder("one")).mode & 0o777).toBe(0o700);
  });

  test("two starts of one id run it once, at the same time or later", async () => {
    const file = host.file("twice");
    const work = { id: "twice", command: { command: `echo run >> ${user.home}/twice; sleep 0.3` } };
    const others = await Promise.all([open(), open(), open()]);
    const answers = await Promise.all(others.map((each) => start(work, each)));
    expect(answers.filter(({ alreadyThere }) => !alreadyThere)).toHaveLength(1);
    await ended("twice");
    expect(await start(work)).toEqual({ alreadyThere: true });
    expect(readFileSync(join(user.home, "twice"), "utf8")).toBe("run\n");
    expect(existsSync(file)).toBe(false);
  });

  test("a connection that breaks while it runs changes nothing; another session reports its end", async () => {
    const own = await TestHost.start();
    try {
      const first = await driver.connect({ ...own.target(user), credential: user.credential }, context());
      await start({ id: "outlives", command: { command: "echo a; sleep 0.7; echo b; exit 5" } }, first);
      own.cutConnections();
      await first.closed;
    } finally {
      own.close();
    }
    expect((await follow("outlives")).state).toBe("Running");
    expect(await ended("outlives")).toMatchObject({ exitStatus: 5, log: "a\nb\n" });
  });

  test("environment, folder and a script's arguments", async () => {
    const settings = { environment: { A: "it's $HOME" }, workingDirectory: "/usr" };
    await start({ id: "env", command: { command: 'echo "$A $(pwd)"', ...settings } });
    expect((await ended("env")).log).toBe("it's $HOME /usr\n");
    const content = "import sys, os\nprint(sys.argv[1:], os.getcwd(), os.environ['A'])\n";
    const script = { name: "s", interpreter: "python3", content, args: ["a b", "ü"], ...settings };
    await start({ id: "script", script });
    expect(await ended("script")).toMatchObject({ log: "['a b', 'ü'] /usr it's $HOME\n", exitStatus: 0 });
  });

  test("cancel ends the program with everything it started; a program that does not mind TERM is killed", async () => {
    const command = "sleep 8642 & trap '' TERM; echo up; while :; do sleep 0.1; done";
    await start({ id: "stubborn", command: { command } });
    await start({ id: "tree", command: { command: "sh -c 'sleep 8642' & sleep 8642" } });
    await driver.cancelDetached(session, "tree", context());
    expect(await follow("tree")).toMatchObject({ state: "Exited", exitStatus: 143 });
    await driver.cancelDetached(session, "stubborn", context());
    expect(await follow("stubborn")).toMatchObject({ state: "Exited", exitStatus: 137, log: "up\n" });
    await vi.waitUntil(() => processes("sleep 8642") === "", { timeout: 5000 });
    // What has ended may be cancelled again.
    await driver.cancelDetached(session, "tree", context());
  }, 40_000);

  test("what ended can be forgotten, what runs cannot", async () => {
    await start({ id: "forget", command: { command: "sleep 60" } });
    await expect(driver.forgetDetached(session, "forget", context())).rejects.toMatchObject({
      code: "DetachedRunning",
    });
    await driver.cancelDetached(session, "forget", context());
    await driver.forgetDetached(session, "forget", context());
    expect(existsSync(folder("forget"))).toBe(false);
    await driver.forgetDetached(session, "forget", context());
    await expect(follow("forget")).rejects.toMatchObject({ code: "DetachedNotFound" });
    expect(await start({ id: "forget", command: { command: "true" } })).toEqual({ alreadyThere: false });
  });

  test("a start that was cut short is lost, and is not run by another start", async () => {
    mkdirSync(folder("cut"), { recursive: true });
    chown(folder("cut"), user);
    expect(await start({ id: "cut", command: { command: "touch ran" } })).toEqual({ alreadyThere: true });
    expect(await follow("cut")).toMatchObject({ state: "Lost", log: "", logSize: 0 });
    expect(existsSync(join(user.home, "ran"))).toBe(false);
    await driver.forgetDetached(session, "cut", context());
  });

  test("a number that another process has now is not taken for the program", async () => {
    await start({ id: "reused", command: { command: "sleep 60" } });
    const [, ...rest] = readFileSync(join(folder("reused"), "program"), "utf8").split(" ");
    for (const file of ["supervisor", "program"]) {
      const [number = ""] = readFileSync(join(folder("reused"), file), "utf8").split(" ");
      process.kill(Number(number), "SIGKILL");
    }
    // The test's own process has the number, but not the start time.
    for (const file of ["supervisor", "program"])
      writeFileSync(join(folder("reused"), file), [process.pid, ...rest].join(" "));
    expect((await follow("reused")).state).toBe("Lost");
    await driver.cancelDetached(session, "reused", context());
    expect(existsSync(`/proc/${process.pid}`)).toBe(true);
  });

  test("a host that was started again has lost what ran", async () => {
    await start({ id: "reboot", command: { command: "sleep 60" } });
    for (const file of ["starter", "supervisor", "program"]) {
      const path = join(folder("reboot"), file);
      writeFileSync(path, readFileSync(path, "utf8").replace(/\S+\n$/, "another-boot\n"));
    }
    expect((await follow("reboot")).state).toBe("Lost");
    expect(readdirSync(folder("reboot"))).toContain("log.1000000000000000");
  });

  test("the log comes in pieces that end between two characters", async () => {
    await start({
      id: "log",
      command: { command: "i=0; while [ $i -lt 60000 ]; do echo 'größer €'; i=$((i+1)); done" },
    });
    const { logSize } = await ended("log");
    let text = "";
    let offset = 0;
    for (let pieces = 0; offset < logSize && pieces < 10; pieces++) {
      const piece = await follow("log", offset);
      expect(piece.log).not.toContain("\ufffd");
      expect(Buffer.byteLength(piece.log)).toBe(piece.nextOffset - offset);
      text += piece.log;
      offset = piece.nextOffset;
    }
    expect(text).toBe("größer €\n".repeat(60_000));
  });

  test("of a log that was shortened the rest can be followed, and it says what is missing", async () => {
    await start({ id: "short", command: { command: "printf 'dropped and kept €'" } });
    await ended("short");
    const base = 1_000_000_000_000_000;
    const [first, second, third] = [0, 12, 18].map((at) => join(folder("short"), `log.${base + at}`));
    const bytes = readFileSync(first ?? "");
    // As the keeper leaves it: the first piece is gone, and a character stands in two pieces.
    writeFileSync(second ?? "", bytes.subarray(12, 18));
    writeFileSync(third ?? "", bytes.subarray(18));
    execFileSync("/bin/rm", [first ?? ""]);
    expect(await follow("short")).toMatchObject({
      log: "kept €",
      droppedBytes: 12,
      logSize: 20,
      nextOffset: 20,
    });
    expect(await follow("short", 15)).toMatchObject({ log: "t €", nextOffset: 20 });
  });

  test("a program that leaves another in the background has ended when it ends", async () => {
    await start({ id: "background", command: { command: "sleep 5 & echo main" } });
    expect(await ended("background")).toMatchObject({ state: "Exited", exitStatus: 0, log: "main\n" });
  });

  test("the list has all of the user's and nobody else's", async () => {
    const other = await open(host.user());
    expect(await driver.listDetached(other, context())).toEqual([]);
    await start({ id: "mine", command: { command: "true" } }, other);
    await ended("mine", other);
    expect(await driver.call(other, { method: "detached.list", args: [] }, context())).toEqual([
      { id: "mine", state: "Exited", exitStatus: 0, startedAt: expect.any(String) },
    ]);
    expect((await driver.listDetached(session, context())).map(({ id }) => id)).not.toContain("mine");
  });

  test("a user without a home keeps them in a folder of their own elsewhere", async () => {
    const homeless = host.user();
    execFileSync("/bin/rm", ["-rf", homeless.home]);
    const on = await open(homeless);
    await start({ id: "homeless", command: { command: "echo here" } }, on);
    expect((await ended("homeless", on)).log).toBe("here\n");
    const uid = execFileSync("/usr/bin/id", ["-u", homeless.credential.username ?? ""], { encoding: "utf8" });
    expect(statSync(`/var/tmp/netpulse-${uid.trim()}`).mode & 0o777).toBe(0o700);
    execFileSync("/bin/rm", ["-rf", `/var/tmp/netpulse-${uid.trim()}`]);
  });

  test.each([
    ["an id that is no name", { id: "../x", command: { command: "true" } }, "CallInvalid"],
    ["neither command nor script", { id: "x" }, "CallInvalid"],
    ["a terminal", { id: "x", command: { command: "true", pty: true } }, "NotImplemented"],
    ["a dialogue", { id: "x", command: { command: "true", dialogue: [{ expect: "?" }] } }, "NotImplemented"],
  ])("refused before anything is sent: %s", async (_, work, code) => {
    await expect(start(work)).rejects.toMatchObject({ code });
  });

  describe.skipIf(noSudo)(`by sudo (skipped where ${noSudo})`, () => {
    const ids: string[] = [];
    afterEach(async () => ids.splice(0));

    test("as root, with and without a password; only sudo can cancel it", async () => {
      for (const [id, sudoers] of [
        ["asked", "ALL=(ALL) ALL"],
        ["trusted", "ALL=(ALL) NOPASSWD: ALL"],
      ] as const) {
        const admin = host.user({ sudoers });
        const on = await open(admin);
        await start(
          { id, command: { command: "id -un; echo $A; sleep 97531", environment: { A: "a" }, sudo: true } },
          on,
        );
        const seen = await until(
          () => follow(id, 0, on),
          ({ log }) => log === "root\na\n",
        );
        expect(seen.state).toBe("Running");
        const password = admin.credential.password ?? "";
        expect(execFileSync("/usr/bin/ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain(password);
        await driver.cancelDetached(on, id, context());
        expect((await follow(id, 0, on)).state).toBe("Exited");
        await vi.waitUntil(() => processes("sleep 97531") === "", { timeout: 5000 });
        await driver.forgetDetached(on, id, context());
        expect(existsSync(folder(id, admin))).toBe(false);
      }
    });

    test("a refused password leaves nothing behind, so that the start can be repeated", async () => {
      const admin = host.user({ sudoers: "ALL=(ALL) ALL" });
      const wrong = await open({
        ...admin,
        credential: { ...admin.credential, data: { sudo_password: "wrong" } },
      });
      const work = { id: "again", command: { command: "id -un", sudo: true } };
      await expect(start(work, wrong)).rejects.toMatchObject({ code: "SudoFailed" });
      const right = await open(admin);
      await vi.waitUntil(() => !existsSync(folder("again", admin)), { timeout: 5000 });
      expect(await start(work, right)).toEqual({ alreadyThere: false });
      expect((await ended("again", right)).log).toBe("root\n");
    });
  });
});

test("a piece of UTF-8 is cut between two characters, wherever it ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.nat(), (text, at) => {
      const bytes = Buffer.from(text);
      const piece = bytes.subarray(0, bytes.length === 0 ? 0 : at % (bytes.length + 1));
      const whole = piece.subarray(0, wholeCharacters(piece)).toString();
      expect(text.startsWith(whole)).toBe(true);
      expect(piece.length - Buffer.byteLength(whole)).toBeLessThan(4);
    }),
  );
});

async function until(
  look: () => Promise<DetachedProgress>,
  is: (seen: DetachedProgress) => boolean,
): Promise<DetachedProgress> {
  let seen = await look();
  await vi.waitUntil(
    async () => {
      seen = await look();
      return is(seen);
    },
    { timeout: 15_000, interval: 30 },
  );
  return seen;
}

function chown(path: string, { credential }: TestUser): void {
  execFileSync("/bin/chown", ["-R", credential.username ?? "", path]);
}

function processes(text: string): string {
  const all = execFileSync("/usr/bin/ps", ["-eo", "args"], { encoding: "utf8" });
  return all
    .split("\n")
    .filter((line) => line.startsWith(text))
    .join("\n");
}
