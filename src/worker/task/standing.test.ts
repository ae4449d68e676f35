import { expect, test } from "vitest";
import { deviceErrors } from "../../plugin/index.ts";
import { standing } from "./standing.ts";

const failedCheck = deviceErrors.VerificationFailed({ device: "r1", command: "show bgp", why: "no match" });
const rejected = deviceErrors.ConfigRejected({ device: "r1", line: "mtu x", number: 1, answer: "% Invalid" });
const confirmed = { dryRun: false, commit: { confirmTimeoutMs: 60_000 } };

test.each([
  ["a change that succeeded", { dryRun: false }, false, undefined, undefined],
  ["a dry run", { dryRun: true }, true, rejected, undefined],
  ["a failed check", { dryRun: false }, false, failedCheck, "The change is in force: nothing took it back."],
  ["a failed check that rolls back", { dryRun: false }, true, failedCheck, "The change was taken back."],
  [
    "a failed check before the confirmation",
    confirmed,
    true,
    failedCheck,
    "The change was not confirmed: the device has taken it back, or does so by itself 60 s after the commit.",
  ],
  ["a refused line whose candidate was discarded", confirmed, true, rejected, "The change was taken back."],
  ["a refused line after others", { dryRun: false }, false, rejected, undefined],
])("%s: what stands on the device is told", (_, change, rolledBack, error, told) => {
  expect(standing(change, { rolledBack }, error)).toBe(told);
});
