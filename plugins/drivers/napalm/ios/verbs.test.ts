import { expect, test } from "vitest";
import { type Plan, runPlan } from "../plan.ts";
import { mergedLines } from "./difference.ts";
import { type IosVerbRequest, IosVerbs, type IosVerbsOptions, showIosStep } from "./verbs.ts";

const OPTIONS: IosVerbsOptions = {
  device: "r1",
  username: "ops",
  candidate_cfg: "candidate_config.txt",
  merge_cfg: "merge_config.txt",
  rollback_cfg: "rollback_config.txt",
  dest_file_system: "flash:",
  auto_rollback_on_error: true,
};

/** A device that answers as usual, but for the commands that are given; it remembers what it was told. */
function device(replies: Readonly<Record<string, string>> = {}) {
  const told: string[] = [];
  const answer = (command: string) => {
    const found = Object.entries(replies).find(([start]) => command.startsWith(start))?.[1];
    if (found !== undefined) return found;
    if (command === "show archive config rollback timer") return "%No Rollback Confirmed Change pending";
    return command.startsWith("dir ") ? `Directory of ${command.slice(4)}` : "";
  };
  const run = <Result>(plan: Plan<IosVerbRequest, string, Result>) =>
    runPlan(plan, async (request) => {
      told.push(showIosStep(request));
      return answer(showIosStep(request));
    });
  return { told, run };
}

async function loaded(verbs: IosVerbs, replace = false): Promise<void> {
  const plan = replace
    ? verbs.load_replace_candidate("hostname r2\n")
    : verbs.load_merge_candidate("hostname r2\n");
  await device().run(plan);
}

test("a way back that could not be kept ends the change before anything is changed", async () => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs);
  const { told, run } = device({
    "copy running-config": "%Error opening flash:/rollback_config.txt (No space left on device)",
  });
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "NoWayBack" });
  expect(told.at(-1)).toBe("copy running-config flash:/rollback_config.txt");
});

test("a file of the same name that is written over is no failure of the way back", async () => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs);
  const warning = "%Warning:There is a file already existing with this name\n1532 bytes copied in 0.1 secs";
  const { told, run } = device({ "copy running-config": warning });
  await run(verbs.commit_config());
  expect(told.at(-1)).toBe("write mem");
});

test("a replacement that the device took back itself is not taken back again; one that it did not is", async () => {
  for (const [answer, back] of [
    ["The original configuration has been successfully restored.", 0],
    ["Rollback aborted: failed to apply 1 command", 1],
  ] as const) {
    const verbs = new IosVerbs({ ...OPTIONS, auto_rollback_on_error: back === 0 });
    await loaded(verbs, true);
    const { told, run } = device({ "configure replace flash:/candidate": answer });
    await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "CommitFailed" });
    expect(told.filter((one) => one.includes("replace flash:/rollback"))).toHaveLength(back);
    expect(told).not.toContain("write mem");
  }
});

test("a merge under a timer that fails is taken back by the timer's own command", async () => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs);
  const { told, run } = device({
    "copy flash:/merge": "hostname r2\n ^\n% Invalid input detected at '^' marker.\n",
  });
  await expect(run(verbs.commit_config({ revertIn: 90 }))).rejects.toMatchObject({
    name: "CommandRefused",
    line: "hostname r2",
    number: 1,
  });
  expect(told).toContain("configure terminal revert timer 2");
  expect(told.at(-1)).toBe("configure revert now");
});

test.each(["% 192.0.2.0 overlaps with GigabitEthernet1", "Command rejected: Gi1 is not a switching port."])(
  "a merge in which the device says %j is taken back",
  async (answer) => {
    const verbs = new IosVerbs(OPTIONS);
    await loaded(verbs);
    const { told, run } = device({ "copy flash:/merge": `${answer}\n12 bytes copied in 0.1 secs` });
    await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "CommitFailed" });
    expect(told.at(-1)).toBe("configure replace flash:/rollback_config.txt force");
  },
);

test.each(["%Warning: portfast should only be enabled on ports of hosts", "% Generating 2048 bit RSA keys"])(
  "what the device only remarks, such as %j, is no failure of a merge",
  async (answer) => {
    const verbs = new IosVerbs(OPTIONS);
    await loaded(verbs);
    const { told, run } = device({ "copy flash:/merge": answer });
    await run(verbs.commit_config());
    expect(told.at(-1)).toBe("write mem");
  },
);

