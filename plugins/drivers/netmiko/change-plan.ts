import { type ConfigChange, pluginErrors } from "../../../src/plugin/index.ts";
import { type Platform, roleMode } from "./platform.ts";

/** How a change is made: line by line into the running configuration, or through a candidate. */
export interface ChangePlan {
  readonly through: "lines" | "candidate";
  /** What cannot be honoured exactly, for people. */
  readonly notes: readonly string[];
}

/** Decides how to make a change, or throws `NotImplemented` for what the platform cannot do. Nothing has been sent by then. */
export function planChange(platform: Platform, change: ConfigChange): ChangePlan {
  const { candidate } = platform;
  const confirmed = change.commit?.confirmTimeoutMs !== undefined;
  const needs = [
    change.mode === "Replace" && "replacing the configuration",
    confirmed && "a commit that takes itself back",
    change.onError === "Rollback" && "rolling back",
    change.dryRun && "a dry run",
  ].filter((need) => need !== false);
  const refuse = (what: string) =>
    pluginErrors.NotImplemented({ what: `${what} on ${platform.name}`, driver: "netmiko" });

  if (candidate && (candidate.use === "always" || needs.length > 0)) {
    if (change.mode === "Replace" && !candidate.replace) throw refuse("replacing the configuration");
    if (confirmed && !candidate.commitConfirmed) throw refuse("a commit that takes itself back");
    const notes: string[] = [];
    if (change.commit?.message !== undefined && !candidate.commitComment)
      notes.push("The platform takes no commit message.");
    if (change.dryRun && !candidate.diff) notes.push("The platform shows no difference before a commit.");
    return { through: "candidate", notes };
  }
  if (roleMode(platform, "config") === undefined && roleMode(platform, "exec") === undefined)
    throw refuse("configuration");
  if (change.mode === "Replace") throw refuse("replacing the configuration");
  if (confirmed) throw refuse("a commit that takes itself back");
  if (change.onError === "Rollback" && !platform.rollback) throw refuse("rolling back");
  if (change.dryRun && platform.runningConfig === undefined) throw refuse("a dry run");
  const notes = change.dryRun
    ? [
        "The difference was computed from the running configuration; the device was not asked whether it accepts the lines.",
      ]
    : [];
  return { through: "lines", notes };
}
