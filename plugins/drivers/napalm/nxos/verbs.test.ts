import { expect, test } from "vitest";
import { CommandRefused } from "../getter.ts";
import { runPlan, stepsOf } from "../plan.ts";
import { type NxosVerbRequest, NxosVerbs, showNxosStep } from "./verbs.ts";

const newVerbs = () =>
  new NxosVerbs({ device: "n9k1", platform: "nxos", fileSystem: "bootflash:", entersTexts: false });

/** Answers by the step as text, and keeps what was sent. */
function device(answers: Readonly<Record<string, string | Error>> = {}) {
  const sent: string[] = [];
  const send = async (request: NxosVerbRequest) => {
    const step = showNxosStep(request);
    sent.push(step);
    const answer = answers[step] ?? "";
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { sent, send };
}

const quietly = (command: string) => `terminal dont-ask; ${command}; no terminal dont-ask`;

test("a merge is compared here, and committed behind a checkpoint", async () => {
  const verbs = newVerbs();
  const { sent, send } = device({
    "show running-config all": "hostname n9k1\ninterface lo0\n  no shutdown\n",
  });
  await runPlan(verbs.load_merge_candidate("interface lo0\n  description x\n  no shutdown\n"), send);
  expect(await runPlan(verbs.compare_config(), send)).toBe("interface lo0\n  description x");
  await runPlan(verbs.commit_config(), send);
  expect(sent).toEqual([
    "show running-config all",
    quietly("checkpoint file rollback_config.txt"),
    "interface lo0;   description x;   no shutdown",
    "copy running-config startup-config",
  ]);
});

test("a line that the device refuses takes the commit back, and nothing is saved", async () => {
  const verbs = newVerbs();
  const lines = "hostname a; ip adress 10.0.0.1/24";
  const { sent, send } = device({ [lines]: new CommandRefused("% Invalid command", { index: 1 }) });
  await runPlan(verbs.load_merge_candidate("! a comment\nhostname a\nip adress 10.0.0.1/24\n"), send);
  await expect(runPlan(verbs.commit_config(), send)).rejects.toMatchObject({
    line: "ip adress 10.0.0.1/24",
    number: 3,
    message: "% Invalid command",
  });
  expect(sent.at(-1)).toBe("rollback running-config file rollback_config.txt");
});

test("a failure in the midst of the lines is followed by the way back, and where that fails too both are told", async () => {
  const back = "rollback running-config file rollback_config.txt";
  const lost = new Error("the connection is gone");
  for (const [failure, way, told] of [
    [lost, "Rollback completed successfully.", lost],
    [lost, lost, lost],
    [
      new CommandRefused("% Invalid", { index: 0 }),
      "Rollback failed.",
      { code: "CommitFailed", message: expect.stringMatching(/% Invalid.*Rollback failed/s) },
    ],
  ] as const) {
    const verbs = newVerbs();
    const { sent, send } = device({ "hostname a": failure, [back]: way });
    await runPlan(verbs.load_merge_candidate("hostname a\n"), send);
    await expect(runPlan(verbs.commit_config(), send)).rejects.toEqual(
      told === lost ? lost : expect.objectContaining(told),
    );
    expect(sent.at(-1)).toBe(back);
  }
});

test("a banner is refused at once where its lines would be run as commands, and entered whole elsewhere", async () => {
  const banner = "banner motd #\n! Welcome\n\n#\nhostname a\n";
  const { sent, send } = device();
  await expect(runPlan(newVerbs().load_merge_candidate(banner), send)).rejects.toMatchObject({ number: 1 });
  expect(sent).toEqual([]);
  const verbs = new NxosVerbs({
    device: "n9k1",
    platform: "nxos_ssh",
    fileSystem: "bootflash:",
    entersTexts: true,
  });
  await runPlan(verbs.load_merge_candidate(banner), send);
  await runPlan(verbs.commit_config(), send);
  expect(sent[1]).toBe("banner motd #; ! Welcome; ; #; hostname a");
});

test("a replacement is compared and gone over to by the device", async () => {
  const verbs = newVerbs();
  const diff = "show diff rollback-patch file sot_file file candidate_config.txt";
  const { sent, send } = device({
    [quietly("delete sot_file")]: new CommandRefused("No such file"),
    [diff]: "Collecting\nGenerating Rollback Patch\n!!\nno feature x\n  \n!\nhostname new  \n",
  });
  await runPlan(verbs.load_replace_candidate("hostname new\n"), send);
  expect(await runPlan(verbs.compare_config(), send)).toBe("no feature x\nhostname new");
  await runPlan(verbs.commit_config({ save: false }), send);
  expect(sent.slice(-2)).toEqual([
    quietly("checkpoint file rollback_config.txt"),
    quietly("rollback running-config file candidate_config.txt"),
  ]);
});

test("a replacement that the device cannot go over to has failed", async () => {
  const verbs = newVerbs();
  const { send } = device({
    [quietly("rollback running-config file candidate_config.txt")]: "Rollback failed.\n",
  });
  await runPlan(verbs.load_replace_candidate("hostname new\n"), send);
  await expect(runPlan(verbs.commit_config(), send)).rejects.toMatchObject({ code: "CommitFailed" });
});

test("what was put on the device is removed when it is discarded, and when the session ends", async () => {
  for (const end of ["discard_config", "close"] as const) {
    const verbs = newVerbs();
    const { sent, send } = device();
    await runPlan(verbs.load_replace_candidate("hostname new\n"), send);
    await runPlan(verbs[end](), send);
    await runPlan(verbs[end](), send);
    expect(sent).toEqual(["writes bootflash:candidate_config.txt", quietly("delete candidate_config.txt")]);
  }
});

test("without a checkpoint there is no way back", async () => {
  const { send } = device({ "dir rollback_config.txt": "No such file or directory" });
  await expect(runPlan(newVerbs().rollback(), send)).rejects.toThrow("rollback_config.txt");
});

test("a way back that the device cannot go is said so", async () => {
  const { send } = device({ "rollback running-config file rollback_config.txt": "Rollback failed.\n" });
  await expect(runPlan(newVerbs().rollback(), send)).rejects.toMatchObject({ code: "CommitFailed" });
});

test("NX-OS takes no commit back by itself and keeps no message", async () => {
  const { send } = device();
  expect(() => [...stepsOf(newVerbs().commit_config({ revertIn: 60 }))]).toThrow("confirmed");
  expect(() => [...stepsOf(newVerbs().commit_config({ message: "why" }))]).toThrow("message");
  await expect(runPlan(newVerbs().commit_config(), send)).rejects.toMatchObject({ code: "NothingLoaded" });
});
