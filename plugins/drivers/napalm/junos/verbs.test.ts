import { expect, test } from "vitest";
import { RpcRefusedError } from "../../../../src/device/netconf/index.ts";
import { parseXml, writeXml, type XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";
import { type Plan, runPlan, stepsOf } from "../plan.ts";
import type { JunosVerbSettings } from "./settings.ts";
import { type JunosVerbReply, JunosVerbs, showRpc } from "./verbs.ts";

type Answer = (request: XmlElement) => string | Error | { reply: string; warnings: string[] };

function verbsOf(settings: Partial<JunosVerbSettings> = {}, answer: Answer = () => "<ok/>") {
  const sent: string[] = [];
  const clock = { now: 1_000_000 };
  const verbs = new JunosVerbs({
    device: "r1",
    lock: "change",
    isPrivate: false,
    ignoresWarning: () => false,
    now: () => clock.now,
    ...settings,
  });
  const run = <Result>(plan: Plan<XmlElement, JunosVerbReply, Result>) =>
    runPlan(plan, async (request) => {
      sent.push(writeXml(request));
      const answered = answer(request);
      if (answered instanceof Error) throw answered;
      const { reply, warnings } = typeof answered === "string" ? { reply: answered, warnings: [] } : answered;
      return { element: parseXml(reply), warnings };
    });
  return { verbs, run, sent, clock };
}

const LOCK = "<lock-configuration/>";
const UNLOCK = "<unlock-configuration/>";
const COMMIT = "<commit-configuration/>";
const EMPTY = '<load-configuration compare="rollback" rollback="0"/>';
const load = (action: string, inner: string, format = "text") =>
  `<load-configuration format="${format}" action="${action}">${inner}</load-configuration>`;
const merged = load("replace", "<configuration-text>system { host-name r2; }</configuration-text>");
const CONFIG = "system { host-name r2; }";

test("a change: lock, load, compare, commit with a message, unlock", async () => {
  const { verbs, run, sent } = verbsOf({}, ({ name }) =>
    name === "get-configuration"
      ? "<configuration-information><configuration-output>\n[edit system]\n+ host-name r2;\n</configuration-output></configuration-information>"
      : "<ok/>",
  );
  await run(verbs.load_merge_candidate(CONFIG));
  expect(await run(verbs.compare_config())).toBe("[edit system]\n+ host-name r2;");
  await run(verbs.commit_config({ message: "why" }));
  expect(sent).toEqual([
    LOCK,
    merged,
    '<get-configuration compare="rollback" rollback="0" format="text"/>',
    "<commit-configuration><log>why</log></commit-configuration>",
    UNLOCK,
  ]);
});

test.each([
  ["set system host-name r2", load("set", "<configuration-set>set system host-name r2</configuration-set>")],
  ["delete protocols bgp", load("set", "<configuration-set>delete protocols bgp</configuration-set>")],
  [
    "<system><host-name>r2</host-name></system>",
    load("replace", "<configuration><system><host-name>r2</host-name></system></configuration>", "xml"),
  ],
  [
    '{"configuration":{}}',
    load("replace", '<configuration-json>{"configuration":{}}</configuration-json>', "json"),
  ],
  ["settings { a; }", load("replace", "<configuration-text>settings { a; }</configuration-text>")],
])("the form of a configuration is told by how it begins: %s", async (config, request) => {
  const { verbs, run, sent } = verbsOf({ lock: "none" });
  await run(verbs.load_merge_candidate(config));
  expect(sent).toEqual([request]);
});

test("a replacement overrides; set commands cannot, and nothing is sent for them", async () => {
  const { verbs, run, sent } = verbsOf();
  await expect(run(verbs.load_replace_candidate("set system host-name r2"))).rejects.toThrow("set commands");
  expect(sent).toEqual([]);
  await run(verbs.load_replace_candidate(CONFIG));
  expect(sent[1]).toBe(load("override", `<configuration-text>${CONFIG}</configuration-text>`));
});

test("XML that is none is refused with its line before anything is sent", async () => {
  const { verbs, run, sent } = verbsOf();
  await expect(run(verbs.load_merge_candidate("<system>\n<host-name>r2</system>"))).rejects.toMatchObject({
    line: "<host-name>r2</system>",
    number: 2,
  });
  expect(sent).toEqual([]);
});

test("a refused load empties the candidate, unlocks, and names the line", async () => {
  const error = parseXml(
    "<rpc-reply><load-configuration-results><rpc-error><error-message>syntax error</error-message><line-number>2</line-number></rpc-error></load-configuration-results></rpc-reply>",
  );
  const refused = new CommandRefused("syntax error", {
    cause: new RpcRefusedError("r1", "load-configuration", [], error),
  });
  const { verbs, run, sent } = verbsOf({}, (request) =>
    request.name === "load-configuration" && request.children.length > 0 ? refused : "<ok/>",
  );
  await expect(run(verbs.load_merge_candidate("system {\nhost-nam r2;\n}"))).rejects.toMatchObject({
    line: "host-nam r2;",
    number: 2,
  });
  expect(sent.slice(2)).toEqual([EMPTY, UNLOCK]);
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "NothingLoaded" });
});

