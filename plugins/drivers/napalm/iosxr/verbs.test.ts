import { expect, test } from "vitest";
import { parseXml } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";
import { type Plan, runPlan, stepsOf } from "../plan.ts";
import { showXrStep, type XrVerbRequest, XrVerbs } from "./verbs.ts";

/** Verbs with a router that answers by the request as text; what it does not know succeeds. */
function router(
  answers: Readonly<Record<string, string | CommandRefused>> = {},
  { lockedAlready = false, clock = { now: 0 } } = {},
) {
  const verbs = new XrVerbs({ device: "xr1", lockedAlready, now: () => clock.now });
  const sent: string[] = [];
  const send = async (request: XrVerbRequest) => {
    const text = showXrStep(request);
    sent.push(text);
    const answer = answers[text] ?? "";
    if (answer instanceof CommandRefused) throw answer;
    return parseXml(`<Response>${answer}</Response>`);
  };
  const run = <Result>(plan: Plan<XrVerbRequest, ReturnType<typeof parseXml>, Result>) => runPlan(plan, send);
  return { verbs, sent, run, clock };
}

const config = (text: string) => `<CLI><Configuration>${text}</Configuration></CLI>`;
const show = (command: string, output: string) => ({ [config(command)]: config(output) });

test("a merge is compared by what the router would make of it, without when that was built", async () => {
  const { verbs, run } = router({
    ...show(
      "show running-config",
      "Building configuration...\n!! IOS XR Configuration 6.1\nhostname a\n!\nend",
    ),
    ...show(
      "show configuration merge",
      "Building configuration...\r\n!! IOS XR Configuration 6.1\nhostname a\r\n!\nntp server 10.0.0.1\n!\nend",
    ),
  });
  await run(verbs.load_merge_candidate("ntp server 10.0.0.1"));
  expect(await run(verbs.compare_config())).toMatch(
    /^--- \n\+\+\+ \n@@[^@]+@@\n[\s\S]*\+ntp server 10.0.0.1/,
  );
});

test("a replacement is compared by the router", async () => {
  const diff = "Building configuration...\n!! IOS XR Configuration 6.1\n-hostname a\n+hostname b\nend\n";
  const { verbs, run } = router(show("show configuration changes diff", diff));
  await run(verbs.load_replace_candidate("hostname b"));
  expect(await run(verbs.compare_config())).toBe("-hostname a\n+hostname b");
});

test("without anything loaded there is no difference, and nothing to commit", async () => {
  const { verbs, sent, run } = router();
  expect(await run(verbs.compare_config())).toBe("");
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "NothingLoaded" });
  expect(sent).toEqual([]);
});

test("a text that has markup in it is sent as text", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("banner motd <a & b>"));
  expect(sent).toEqual(["<Lock/>", config("banner motd &lt;a &amp; b&gt;")]);
});

test("the lock is asked for once, and given back by the commit", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.load_merge_candidate("hostname b"));
  await run(verbs.commit_config({ message: `${"x".repeat(70)}` }));
  expect(sent).toEqual([
    "<Lock/>",
    config("hostname a"),
    config("hostname b"),
    `<Commit Comment="${"x".repeat(60)}"/>`,
    "<Unlock/>",
  ]);
});

test("a session that has locked from its beginning neither locks nor unlocks", async () => {
  const { verbs, sent, run } = router({}, { lockedAlready: true });
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.commit_config());
  await run(verbs.close());
  expect(sent).toEqual([config("hostname a"), "<Commit/>"]);
});

test("a refused line is named by its number, and the candidate is emptied", async () => {
  const text = "interface BVI1\n ipv4 adress 10.0.0.1/24\n";
  const answer = new CommandRefused(" ipv4 adress 10.0.0.1/24\n       ^\n% Invalid input detected");
  const { verbs, sent, run } = router({ [config(text)]: answer });
  await expect(run(verbs.load_merge_candidate(text))).rejects.toMatchObject({
    name: "CommandRefused",
    number: 2,
    line: " ipv4 adress 10.0.0.1/24",
  });
  expect(sent.at(-1)).toBe("<Clear/>");
  expect(await run(verbs.compare_config())).toBe("");
});

test("a refused lock is ConfigLocked, a refused commit CommitFailed in the router's words", async () => {
  const locked = router({ "<Lock/>": new CommandRefused("another session has it") });
  await expect(locked.run(locked.verbs.load_merge_candidate("hostname a"))).rejects.toMatchObject({
    code: "ConfigLocked",
    message: expect.stringContaining("another session has it"),
  });
  const { verbs, run } = router({ "<Commit/>": new CommandRefused("commits have occurred from others") });
  await run(verbs.load_merge_candidate("hostname a"));
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "CommitFailed" });
});

test("a commit that waits keeps the lock until it is confirmed", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.commit_config({ revertIn: 60 }));
  expect(sent.at(-1)).toBe('<Commit Confirmed="60"/>');
  expect(await run(verbs.has_pending_commit())).toBe(true);
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "CommitPending" });
  await run(verbs.confirm_commit());
  expect(sent.slice(-2)).toEqual(["<Commit/>", "<Unlock/>"]);
  expect(await run(verbs.has_pending_commit())).toBe(false);
});

test("after its time a commit no longer waits, and cannot be confirmed", async () => {
  const { verbs, run, clock } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.commit_config({ revertIn: 60 }));
  clock.now = 60_000;
  expect(await run(verbs.has_pending_commit())).toBe(false);
  await expect(run(verbs.confirm_commit())).rejects.toMatchObject({ code: "NoCommitPending" });
});

test("times that the router does not have are refused before anything is committed", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  const before = sent.length;
  for (const revertIn of [29, 301])
    await expect(run(verbs.commit_config({ revertIn }))).rejects.toMatchObject({ code: "RevertTimeInvalid" });
  expect(sent).toHaveLength(before);
});

test("a rollback leaves no lock behind, though the router takes one for it", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.rollback());
  await run(verbs.close());
  expect(sent).toEqual(["<Unlock/><Rollback><Previous>1</Previous></Rollback><Lock/>", "<Unlock/>"]);
});

test("what is loaded and not committed is taken away at the end", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.close());
  expect(sent.slice(-2)).toEqual(["<Clear/>", "<Unlock/>"]);
});

test("a plan can be shown without a router", () => {
  const { verbs } = router();
  const shown = (plan: Plan<XrVerbRequest, ReturnType<typeof parseXml>, unknown>) =>
    [...stepsOf(plan)].map(({ does, send }) => `${does}: ${showXrStep(send)}`);
  expect([...shown(verbs.load_replace_candidate("hostname a")), ...shown(verbs.commit_config())]).toEqual([
    "locks the configuration: <Lock/>",
    `loads the configuration: ${config("hostname a")}`,
    'commits the candidate: <Commit Replace="true"/>',
    "unlocks the configuration: <Unlock/>",
  ]);
});
