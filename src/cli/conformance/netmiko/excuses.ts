import { type Platform, roleMode, stepList } from "../../../../plugins/drivers/netmiko/platform.ts";

/*
 * The differences from Netmiko's lines that are meant, one rule each. Whatever no rule names is a failure. Blank lines and modes are not
 * compared at all.
 */

/** A line of the original that a careful driver must not send. */
export interface UnsafeLine {
  readonly index: number;
  readonly line: string;
  readonly kind: string;
  /** The original entered configuration mode only to send it. */
  readonly entered_by_save_config?: boolean | undefined;
}

export interface Sent {
  readonly platform: Platform;
  readonly side: "netmiko" | "ours";
  readonly unsafe: readonly UnsafeLine[];
}

export interface Excuse {
  readonly name: string;
  /** One sentence for the compatibility page. */
  readonly rule: string;
  readonly apply: (lines: readonly string[], sent: Sent) => readonly string[];
}

/** SR OS leaves every context with it, whether or not it is in one. */
const LEAVES_ALL = /^exit all$/;

/** Applied in this order, after the lines marked unsafe were taken out of both sides. */
export const excuses: readonly Excuse[] = [
  {
    name: "isolated-candidate",
    rule: "A candidate is entered private or exclusive where Netmiko enters the shared one.",
    apply: (lines, { platform }) => {
      const ways = candidateWays(platform);
      return lines.map((line) => (ways.has(line) ? line.replace(/ (?:private|exclusive)$/, "") : line));
    },
  },
  {
    name: "candidate-stays-open",
    rule: "Lines and commit are one stay in the candidate; Netmiko may leave it and enter it again in between.",
    apply: (lines, { platform }) => withoutReentry(lines, platform),
  },
  {
    name: "candidate-checks",
    rule: "Uncommitted changes of others are looked for, and the difference is read, before a commit.",
    apply: (lines, { platform, side }) => {
      if (side === "netmiko" || !platform.candidate) return lines;
      const checks = new Set(
        [...stepList(platform.candidate.diff), ...stepList(platform.candidate.check)].map((s) => s.send),
      );
      return lines.filter((line) => !checks.has(line));
    },
  },
  {
    name: "nothing-to-save",
    rule: "A platform that keeps changes by itself is not sent the save command that Netmiko inherits from Cisco's class.",
    apply: (lines, { platform, side }) =>
      side === "netmiko" && platform.save === undefined
        ? lines.filter((line) => line !== "copy running-config startup-config")
        : lines,
  },
  {
    name: "no-mode-to-enable",
    rule: "A platform whose prompts show no privileged mode is not sent enable, nor the secret that it may ask for then.",
    apply: (lines, { platform, side }) =>
      side === "netmiko" && roleMode(platform, "privileged") === undefined && lines.includes("enable")
        ? lines.filter((line) => line !== "enable" && line !== "secret")
        : lines,
  },
  {
    name: "commit-in-the-candidate",
    rule: "Where Netmiko leaves the candidate and then commits nothing, the commit is sent before leaving, and leaving is sent once.",
    apply: (lines, { platform }) => {
      const { candidate } = platform;
      if (!candidate || !lines.some((line) => LEAVES_ALL.test(line))) return lines;
      const commits = new Set(stepList(candidate.commit).map((step) => step.send));
      return lines
        .filter((line) => !commits.has(line))
        .filter((line, at, all) => !(LEAVES_ALL.test(line) && line === all[at - 1]));
    },
  },
];

/** The lines of one side as they are compared: without blank ones, unsafe ones and what an excuse covers. */
export function comparable(
  platform: Platform,
  side: Sent["side"],
  received: readonly string[],
  unsafe: readonly UnsafeLine[],
): readonly string[] {
  const sent: Sent = { platform, side, unsafe };
  const safe = side === "netmiko" ? withoutUnsafe(received, unsafe) : withoutTexts(received, unsafe);
  let lines: readonly string[] = safe.filter((line) => line.trim() !== "").map((line) => line.trim());
  for (const excuse of excuses) lines = excuse.apply(lines, sent);
  return lines;
}

/** Takes out the marked lines, and the walk into configuration mode and back that was only for one of them. */
function withoutUnsafe(received: readonly string[], unsafe: readonly UnsafeLine[]): string[] {
  const drop = new Set(unsafe.map((line) => line.index));
  for (const { index, entered_by_save_config: walked } of unsafe) {
    if (!walked) continue;
    const before = received.findLastIndex((line, at) => at < index && line.trim() !== "" && !drop.has(at));
    const after = received.findIndex((line, at) => at > index && line.trim() !== "");
    drop.add(before);
    drop.add(after);
  }
  return received.filter((_, at) => !drop.has(at));
}

/** Takes as many lines of the same text out of our side, from the end: unsafe lines come late in a session. */
function withoutTexts(received: readonly string[], unsafe: readonly UnsafeLine[]): string[] {
  const lines = [...received];
  for (const { line, kind } of unsafe) {
    if (kind !== "save_in_config_mode") continue;
    const at = lines.findLastIndex((l) => l.trim() === line.trim());
    if (at >= 0) lines.splice(at, 1);
  }
  return lines;
}

/** The commands that enter the candidate. */
export function candidateWays(platform: Platform): ReadonlySet<string> {
  const { candidate } = platform;
  if (!candidate) return new Set();
  return new Set(
    Object.values(platform.modes).flatMap((mode) =>
      stepList(mode.to[candidate.mode]).map((step) => step.send),
    ),
  );
}

function withoutReentry(lines: readonly string[], platform: Platform): readonly string[] {
  const { candidate } = platform;
  if (!candidate) return lines;
  const enter = new Set(
    [...candidateWays(platform)].map((line) => line.replace(/ (?:private|exclusive)$/, "")),
  );
  const leave = new Set(
    Object.values(platform.modes[candidate.mode]?.to ?? {}).flatMap((way) =>
      stepList(way).map((step) => step.send),
    ),
  );
  return lines.filter((line, at) => {
    const left = leave.has(line) && enter.has(lines[at + 1] ?? "");
    const entered = enter.has(line) && leave.has(lines[at - 1] ?? "");
    return !left && !entered;
  });
}
