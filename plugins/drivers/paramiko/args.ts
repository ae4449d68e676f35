import { join } from "node:path";
import { type ZodType, z } from "zod";
import { readArgumentTable } from "../../../src/device/argument-table.ts";
import { type SshArguments, sshArgumentTypes } from "../../../src/device/ssh-login.ts";
import { expectation } from "./conversation.ts";

/** `driver.args` as this driver uses them; everything else in `arguments.yaml` is accepted without effect or refused. */
export interface Args extends SshArguments {
  /** Seconds. */
  readonly timeout?: number;
  readonly get_pty: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly working_directory?: string;
  readonly expect_map?: Readonly<Record<string, string>>;
  readonly sudo: boolean;
  readonly stop_on_error: boolean;
  readonly script_interpreter: string;
}

/** What a shell takes as the name of a variable. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const types = {
  any: z.unknown(),
  text: z.string(),
  boolean: z.boolean(),
  number: z.number(),
  seconds: z.number().positive().max(86_400),
  environment: z.record(
    z.string().regex(VARIABLE_NAME, { error: "is not the name of a variable" }),
    z.union([z.string(), z.number(), z.boolean()]).transform(String),
  ),
  answers: z.record(z.string().min(1).refine(isExpectation, { error: "is no expression" }), z.string()),
  ...sshArgumentTypes,
} satisfies Record<string, ZodType>;

const table = readArgumentTable(join(import.meta.dirname, "arguments.yaml"), types, [
  "connection",
  "command",
  "own",
]);

/** The table of all arguments; `docs/reference/paramiko.md` is made from it. */
export const argumentTable = table.rows;

export const argsSchema = table.schema;

export const ignoredArguments = table.ignored;

/** The arguments of a session, checked. Throws a `ZodError`. */
export function parseArgs(args: unknown): Args {
  return argsSchema.parse(args) as unknown as Args;
}

function isExpectation(source: string): boolean {
  try {
    expectation(source);
    return true;
  } catch {
    return false;
  }
}
