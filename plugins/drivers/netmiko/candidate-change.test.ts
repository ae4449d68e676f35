import { expect, test } from "vitest";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { MemoryTransport } from "../../../src/device/memory-transport.ts";
import type { ConfigChange } from "../../../src/plugin/index.ts";
import { changeByCandidate } from "./candidate-change.ts";
import { Cli } from "./cli.ts";
import type { Candidate } from "./platform.ts";
import { PlatformLibrary } from "./platforms.ts";
import { merge } from "./test-session.ts";

const platform = new PlatformLibrary().find("juniper_junos");
const candidate = platform?.candidate;
if (!platform || !candidate) throw new Error("juniper_junos has no candidate");

/** A device with a candidate configuration, as Junos has it. */
class JunosLike {
  readonly received: string[] = [];
  running: string[] = ["set system host-name mx1"];
  candidate: string[] = [...this.running];
  refuses = "";
  commitAnswer = "commit complete";
  private configuring = false;

  readonly transport = new MemoryTransport((text, transport) => {
    const line = text.trim();
    this.received.push(line);
    const said = this.answer(line);
    transport.say(`${line}\r\n${said === "" ? "" : `${said}\r\n`}${this.prompt()}`);
  });

  prompt(): string {
    return this.configuring ? "\r\n[edit]\r\nuser@mx1# " : "\r\nuser@mx1> ";
  }

  private answer(line: string): string {
    if (line.startsWith("configure")) {
      this.configuring = true;
      return "Entering configuration mode";
    }
    if (line === "exit configuration-mode") {
      this.configuring = false;
      return "Exiting configuration mode";
    }
    if (line === "show | compare") {
      const added = this.candidate.filter((l) => !this.running.includes(l));
      return added.map((l) => `+  ${l}`).join("\r\n");
    }
    if (line === "rollback 0") {
      this.candidate = [...this.running];
      return "load complete";
    }
    if (line === this.refuses) return "                   ^\r\nsyntax error, expecting <statement>.";
    if (line === "commit check") return "configuration check succeeds";
    if (line.startsWith("commit")) {
      if (this.commitAnswer === "commit complete") this.running = [...this.candidate];
      return this.commitAnswer;
    }
    if (line.startsWith("set ") && this.configuring) this.candidate.push(line);
    return "";
  }
}

async function apply(
  device: JunosLike,
  change: ConfigChange,
  isolation: "private" | "shared" = "private",
  more: Partial<Candidate> = {},
) {
  if (!platform || !candidate) throw new Error("unreachable");
  const channel = new ExpectChannel(device.transport, {
    device: "mx1",
    encoding: "utf-8",
    stripAnsi: true,
    tailLines: platform.promptLines,
  });
  const cli = new Cli(channel, { device: "mx1", platform, credential: { data: {} }, readTimeoutMs: 1000 });
  device.transport.say(device.prompt());
  await cli.open();
  device.received.length = 0;
  const result = await changeByCandidate(
    cli,
    { ...candidate, isolation, ...more },
    change,
    new AbortController().signal,
  );
  return { result, mode: cli.mode };
}

test("lines are committed all together, with the difference, and the candidate is left", async () => {
  const device = new JunosLike();
  const { result, mode } = await apply(
    device,
    merge(["set system ntp server 10.0.0.1"], { commit: { message: 'add "ntp"' } }),
  );
  expect(result).toMatchObject({
    committed: true,
    rolledBack: false,
    diff: "+  set system ntp server 10.0.0.1",
  });
  expect(device.running).toContain("set system ntp server 10.0.0.1");
  expect(device.received).toEqual([
    "configure private",
    "set system ntp server 10.0.0.1",
    "show | compare",
    'commit comment "add ntp"',
    "exit configuration-mode",
  ]);
  expect(mode).toBe("exec");
});

test("a rejected line never leads to a commit: the candidate is discarded", async () => {
  const device = new JunosLike();
  device.refuses = "set nonsense";
  const { result, mode } = await apply(device, merge(["set a", "set nonsense", "set b"], { save: true }));
  expect(result).toMatchObject({
    committed: false,
    saved: false,
    rolledBack: true,
    error: { code: "ConfigRejected" },
  });
  expect(result.lines.map((l) => l.state)).toEqual(["accepted", "rejected", "skipped"]);
  expect(device.received.slice(-2)).toEqual(["rollback 0", "exit configuration-mode"]);
  expect(device.candidate).toEqual(device.running);
  expect(mode).toBe("exec");
});

