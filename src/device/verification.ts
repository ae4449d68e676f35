import { setTimeout as after } from "node:timers/promises";
import { deviceErrors, NetPulseError, type Verification } from "../plugin/index.ts";

/** A device whose change is to be checked. */
export interface Verified {
  readonly device: string;
  /** What a command prints. */
  readonly output: (command: string) => Promise<string>;
  readonly signal?: AbortSignal;
  /** Waits between two looks; tests give their own. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** Between two looks at a check that may still come true: routes and sessions take seconds. */
const LOOK_AGAIN_MS = 1000;

/**
 * Runs the checks after a change, in order. One with `withinMs` is looked at again until it holds or that time is over. Returns
 * `VerificationFailed` for the first that does not hold; what the device refuses counts as that, what `output` throws otherwise is
 * thrown.
 */
export async function verifyChange(
  on: Verified,
  checks: readonly Verification[],
): Promise<NetPulseError | undefined> {
  const { wait = (ms, signal) => after(ms, undefined, { signal }), now = () => performance.now() } = on;
  for (const check of checks) {
    const deadline = now() + (check.withinMs ?? 0);
    for (;;) {
      const failed = await look(on, check);
      if (!failed) break;
      const left = deadline - now();
      if (left <= 0) return failed;
      await wait(Math.min(LOOK_AGAIN_MS, left), on.signal);
    }
  }
  return undefined;
}

/** The device answered, and that it will not: any other failure leaves open what it would have said. */
const REFUSALS: ReadonlySet<string> = new Set([
  "CommandRejected",
  "CommandNotConverted",
  "CommandUnauthorised",
  "CommandFailed",
  "DeviceFailed",
]);

async function look(
  { device, output }: Verified,
  { command, expect, reject }: Verification,
): Promise<NetPulseError | undefined> {
  let text: string;
  try {
    text = await output(command);
  } catch (error) {
    if (!(error instanceof NetPulseError) || !REFUSALS.has(error.code)) throw error;
    return deviceErrors.VerificationFailed(
      { device, command, why: error.message.replace(/\.$/, "") },
      { cause: error },
    );
  }
  const why =
    expect !== undefined && !new RegExp(expect, "m").test(text)
      ? `the output does not match ${JSON.stringify(expect)}`
      : reject !== undefined && new RegExp(reject, "m").test(text)
        ? `the output matches ${JSON.stringify(reject)}`
        : undefined;
  return why === undefined ? undefined : deviceErrors.VerificationFailed({ device, command, why });
}
