import { pythonRepr } from "./python-repr.ts";

/** A command of a failed request with what it answered; null where it was not reached. */
export interface TraceEntry {
  readonly command: unknown;
  readonly output: unknown;
}

/** Codes whose messages say what the command itself answered. */
const WITH_DETAILS: ReadonlySet<number> = new Set([1000, 1001, 1002, 1004]);

/**
 * eAPI's answer that a request failed, with pyeapi's message: 1000 general, 1001 internal, 1002 invalid command, 1003 no JSON form,
 * 1004 incompatible, 1005 unauthorised, -32600 to -32602 a request that the device does not understand.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly errorCode: number;
  readonly errorText: string;
  /** The results of the commands that ran, the last one with the errors of the command that failed. */
  readonly output: readonly unknown[] | undefined;
  readonly commands: readonly unknown[];

  constructor(error: {
    readonly code: number;
    readonly message: string;
    readonly data?: readonly unknown[] | undefined;
    readonly commands?: readonly unknown[];
  }) {
    const { code, data } = error;
    const message = code === 1005 ? error.message.replace(/(?<=input=)[^ ]+/g, "<removed>)") : error.message;
    const details = WITH_DETAILS.has(code) ? ` [${data ? detailsOf(data) : "None"}]` : "";
    super(`Error [${code}]: ${message}${details}`);
    this.errorCode = code;
    this.errorText = message;
    this.output = data;
    this.commands = error.commands ?? [];
  }

  /** The commands of the request with what each answered; undefined where the device said nothing about them. */
  get trace(): readonly TraceEntry[] | undefined {
    const { output, commands } = this;
    if (!output || output.length === 0) return undefined;
    const asked = output.length > 1 ? commands : commands.slice(0, output.length);
    return asked.map((command, index) => ({ command, output: output[index] ?? null }));
  }

  /** What the failed command answered, as text. */
  get answers(): readonly string[] {
    const last = this.output?.at(-1);
    if (typeof last !== "object" || last === null || !("errors" in last)) return [];
    return Array.isArray(last.errors) ? last.errors.map(String) : [];
  }

  /** Which command failed: the last of which there is an answer. */
  get failedIndex(): number | undefined {
    return this.output && this.output.length > 0 ? this.output.length - 1 : undefined;
  }
}

function detailsOf(data: readonly unknown[]): string {
  return data
    .flatMap((entry) =>
      typeof entry === "object" && entry !== null
        ? Object.entries(entry).map(([key, value]) => `${key}: ${pythonRepr(value)}`)
        : [],
    )
    .join(", ");
}
