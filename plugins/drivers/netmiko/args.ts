import { join } from "node:path";
import { type ZodType, z } from "zod";
import { pattern, readArgumentTable } from "../../../src/device/argument-table.ts";
import { type SshArguments, sshArgumentTypes } from "../../../src/device/ssh-login.ts";
import { consoleArgs } from "./console.ts";

/** `driver.args` as this driver uses them; everything else in `arguments.yaml` is accepted without effect or refused. */
export interface Args extends SshArguments {
  readonly device_type: string;
  readonly timeout?: number;
  readonly read_timeout: number;
  readonly read_timeout_override?: number;
  readonly default_enter?: string;
  readonly encoding?: string;
  readonly global_cmd_verify?: boolean;
  readonly session_log?: unknown;
  readonly session_log_record_writes: boolean;
  readonly expect_string?: string;
  readonly strip_prompt: boolean;
  readonly strip_command: boolean;
  readonly normalize: boolean;
  readonly cmd_verify?: boolean;
  readonly last_read?: number;
  readonly use_textfsm?: boolean;
  readonly textfsm_template?: string;
  readonly use_ttp?: boolean;
  readonly ttp_template?: string;
  readonly raise_parsing_error?: boolean;
  readonly error_pattern?: string;
  readonly config_mode_command?: string;
  readonly enter_config_mode: boolean;
  readonly prompt_pattern?: string;
  readonly redispatch?: string;
  readonly push_timeout: number;
  readonly console?: z.output<typeof consoleArgs>;
}

/** The schemas of the arguments' types. */
export const argumentTypes = {
  any: z.unknown(),
  text: z.string(),
  boolean: z.boolean(),
  number: z.number(),
  seconds: z.number().positive().max(86_400),
  pattern,
  encoding: z.string().refine(isEncoding, { error: "is not the name of a text encoding" }),
  ...sshArgumentTypes,
  answers: z.record(pattern, z.string()),
  console: consoleArgs,
} satisfies Record<string, ZodType>;

const table = readArgumentTable(join(import.meta.dirname, "arguments.yaml"), argumentTypes, [
  "connection",
  "command",
  "config",
  "own",
]);

/** The table of all arguments; `docs/reference/netmiko.md` is made from it. */
export const argumentTable = table.rows;

export const argsSchema = table.schema;

export const ignoredArguments = table.ignored;

/** The arguments of a session, checked. Throws a `ZodError`. */
export function parseArgs(args: unknown): Args {
  return argsSchema.parse(args) as unknown as Args;
}

function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
