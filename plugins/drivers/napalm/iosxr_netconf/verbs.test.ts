import { expect, test } from "vitest";
import { parseXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";
import { type Plan, runPlan } from "../plan.ts";
import { type NetconfVerbRequest, showXrNetconfStep, XrNetconfVerbs } from "./verbs.ts";

/** Verbs with a router that answers by the request as text; what it does not know succeeds. */
function router(
  answers: Readonly<Record<string, string | CommandRefused>> = {},
  {
    encoding = "cli",
    lockedAlready = false,
    clock = { now: 0 },
  }: { encoding?: "cli" | "xml"; lockedAlready?: boolean; clock?: { now: number } } = {},
) {
  const verbs = new XrNetconfVerbs({ device: "xr1", lockedAlready, encoding, now: () => clock.now });
  const sent: string[] = [];
  const send = async (request: NetconfVerbRequest) => {
    const text = showXrNetconfStep(request);
    sent.push(text);
    const answer = answers[text] ?? "<rpc-reply><ok/></rpc-reply>";
    if (answer instanceof CommandRefused) throw answer;
    return parseXml(answer);
  };
  const run = <Result>(plan: Plan<NetconfVerbRequest, XmlElement, Result>) => runPlan(plan, send);
  return { verbs, sent, run, clock };
}

const cli = (text: string) => `<cli xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg">${text}</cli>`;
const DIFF = '<get-cli-config-diff xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-diff-act"/>';

test("lines are loaded as text, compared by the router and committed under a lock", async () => {
  const { verbs, sent, run } = router({
    [DIFF]:
      "<rpc-reply><diff>\nBuilding configuration...\n!! IOS XR Configuration\n+hostname a\nend\n</diff></rpc-reply>",
  });
  await run(verbs.load_merge_candidate("hostname <a>"));
  expect(await run(verbs.compare_config())).toBe("+hostname a");
  await run(verbs.commit_config());
  expect(sent).toEqual([
    "<lock>",
    `<edit-config> ${cli("hostname &lt;a&gt;")}`,
    DIFF,
    "<commit>",
    "<unlock>",
  ]);
});

test("XML of the models is compared element by element", async () => {
  const data = (name: string) => `<data><host xmlns="urn:a">${name}</host></data>`;
  const { verbs, sent, run } = router(
    { "<get-config> running": data("old"), "<get-config> candidate": data("new") },
    { encoding: "xml" },
  );
  await run(verbs.load_replace_candidate('<config><host xmlns="urn:a">new</host></config>'));
  expect(sent.at(-1)).toBe('<copy-config> <host xmlns="urn:a">new</host>');
  expect(await run(verbs.compare_config())).toBe(
    '--- \n+++ \n@@ -1,3 +1,3 @@\n <data>\n-  <host xmlns="urn:a">old</host>\n+  <host xmlns="urn:a">new</host>\n </data>\n',
  );
});

test.each([
  ["is none", "<config>\n<host>\n</config>", 3],
  ["stands outside of <config>", "<data>\n</data>", 1],
  ["is of another's model", '<config>\n<x xmlns="http://openconfig.net/yang/x"/></config>', 2],
])("XML that %s is refused with its line, and nothing is loaded", async (_what, text, number) => {
  const { verbs, sent, run } = router({}, { encoding: "xml" });
  await expect(run(verbs.load_merge_candidate(text))).rejects.toMatchObject({ number });
  expect(sent).toEqual(["<lock>"]);
  expect(await run(verbs.compare_config())).toBe("");
});

test("a refused line is named by its number", async () => {
  const answer = new CommandRefused("!! SYNTAX/AUTHORIZATION ERRORS\nhostnam a\n^");
  const { verbs, run } = router({ [`<edit-config> ${cli("!\nhostnam a")}`]: answer });
  await expect(run(verbs.load_merge_candidate("!\nhostnam a"))).rejects.toMatchObject({
    number: 2,
    line: "hostnam a",
  });
});

test("a commit has no message, and only times that the router has", async () => {
  const { verbs, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await expect(run(verbs.commit_config({ message: "x" }))).rejects.toMatchObject({ code: "NotImplemented" });
  await expect(run(verbs.commit_config({ revertIn: 5 }))).rejects.toMatchObject({
    code: "RevertTimeInvalid",
  });
});

test("a commit that waits keeps the lock until it is confirmed or cancelled", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.commit_config({ revertIn: 120 }));
  expect(sent.at(-1)).toBe("<commit> confirmed within 120 s");
  expect(await run(verbs.has_pending_commit())).toBe(true);
  await run(verbs.rollback());
  expect(sent.slice(-2)).toEqual(["<cancel-commit>", "<unlock>"]);
  await run(verbs.load_merge_candidate("hostname b"));
  await run(verbs.commit_config({ revertIn: 120 }));
  await run(verbs.confirm_commit());
  expect(sent.slice(-2)).toEqual(["<commit>", "<unlock>"]);
});

test("after its time a commit no longer waits", async () => {
  const { verbs, run, clock } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.commit_config({ revertIn: 30 }));
  clock.now = 30_000;
  await expect(run(verbs.confirm_commit())).rejects.toMatchObject({ code: "NoCommitPending" });
});

test("a rollback takes the last commit back", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.rollback());
  expect(sent).toEqual([
    '<roll-back-configuration-last xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cfgmgr-rollback-act"><count>1</count></roll-back-configuration-last>',
  ]);
});

test("what is left is taken away at the end", async () => {
  const { verbs, sent, run } = router();
  await run(verbs.load_merge_candidate("hostname a"));
  await run(verbs.close());
  expect(sent.slice(-2)).toEqual(["<discard-changes>", "<unlock>"]);
});

test("a refused lock is ConfigLocked, a refused commit CommitFailed", async () => {
  const locked = router({ "<lock>": new CommandRefused("lock-denied") });
  await expect(locked.run(locked.verbs.load_merge_candidate("hostname a"))).rejects.toMatchObject({
    code: "ConfigLocked",
  });
  const { verbs, run } = router({ "<commit>": new CommandRefused("no") });
  await run(verbs.load_merge_candidate("hostname a"));
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "CommitFailed" });
});