test("a warning refuses a load unless it may be passed over", async () => {
  const warn: Answer = ({ name }) =>
    name === "load-configuration" ? { reply: "<ok/>", warnings: ["statement not found"] } : "<ok/>";
  const strict = verbsOf({ lock: "none" }, warn);
  await expect(strict.run(strict.verbs.load_merge_candidate("delete a"))).rejects.toThrow(
    "statement not found",
  );
  expect(strict.sent.at(-1)).toBe(EMPTY);
  const lenient = verbsOf({ lock: "none", ignoresWarning: (text) => text.includes("not found") }, warn);
  await lenient.run(lenient.verbs.load_merge_candidate("delete a"));
  expect(lenient.sent).toHaveLength(1);
});

test("a configuration that somebody else has locked is not loaded", async () => {
  const { verbs, run, sent } = verbsOf({}, () => new CommandRefused("configuration database locked by: bob"));
  await expect(run(verbs.load_merge_candidate(CONFIG))).rejects.toMatchObject({
    code: "ConfigLocked",
    message: expect.stringContaining("bob"),
  });
  expect(sent).toEqual([LOCK]);
});

test("a private copy is opened for a change and closed after it", async () => {
  const { verbs, run, sent } = verbsOf({ lock: "none", isPrivate: true });
  await run(verbs.load_merge_candidate(CONFIG));
  await run(verbs.discard_config());
  expect(sent).toEqual([
    "<open-configuration><private/></open-configuration>",
    merged,
    EMPTY,
    "<close-configuration/>",
  ]);
});

test("a session's lock stays from the first load to the end", async () => {
  const { verbs, run, sent } = verbsOf({ lock: "session" });
  await run(verbs.load_merge_candidate(CONFIG));
  await run(verbs.commit_config());
  await run(verbs.load_merge_candidate(CONFIG));
  await run(verbs.close());
  expect(sent).toEqual([LOCK, merged, COMMIT, merged, EMPTY, UNLOCK]);
});

test("a commit that is to be confirmed has minutes; another time discards what was loaded", async () => {
  const { verbs, run, sent } = verbsOf();
  await run(verbs.load_merge_candidate(CONFIG));
  await run(verbs.commit_config({ message: "why", revertIn: 300 }));
  expect(sent[2]).toBe(
    "<commit-configuration><log>why</log><confirmed/><confirm-timeout>5</confirm-timeout></commit-configuration>",
  );
  await run(verbs.load_merge_candidate(CONFIG));
  await expect(run(verbs.commit_config({ revertIn: 90 }))).rejects.toMatchObject({
    code: "RevertTimeInvalid",
  });
  expect(sent.slice(-2)).toEqual([EMPTY, UNLOCK]);
});

