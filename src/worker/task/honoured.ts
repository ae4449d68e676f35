import { BaseDriver, type Command, type ProgramFeature, pluginErrors } from "../../plugin/index.ts";
import type { Work } from "./prepare.ts";

const FIELDS: readonly (readonly [keyof Command, ProgramFeature])[] = [
  ["environment", "environment"],
  ["workingDirectory", "workingDirectory"],
  ["timeLimitMs", "timeLimitSeconds"],
  ["continueOnError", "continueOnError"],
  ["sudo", "sudo"],
  ["pty", "pty"],
];

/**
 * Refuses work that the driver would do otherwise than asked, such as a command without the sudo that it should have. Throws
 * `NotImplemented` with the name of the field, before anything is sent.
 */
export function refuseUnhonoured(driver: BaseDriver, name: string, work: Work): void {
  if (work.kind === "transfer" && driver.transfer === BaseDriver.prototype.transfer)
    throw pluginErrors.NotImplemented({ what: "file transfer", driver: name });
  const asked = featuresOf(work).find(({ feature }) => !driver.honours.includes(feature));
  if (asked) throw pluginErrors.NotImplemented({ what: asked.field, driver: name });
}

function featuresOf(work: Work): { feature: ProgramFeature; field: string }[] {
  if (work.kind === "script") return [{ feature: "script", field: "script" }];
  if (work.kind !== "commands") return [];
  return work.commands.flatMap((command) =>
    FIELDS.filter(([key]) => command[key] !== undefined && command[key] !== false).map(([, feature]) => ({
      feature,
      field: `commandDetails.${feature}`,
    })),
  );
}
