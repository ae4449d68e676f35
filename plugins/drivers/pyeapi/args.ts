import { join } from "node:path";
import { type ZodType, z } from "zod";
import { readArgumentTable } from "../../../src/device/argument-table.ts";
import type { Encoding } from "../../../src/device/eapi/node.ts";
import type { EapiSettings } from "../../../src/device/eapi/session.ts";
import { TRANSPORTS, type TransportName } from "../../../src/device/eapi/transports.ts";

/** `driver.args` as this driver uses them; everything else in `arguments.yaml` is accepted without effect or refused. */
export interface Args extends EapiSettings {
  readonly encoding: Encoding;
  readonly strict: boolean;
  readonly send_enable: boolean;
  readonly connection?: string;
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

const table = readArgumentTable(join(import.meta.dirname, "arguments.yaml"), types, [
  "connection",
  "node",
  "request",
  "own",
]);

/** The table of all arguments; `docs/reference/pyeapi.md` is made from it. */
export const argumentTable = table.rows;

export const argsSchema = table.schema;

export const ignoredArguments = table.ignored;

/** The arguments of a session, checked. Throws a `ZodError`. */
export function parseArgs(args: unknown): Args {
  return argsSchema.parse(args) as unknown as Args;
}
