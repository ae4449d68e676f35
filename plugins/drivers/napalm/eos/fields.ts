import { InvalidValue } from "../values/invalid-value.ts";

/** Data of a reply. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Readers of single fields, for the replies with hundreds of entries: a schema of everything would take most of a getter's time. A
 * field of another kind throws InvalidValue, which names it.
 */
export function fields(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("a map", name, value);
  return value as Fields;
}

/** A text; `of` is where it stands, for the error. */
export function text(entry: Fields, field: string, of: string): string {
  const value = entry[field];
  if (typeof value !== "string") throw invalid("a text", `${of}.${field}`, value);
  return value;
}

/** The same; undefined where there is none. */
export function optionalText(entry: Fields, field: string, of: string): string | undefined {
  return entry[field] === undefined ? undefined : text(entry, field, of);
}

/** A number; `otherwise` where there is none. */
export function number(entry: Fields, field: string, of: string, otherwise?: number): number {
  const value = entry[field] ?? otherwise;
  if (typeof value !== "number") throw invalid("a number", `${of}.${field}`, value);
  return value;
}

function invalid(kind: string, place: string, value: unknown): InvalidValue {
  return new InvalidValue(`${kind}, as ${place} has to be`, JSON.stringify(value) ?? "nothing");
}
