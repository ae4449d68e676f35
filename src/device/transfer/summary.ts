import type { TransferResult } from "../../plugin/index.ts";
import type { FileOutcome } from "./carrying.ts";
import type { RemoteFiles } from "./remote-files.ts";

const STRENGTH = ["size", "md5", "sha256"] as const;

/** What all files of a transfer come to. `single`: it is one file and no folder. */
export function summary(
  outcomes: readonly FileOutcome[],
  remote: RemoteFiles,
  single: boolean,
): TransferResult {
  const carried = outcomes.filter(({ skipped }) => skipped === undefined);
  const [only] = outcomes;
  const notes = [...new Set(outcomes.flatMap((outcome) => outcome.notes))].slice(0, 16);
  const resumed = carried.reduce((sum, { resumedBytes = 0 }) => sum + resumedBytes, 0);
  const verified = STRENGTH.find((proof) => carried.some((outcome) => outcome.verified === proof));
  const reasons = new Set(outcomes.map(({ skipped }) => skipped));
  const skipped = outcomes.length > 0 && carried.length === 0 ? [...reasons].join("; ") : undefined;
  return {
    protocol: remote.protocol,
    bytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
    files: carried.length,
    ...(single && only?.sha256 !== undefined && { sha256: only.sha256 }),
    ...(single && only?.deviceDigest && { deviceDigest: only.deviceDigest }),
    ...(verified && { verified }),
    ...(resumed > 0 && { resumedBytes: resumed }),
    ...(skipped !== undefined && { skipped }),
    ...(notes.length > 0 && { notes }),
  };
}
