import { expect, test } from "vitest";
import { CommandRefused } from "../getter.ts";
import { type Plan, runPlan } from "../plan.ts";
import type { EapiRequest } from "./request.ts";
import { EosVerbs } from "./verbs.ts";

type Answer = unknown | ((request: EapiRequest) => unknown);

/** A device that answers each command from a table, and nothing where there is none; remembers what it was told. */
function device(answers: Readonly<Record<string, Answer>> = {}, lockDisable = false) {
  const told: unknown[] = [];
  const verbs = new EosVerbs({ device: "leaf1", sessionName: () => "np1", lockDisable });
  const run = <T>(plan: Plan<EapiRequest, readonly unknown[], T>) =>
    runPlan(plan, async (request) => {
      told.push(...request.commands);
      return request.commands.map((command) => {
        const answer = answers[String(command)] ?? {};
        if (answer instanceof Error) throw answer;
        return answer;
      });
    });
  return { verbs, run, told };
}

const waits = {
  "show configuration sessions detail": { sessions: { np1: { state: "pendingCommitTimer", commitBy: 900 } } },
};
const waitsSince432 = {
  "show configuration sessions detail": {
    sessions: {},
    commitTimerSessionName: "np1",
    commitTimerExpireTime: 900,
  },
};

test.each([
  ["older", waits],
  ["newer", waitsSince432],
])("a commit that waits is seen in the words of %s releases until its time has come", async (_, sessions) => {
  const pending = (uptime: number) => {
    const { verbs, run } = device({ ...sessions, "show version": { uptime } });
    return run(verbs.has_pending_commit());
  };
  expect(await pending(899)).toBe(true);
  expect(await pending(901)).toBe(false);
});

test("a commit that waits without a known end waits all the same", async () => {
  const sessions = { np1: { state: "pendingCommitTimer", commitBy: -1 } };
  const { verbs, run } = device({
    "show configuration sessions detail": { sessions },
    "show version": { uptime: 5 },
  });
  expect(await run(verbs.has_pending_commit())).toBe(true);
});

test("sessions that are completed are nobody's; one that is filled or waits locks, unless locks are off", async () => {
  const load = (sessions: object, lockDisable = false) => {
    const { verbs, run } = device({ "show configuration sessions": sessions }, lockDisable);
    return run(verbs.load_merge_candidate("hostname leaf2"));
  };
  await load({ sessions: { old: { state: "completed" } } });
  for (const state of ["pending", "pendingCommitTimer"])
    await expect(load({ sessions: { other: { state } } })).rejects.toMatchObject({ code: "ConfigLocked" });
  await expect(load({ sessions: {}, commitTimerSessionName: "other" })).rejects.toThrow("other");
  await load({ sessions: { other: { state: "pending" } } }, true);
});

test("a configuration that ends itself, as a running one does, is not ended twice", async () => {
  const { verbs, run, told } = device();
  await run(verbs.load_replace_candidate("! a comment\nhostname leaf2\nend\n"));
  expect(told).toEqual([
    "show configuration sessions",
    "configure session np1",
    "rollback clean-config",
    "hostname leaf2",
    "end",
  ]);
});

test("texts of a configuration are inputs of their command, comments of a mode one after the other", async () => {
  const { verbs, run, told } = device({}, true);
  await run(verbs.load_merge_candidate("!! one\n!! two\nbanner motd\n hello\nEOF\n"));
  expect(told.slice(1)).toEqual([
    { cmd: "comment", input: "one\ntwo" },
    { cmd: "banner motd", input: " hello" },
    "end",
  ]);
});

test("a refused line is named by its number, and the session is dropped", async () => {
  const refused = new CommandRefused("Invalid input", { index: 2 });
  const { verbs, run, told } = device({ bogus: refused }, true);
  await expect(run(verbs.load_merge_candidate("hostname leaf2\n\nbogus\n"))).rejects.toMatchObject({
    number: 3,
    line: "bogus",
  });
  expect(told.at(-1)).toBe("configure session np1 abort");
});

test("what cannot be committed is refused: nothing loaded, a message, a second timer, a refusal of the device", async () => {
  const empty = device();
  await expect(empty.run(empty.verbs.commit_config())).rejects.toMatchObject({ code: "NothingLoaded" });
  await expect(empty.run(empty.verbs.commit_config({ message: "x" }))).rejects.toMatchObject({
    code: "NotImplemented",
  });
  const second = device(waits);
  await expect(second.run(second.verbs.commit_config({ revertIn: 60 }))).rejects.toMatchObject({
    code: "CommitPending",
  });
  const refusing = device({ "configure session np1 commit": new CommandRefused("cannot commit") }, true);
  await refusing.run(refusing.verbs.load_merge_candidate("hostname leaf2"));
  await expect(refusing.run(refusing.verbs.commit_config())).rejects.toMatchObject({ code: "CommitFailed" });
});

test("a commit that could not be saved is made, and is told as what it is", async () => {
  const { verbs, run, told } = device(
    { "write memory": new CommandRefused("flash is full", { index: 2 }) },
    true,
  );
  await run(verbs.load_merge_candidate("hostname leaf2"));
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "SaveFailed" });
  const before = told.length;
  await run(verbs.close());
  expect(told).toHaveLength(before);
});

test("a rollback aborts a commit that waits, and otherwise goes back to what ran before the commit", async () => {
  const waiting = device(waits);
  await waiting.run(waiting.verbs.rollback());
  expect(waiting.told.slice(-2)).toEqual(["configure session np1 abort", "write memory"]);
  const done = device();
  await done.run(done.verbs.rollback());
  expect(done.told.slice(-2)).toEqual(["configure replace flash:rollback-0", "write memory"]);
});
