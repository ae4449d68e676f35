import { createHash } from "node:crypto";
import type { DeviceResult, NetJobSummary } from "../../api/index.ts";
import { jobErrors } from "../../errors/job.ts";

/** All inline output of a job together; what is larger stays in its NetTask and is referred to. */
const INLINE_RESULT_BYTES = 65_536;

/** With more devices than this, only those that did not succeed are listed: 200 entries of 200 bytes are 40 KB. */
export const LISTED_DEVICES = 200;

export function summarize(results: readonly DeviceResult[]): NetJobSummary {
  const count = (...states: DeviceResult["state"][]) =>
    results.filter(({ state }) => states.includes(state)).length;
  return {
    total: results.length,
    pending: count("Pending", "NotStarted"),
    running: count("Running"),
    succeeded: count("Succeeded"),
    failed: count("Failed", "Cancelled"),
    interrupted: count("Interrupted"),
  };
}

/** The results as they stand in a finished job: with outputs while they fit, with references otherwise. */
export function listResults(results: readonly DeviceResult[]): DeviceResult[] {
  const listed =
    results.length > LISTED_DEVICES
      ? results.filter(({ state }) => state !== "Succeeded").slice(0, LISTED_DEVICES)
      : [...results];
  const size = listed.reduce(
    (sum, { commands }) => sum + (commands ? Buffer.byteLength(JSON.stringify(commands)) : 0),
    0,
  );
  return size <= INLINE_RESULT_BYTES ? listed : listed.map(refer);
}

/** The commands' outcomes stay in the task; size and sha256 are those of their JSON. */
function refer({ commands, ...result }: DeviceResult): DeviceResult {
  if (!commands || result.task === undefined) return result;
  const bytes = Buffer.from(JSON.stringify(commands));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { ...result, ref: { kind: "NetTask", name: result.task, size: bytes.length, sha256 } };
}

export interface Verdict {
  readonly succeeded: boolean;
  readonly reason: string;
  readonly message: string;
}

/** How a run ended. `stopped` is why its rest was not begun, if it was stopped. */
export function verdictOf(
  summary: NetJobSummary,
  results: readonly DeviceResult[],
  stopped?: Verdict,
): Verdict {
  const { total, succeeded, failed, interrupted } = summary;
  if (total > 0 && succeeded === total)
    return { succeeded: true, reason: "Completed", message: `${total} device(s) succeeded` };
  if (interrupted > 0) {
    const error = jobErrors.Interrupted({ interrupted, total, first: describe(results, "Interrupted") });
    return { succeeded: false, reason: error.code, message: error.message };
  }
  if (stopped) return stopped;
  const error = jobErrors.DevicesFailed({ failed, total, first: describe(results, "Failed") });
  return { succeeded: false, reason: error.code, message: error.message };
}

function describe(results: readonly DeviceResult[], state: DeviceResult["state"]): string {
  const first =
    results.find((result) => result.state === state) ?? results.find(({ state }) => state !== "Succeeded");
  return first ? `${first.device}: ${first.reason ?? first.state}: ${first.message ?? ""}` : "none";
}
