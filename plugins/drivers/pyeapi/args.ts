import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type ZodType, z } from "zod";
import type { Encoding } from "./node.ts";
import { TRANSPORTS, type TransportName } from "./transports.ts";

/** `driver.args` as this driver uses them; everything else in `arguments.yaml` is accepted without effect or refused. */
export interface Args {
  readonly transport?: TransportName;
  readonly timeout: number;
  readonly path?: string;
  readonly autorefresh: boolean;
  readonly config_defaults: boolean;
  readonly encoding: Encoding;
  readonly strict: boolean;
  readonly send_enable: boolean;
  readonly autoComplete?: boolean;
  readonly expandAliases?: boolean;
  readonly apiVersion?: number | "latest";
  readonly timestamps?: boolean;
  readonly streaming?: boolean;
  readonly certificate_fingerprints?: readonly string[];
  readonly server_name?: string;
  readonly connections: number;
  readonly connect_timeout: number;
  readonly connection?: string;
  readonly config_session: boolean;
}

const types = {
  any: z.unknown(),
  text: z.string(),
  texts: z.array(z.string()),
  boolean: z.boolean(),
  number: z.number(),
  count: z.number().int().min(1).max(16),
  seconds: z.number().positive().max(86_400),
  encoding: z.enum(["json", "text"]),
  version: z.union([z.number().int().positive(), z.literal("latest")]),
  transport: z.enum(Object.keys(TRANSPORTS) as [TransportName, ...TransportName[]]),
} satisfies Record<string, ZodType>;

const row = z.strictObject({
  name: z.string(),
  part: z.enum(["connection", "node", "request", "own"]),
  type: z.enum(Object.keys(types) as [keyof typeof types, ...(keyof typeof types)[]]),
  use: z.enum(["used", "ignored", "refused"]),
  default: z.unknown().optional(),
  note: z.string(),
});

/** One argument: what it is and what becomes of it. */
export type ArgumentRow = z.output<typeof row>;

/** The table of all arguments; `docs/reference/pyeapi.md` is made from it. */
export const argumentTable: readonly ArgumentRow[] = z
  .array(row)
  .parse(parse(readFileSync(join(import.meta.dirname, "arguments.yaml"), "utf8")));

/** Checks and completes `driver.args`. Unknown and refused arguments are refused by name, with what to do instead. */
export const argsSchema = z.strictObject(
  Object.fromEntries(argumentTable.map((argument) => [argument.name, schemaOf(argument)])),
) as unknown as ZodType<Record<string, unknown>>;

/** The arguments of a session, checked. Throws a `ZodError`. */
export function parseArgs(args: unknown): Args {
  return argsSchema.parse(args) as unknown as Args;
}

/** Arguments that were given and have no effect, with the reason. */
export function ignoredArguments(args: Readonly<Record<string, unknown>>): string[] {
  return argumentTable
    .filter((argument) => argument.use === "ignored" && args[argument.name] !== undefined)
    .map((argument) => `${argument.name} has no effect: ${argument.note}.`);
}

function schemaOf(argument: ArgumentRow): ZodType {
  if (argument.use === "refused")
    return z.never({ error: `${argument.name} is not accepted: ${argument.note}` }).optional();
  const type: ZodType = types[argument.type];
  if (argument.default !== undefined) return type.default(argument.default);
  // pyeapi passes None for "not given".
  return type.nullish().transform((value) => value ?? undefined);
}
