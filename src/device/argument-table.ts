import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type ZodType, z } from "zod";
import { nearestName } from "../plugin/nearest-name.ts";

/** One argument of a driver: what it is and what becomes of it. */
export interface ArgumentRow<Type extends string = string, Part extends string = string> {
  readonly name: string;
  /** The chapter of the reference that it belongs to. */
  readonly part: Part;
  readonly type: Type;
  readonly use: "used" | "ignored" | "refused";
  readonly default?: unknown;
  /** What it does, why it has no effect, or what to use instead. */
  readonly note: string;
}

/** All arguments that a driver knows by name, those among them that it ignores or refuses. */
export interface ArgumentTable<Type extends string = string, Part extends string = string> {
  readonly rows: readonly ArgumentRow<Type, Part>[];
  /** Checks and completes `driver.args`. Unknown and refused arguments are refused by name, with what to do instead. */
  readonly schema: ZodType<Record<string, unknown>>;
  /** Arguments that were given and have no effect, with the reason. */
  ignored(args: Readonly<Record<string, unknown>>): string[];
}

/**
 * Reads a driver's `arguments.yaml`, or several that add up. `types` are the schemas that its rows name, `parts` the chapters.
 *
 * @example
 * const table = readArgumentTable(join(import.meta.dirname, "arguments.yaml"), { text: z.string() }, ["connection"]);
 */
export function readArgumentTable<Types extends Record<string, ZodType>, Part extends string>(
  files: string | readonly string[],
  types: Types,
  parts: readonly [Part, ...Part[]],
): ArgumentTable<keyof Types & string, Part> {
  const row = z.strictObject({
    name: z.string(),
    part: z.enum(parts),
    type: z.enum(Object.keys(types) as [keyof Types & string, ...(keyof Types & string)[]]),
    use: z.enum(["used", "ignored", "refused"]),
    default: z.unknown().optional(),
    note: z.string(),
  });
  const texts = [files].flat().map((file) => readFileSync(file, "utf8"));
  const rows = texts.flatMap((text) => z.array(row).parse(parse(text))) as ArgumentRow<
    keyof Types & string,
    Part
  >[];
  return argumentTableOf(rows, types);
}

/** A table of rows that are already read: one driver's together with those that it takes over from another. */
export function argumentTableOf<Types extends Record<string, ZodType>, Part extends string>(
  rows: readonly ArgumentRow<keyof Types & string, Part>[],
  types: Types,
): ArgumentTable<keyof Types & string, Part> {
  return {
    rows,
    schema: z.strictObject(
      Object.fromEntries(rows.map((argument) => [argument.name, schemaOf(argument, types[argument.type])])),
      { error: (issue) => (issue.code === "unrecognized_keys" ? unknown(issue.keys, rows) : undefined) },
    ) as unknown as ZodType<Record<string, unknown>>,
    ignored: (args) =>
      rows
        .filter((argument) => argument.use === "ignored" && args[argument.name] !== undefined)
        .map((argument) => `${argument.name} has no effect: ${argument.note}.`),
  };
}

function unknown(given: readonly string[], rows: readonly ArgumentRow[]): string {
  const known = rows.map(({ name }) => name);
  return given
    .map((name) => {
      const near = nearestName(name, known);
      return `${name} is no argument of this driver${near === undefined ? "; its reference lists all" : `: did you mean ${near}?`}`;
    })
    .join("; ");
}

/** The type of arguments that are JavaScript regular expressions. */
export const pattern = z
  .string()
  .min(1)
  .refine(isPattern, { error: "is not a JavaScript regular expression" });

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

function schemaOf(argument: ArgumentRow, type: ZodType = z.unknown()): ZodType {
  if (argument.use === "refused")
    return z.never({ error: `${argument.name} is not accepted: ${argument.note}` }).optional();
  if (argument.default !== undefined) return type.default(argument.default);
  // The originals, in Python, pass None for "not given".
  return type.nullish().transform((value) => value ?? undefined);
}
