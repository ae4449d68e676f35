import { z } from "zod";
import type { Getter } from "../getter.ts";

/** One command of the command line, answered as text or as the data that NX-OS makes of it. */
export interface NxosRequest {
  readonly command: string;
  readonly format: "text" | "json";
}

/** A getter of NX-OS. It knows nothing of the way: over NX-API and over SSH the same commands give the same data. */
export type NxosGetter<Model = unknown> = Getter<NxosRequest, unknown, Model>;
export type Asking<T> = Generator<NxosRequest, T, unknown>;

/** What a command prints. */
export function* text(command: string): Asking<string> {
  return textReply.parse(yield { command, format: "text" });
}

const textReply = z.string();

/** What a command gives as data, read by `schema`. Throws ZodError where the device answers in another shape. */
export function* json<T>(command: string, schema: z.ZodType<T>): Asking<T> {
  return schema.parse(yield { command, format: "json" });
}

/** The rows of the table that a command gives: of `{"TABLE_vlan": {"ROW_vlan": …}}` those of the table `vlan`. */
export function* rows<T>(command: string, name: string, schema: z.ZodType<T[]>): Asking<T[]> {
  const reply = yield { command, format: "json" };
  return schema.parse(rowsOf(reply, name));
}

/**
 * The rows of a table, in each of the forms in which releases of NX-OS write them: a list of rows, a single row that is no list, or a
 * list of tables with a row each. Without the table there are none. Some platforms put their own name behind the table's and the row's:
 * with `anySuffix`, `TABLE_psinfo_n3k` is the table `psinfo`.
 */
export function rowsOf(parent: unknown, name: string, { anySuffix = false } = {}): unknown[] {
  return listOf(member(parent, `TABLE_${name}`, anySuffix)).flatMap((table) =>
    listOf(member(table, `ROW_${name}`, anySuffix)),
  );
}

function member(parent: unknown, key: string, anySuffix: boolean): unknown {
  if (typeof parent !== "object" || parent === null) return undefined;
  const found = anySuffix ? Object.keys(parent).find((one) => one.startsWith(key)) : key;
  return found === undefined ? undefined : (parent as Readonly<Record<string, unknown>>)[found];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value : [value];
}

/** NX-OS writes a number now as a number, now as text, padded with spaces. */
export const number = z.unknown().transform((value, { issues }) => {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof read === "number" && !Number.isNaN(read)) return read;
  issues.push({ code: "custom", input: value, message: `${JSON.stringify(value)} is no number` });
  return z.NEVER;
});

/** What is a name, and may look like a number. */
export const word = z.unknown().transform((value, { issues }) => {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number") return String(value);
  issues.push({ code: "custom", input: value, message: `${JSON.stringify(value)} is no text` });
  return z.NEVER;
});