test.each([
  ["configure replace F force revert trigger error timer 5", true, 300],
  ["configure replace F force revert timer 5", false, 300],
  ["configure replace F force revert trigger error", true, undefined],
  ["configure replace F force", false, undefined],
])("%s", async (command, auto_rollback_on_error, revertIn) => {
  const verbs = new IosVerbs({ ...OPTIONS, auto_rollback_on_error });
  await loaded(verbs, true);
  const { told, run } = device();
  await run(verbs.commit_config(revertIn === undefined ? {} : { revertIn }));
  expect(told).toContain(command.replace("F", "flash:/candidate_config.txt"));
});

const waiting = (user: string) => ({
  "show archive config rollback timer": `Time configured(UTC or Unix time): 16:01:02\nTimer type: absolute timer\nTimer value: 5 min\nUser: ${user}\n`,
});

test("somebody else's commit is neither confirmed nor taken back, and no other is begun beside it", async () => {
  const verbs = new IosVerbs(OPTIONS);
  const { told, run } = device(waiting("eve"));
  await expect(run(verbs.confirm_commit())).rejects.toMatchObject({ code: "CommitOfAnother" });
  await expect(run(verbs.rollback())).rejects.toMatchObject({ code: "CommitOfAnother" });
  await loaded(verbs);
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "CommitPending" });
  expect(told.every((command) => command.startsWith("show "))).toBe(true);
});

test("a commit that was not saved is taken back without saving, so that what was not saved before stays so", async () => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs);
  const { told, run } = device();
  await run(verbs.commit_config({ save: false }));
  await run(verbs.rollback());
  expect(told).not.toContain("write mem");
});

test("what a verb lacks is refused before anything is sent", async () => {
  const verbs = new IosVerbs(OPTIONS);
  const { told, run } = device();
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "NothingLoaded" });
  await expect(run(verbs.commit_config({ message: "x" }))).rejects.toMatchObject({ code: "NotImplemented" });
  await run(verbs.discard_config());
  expect(told).toEqual([]);
});

test("the file system is asked for once where it is not given", async () => {
  const { dest_file_system: _, ...rest } = OPTIONS;
  const verbs = new IosVerbs(rest);
  const { told, run } = device({ dir: "Directory of bootflash:/\n\n   11  drwx 16384 lost+found\n" });
  await run(verbs.load_merge_candidate("hostname r2\n"));
  await run(verbs.load_replace_candidate("hostname r2\n"));
  expect(told).toEqual([
    "dir",
    "bootflash:/merge_config.txt, 12 bytes",
    "bootflash:/candidate_config.txt, 12 bytes",
  ]);
  await expect(
    device({ dir: "%Error" }).run(new IosVerbs(rest).load_merge_candidate("x")),
  ).rejects.toMatchObject({
    code: "FileSystemUnknown",
  });
});

test.each([
  ["!List of Commands:\nend\n!No changes were found\n", ""],
  [
    "!List of Commands:\ninterface Gi1\n no shutdown\nno ip http server\nend\n",
    "+interface Gi1\n- no shutdown\n-no ip http server",
  ],
  [
    "! order-dependent line(s) re-ordered\n!No changes were found\nip name-server 192.0.2.1\n",
    "+! order-dependent line(s) re-ordered\n+ip name-server 192.0.2.1",
  ],
])("the difference of a merge out of %j", async (reply, difference) => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs);
  const { run } = device({ "show archive config incremental-diffs": reply });
  expect(await run(verbs.compare_config())).toBe(difference);
});

test("where the device cannot tell the difference, the lines of the file stand for it", async () => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs);
  const { run } = device({
    "show archive config incremental-diffs": "% Invalid input detected at '^' marker.",
    "more flash:/merge_config.txt": "hostname r2\n\nend\n",
  });
  expect(await run(verbs.compare_config())).toContain("+hostname r2\n+end");
  expect(mergedLines("")).toContain("No changes");
});

test("the difference of a replacement leaves out what the device writes by itself", async () => {
  const verbs = new IosVerbs(OPTIONS);
  await loaded(verbs, true);
  const reply = "!Contextual Config Diffs:\n+hostname r2\n-hostname r1\n-ntp clock-period 17179869\n";
  const { run } = device({ "show archive config differences": reply });
  expect(await run(verbs.compare_config())).toBe("+hostname r2\n-hostname r1");
  expect(verbs.exactDiff).toBe(true);
});

test.each([true, false])(
  "an error of the device is no difference (of a replacement: %j)",
  async (replace) => {
    const verbs = new IosVerbs(OPTIONS);
    await loaded(verbs, replace);
    const { run } = device({
      "show archive config": "%Error opening flash:/merge_config.txt (No such file)",
    });
    await expect(run(verbs.compare_config())).rejects.toMatchObject({ name: "CommandRefused" });
  },
);
