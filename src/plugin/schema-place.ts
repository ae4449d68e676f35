import { z } from "zod";

/** What the schema has at one place: a section with fixed keys, a map with free keys, or a value. */
export type SchemaPlace =
  | { readonly kind: "section"; readonly keys: readonly string[]; readonly schema: z.ZodObject }
  | { readonly kind: "map"; readonly values: z.ZodType }
  | { readonly kind: "value"; readonly schema: z.ZodType };

/** Looks through defaults and optionality at what a schema is. */
export function placeOf(schema: z.ZodType): SchemaPlace {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return { kind: "section", keys: Object.keys(inner.shape), schema: inner };
  if (inner instanceof z.ZodRecord) return { kind: "map", values: asType(inner.valueType) };
  return { kind: "value", schema: inner };
}

/** The schema under one key, or undefined where the schema has no such key. */
export function schemaUnder(schema: z.ZodType, key: string): z.ZodType | undefined {
  const place = placeOf(schema);
  if (place.kind === "map") return place.values;
  if (place.kind === "section" && place.keys.includes(key)) return asType(place.schema.shape[key]);
  return undefined;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
    inner = asType(inner.unwrap());
  }
  return inner;
}

/** zod types the parts of a schema by its core; all of them are full schemas here. */
function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError("not a schema");
}