test("Continue looks at every line, and still nothing is committed when one was rejected", async () => {
  const device = new JunosLike();
  device.refuses = "set nonsense";
  const { result } = await apply(device, merge(["set a", "set nonsense", "set b"], { onError: "Continue" }));
  expect(result.lines.map((l) => l.state)).toEqual(["accepted", "rejected", "accepted"]);
  expect(result.committed).toBe(false);
  expect(device.running).not.toContain("set a");
});

test("a dry run is checked, shown and discarded", async () => {
  const device = new JunosLike();
  const { result } = await apply(device, merge(["set a"], { dryRun: true }));
  expect(result).toMatchObject({ committed: false, rolledBack: false, diff: "+  set a" });
  expect(result.error).toBeUndefined();
  expect(device.received).toEqual([
    "configure private",
    "set a",
    "show | compare",
    "commit check",
    "rollback 0",
    "exit configuration-mode",
  ]);
});

test("a commit that the device refuses discards the candidate and says why", async () => {
  const device = new JunosLike();
  device.commitAnswer = "error: configuration check-out failed";
  const { result } = await apply(device, merge(["set a"]));
  expect(result).toMatchObject({
    committed: false,
    error: { code: "CommitFailed", message: expect.stringContaining("check-out failed") },
  });
  expect(device.candidate).toEqual(device.running);
});

test("a shared candidate that somebody has touched is refused and left as it is", async () => {
  const device = new JunosLike();
  device.candidate.push("set somebody else's line");
  const { result } = await apply(device, merge(["set a"]), "shared");
  expect(result).toMatchObject({ committed: false, rolledBack: false, error: { code: "ConfigModeFailed" } });
  expect(device.candidate).toContain("set somebody else's line");
  expect(device.received).toEqual(["configure private", "show | compare", "exit configuration-mode"]);
});

test("a confirmed commit is confirmed only when the checks hold", async () => {
  const good = new JunosLike();
  const commit = { confirmTimeoutMs: 150_000 };
  const verify = [{ command: "show bgp summary", reject: "Idle" }];
  expect((await apply(good, merge(["set a"], { commit, verify }))).result).toMatchObject({
    committed: true,
    rolledBack: false,
  });
  expect(good.received.filter((l) => l.startsWith("commit"))).toEqual(["commit confirmed 3", "commit"]);

  const bad = new JunosLike();
  const failing = [{ command: "show bgp summary", expect: "Established" }];
  const { result } = await apply(bad, merge(["set a"], { commit, verify: failing }));
  expect(result).toMatchObject({ rolledBack: true, error: { code: "VerificationFailed" } });
  expect(bad.received.filter((l) => l.startsWith("commit"))).toEqual(["commit confirmed 3"]);
});

const locking = { lock: "request lock", unlock: "request unlock" };

test("a candidate that others share is locked before it is entered and unlocked after it was left", async () => {
  const device = new JunosLike();
  const { result } = await apply(device, merge(["set a"]), "private", locking);
  expect(result).toMatchObject({ committed: true });
  expect(device.received).toEqual([
    "request lock",
    "configure private",
    "set a",
    "show | compare",
    "commit",
    "exit configuration-mode",
    "request unlock",
  ]);
});

test("a rejected line unlocks as well", async () => {
  const device = new JunosLike();
  device.refuses = "set nonsense";
  await apply(device, merge(["set nonsense"]), "private", locking);
  expect(device.received.slice(-2)).toEqual(["exit configuration-mode", "request unlock"]);
});

test("while somebody else holds the lock nothing is entered, sent or unlocked", async () => {
  const device = new JunosLike();
  device.refuses = "request lock";
  const { result } = await apply(device, merge(["set a"]), "private", locking);
  expect(result).toMatchObject({ committed: false, error: { code: "CommandRejected" } });
  expect(device.received).toEqual(["request lock"]);
});

test("when the session dies within the commit, nobody claims to know its outcome", async () => {
  const device = new JunosLike();
  const dying = new MemoryTransport((text, transport) => {
    if (text.startsWith("commit")) transport.close();
    else {
      device.transport.write(text);
    }
  });
  device.transport.onData((chunk) => dying.say(chunk));
  const channel = new ExpectChannel(dying, {
    device: "mx1",
    encoding: "utf-8",
    stripAnsi: true,
    tailLines: platform.promptLines,
  });
  const cli = new Cli(channel, { device: "mx1", platform, credential: { data: {} }, readTimeoutMs: 1000 });
  dying.say(device.prompt());
  await cli.open();
  const result = await changeByCandidate(cli, candidate, merge(["set a"]), new AbortController().signal);
  expect(result).toMatchObject({ committed: false, error: { code: "SessionClosed" } });
});