const revision = (comment: string) =>
  `<commit-revision-information><revision>re0-9</revision><date-time seconds="1000">x</date-time>${comment}</commit-revision-information>`;
const waiting = revision("<comment>commit confirmed, rollback in 5mins</comment>");
const uptime =
  '<system-uptime-information><current-time><date-time seconds="1060">x</date-time></current-time></system-uptime-information>';

function pendingDevice(information: string) {
  return verbsOf({}, ({ name }) =>
    name === "get-commit-revision-information"
      ? information
      : name === "get-system-uptime-information"
        ? uptime
        : "<ok/>",
  );
}

test("a commit of ours is confirmed at once while it is in time, else only if it still waits", async () => {
  const { verbs, run, sent, clock } = pendingDevice(revision(""));
  await run(verbs.load_merge_candidate(CONFIG));
  await run(verbs.commit_config({ revertIn: 60 }));
  clock.now += 59_000;
  await run(verbs.confirm_commit());
  expect(sent.at(-1)).toBe(COMMIT);
  await run(verbs.load_merge_candidate(CONFIG));
  await run(verbs.commit_config({ revertIn: 60 }));
  clock.now += 60_000;
  await expect(run(verbs.confirm_commit())).rejects.toMatchObject({ code: "NoCommitPending" });
  expect(sent.at(-1)).toBe("<get-commit-revision-information><detail/></get-commit-revision-information>");
});

test("a commit of an earlier session is known by the device's own note", async () => {
  const { verbs, run, sent } = pendingDevice(waiting);
  expect(await run(verbs.has_pending_commit())).toBe(true);
  await run(verbs.confirm_commit());
  expect(sent.at(-1)).toBe(COMMIT);
  const other = pendingDevice(revision("<comment>new address</comment>"));
  expect(await other.run(other.verbs.has_pending_commit())).toBe(false);
});

test("a release that keeps no revisions cannot tell", async () => {
  const { verbs, run } = verbsOf({}, () => new CommandRefused("syntax error"));
  await expect(run(verbs.has_pending_commit())).rejects.toMatchObject({ code: "NotImplemented" });
});

test("what was not loaded here is not committed, and others' changes are not discarded", async () => {
  const { verbs, run, sent } = verbsOf();
  await expect(run(verbs.commit_config())).rejects.toMatchObject({ code: "NothingLoaded" });
  await run(verbs.discard_config());
  await run(verbs.close());
  expect(sent).toEqual([]);
});

test("a commit that the device refuses says its words; what was loaded can still be discarded", async () => {
  const { verbs, run, sent } = verbsOf({}, ({ name }) =>
    name === "commit-configuration" ? new CommandRefused("missing mandatory statement") : "<ok/>",
  );
  await run(verbs.load_merge_candidate(CONFIG));
  await expect(run(verbs.commit_config())).rejects.toMatchObject({
    code: "CommitFailed",
    message: expect.stringContaining("missing mandatory statement"),
  });
  await run(verbs.discard_config());
  expect(sent.slice(-2)).toEqual([EMPTY, UNLOCK]);
});

test("a rollback commits the configuration before; one that fails leaves no candidate behind", async () => {
  const { verbs, run, sent } = verbsOf();
  await run(verbs.rollback());
  expect(sent).toEqual(['<load-configuration compare="rollback" rollback="1"/>', COMMIT]);
  const failing = verbsOf({}, ({ name }) =>
    name === "commit-configuration" ? new CommandRefused("no") : "<ok/>",
  );
  await expect(failing.run(failing.verbs.rollback())).rejects.toMatchObject({ code: "CommitFailed" });
  expect(failing.sent.at(-1)).toBe(EMPTY);
});

test("a plan is shown without touching a device, and without the configuration", () => {
  const { verbs, sent } = verbsOf();
  const steps = [...stepsOf(verbs.load_merge_candidate("secret"))].map(({ send }) => showRpc(send));
  expect(steps).toEqual([LOCK, '<load-configuration format="text" action="replace"/>']);
  expect(sent).toEqual([]);
});
