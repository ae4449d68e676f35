import { join } from "node:path";
import { type ZodType, z } from "zod";
import { readArgumentTable } from "../../../src/device/argument-table.ts";

/** `driver.args` as this driver uses them; everything else in `arguments.yaml` is accepted without effect or refused. */
export interface Args {
  readonly device_type: string;
  readonly conn_timeout: number;
  readonly auth_timeout: number;
  readonly banner_timeout: number;
  readonly timeout?: number;
  readonly read_timeout: number;
  readonly read_timeout_override?: number;
  readonly use_keys?: boolean;
  readonly allow_agent: boolean;
  readonly disabled_algorithms?: Readonly<Record<string, readonly string[]>>;
  readonly disable_sha2_fix: boolean;
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
  readonly ssh_algorithms: "modern" | "compatible" | "legacy";
  readonly jump_hosts?: readonly JumpHostArgs[];
  readonly ssh_config?: string;
  readonly keyboard_answers?: Readonly<Record<string, string>>;
}

const jumpHost = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(22),
  /** Absent: the device's user name. */
  username: z.string().optional(),
  /** Keys of the device's Secret; absent: its `password` and `ssh-privatekey`. */
  passwordKey: z.string().optional(),
  privateKeyKey: z.string().optional(),
  /** `SHA256:…`; without any the jump host is refused unless the pool's policy is Insecure. */
  fingerprints: z.array(z.string()).default([]),
});
type JumpHostArgs = z.output<typeof jumpHost>;

const pattern = z.string().min(1).refine(isPattern, { error: "is not a JavaScript regular expression" });

const types = {
  any: z.unknown(),
  text: z.string(),
  boolean: z.boolean(),
  number: z.number(),
  seconds: z.number().positive().max(86_400),
  pattern,
  encoding: z.string().refine(isEncoding, { error: "is not the name of a text encoding" }),
  algorithms: z.record(z.string(), z.array(z.string())),
  algorithms_preset: z.enum(["modern", "compatible", "legacy"]),
  answers: z.record(pattern, z.string()),
  jump_hosts: z.array(jumpHost).max(8),
} satisfies Record<string, ZodType>;

const table = readArgumentTable(join(import.meta.dirname, "arguments.yaml"), types, [
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

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
