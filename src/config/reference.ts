import { z } from "zod";
import { configSchema } from "./schema.ts";

/** One key of the configuration, as the reference and the default file show it. */
export interface ConfigKey {
  readonly path: readonly string[];
  readonly description: string;
  /** Such as `integer, 1 to 5000`; absent for a section. */
  readonly type?: string;
  readonly default?: unknown;
  readonly keys: readonly ConfigKey[];
}

/** The sections of `config/config.yaml` with their keys, in the schema's order. */
export function configKeys(): readonly ConfigKey[] {
  return keysOf(z.toJSONSchema(configSchema, { io: "input" }), []);
}

/** The keys of one plugin's section, from the `configSchema` that it exports. */
export function pluginKeys(schema: z.ZodType, path: readonly string[]): readonly ConfigKey[] {
  return keysOf(z.toJSONSchema(schema, { io: "input" }), path);
}

type JsonSchema = z.core.JSONSchema.BaseSchema;
type MaybeSchema = NonNullable<JsonSchema["items"]> | NonNullable<JsonSchema["additionalProperties"]>;

function keysOf(schema: JsonSchema, above: readonly string[]): ConfigKey[] {
  return Object.entries(schema.properties ?? {}).map(([name, inner]) =>
    keyOf(asObject(inner), [...above, name]),
  );
}

function keyOf(schema: JsonSchema, path: readonly string[]): ConfigKey {
  if (!schema.description) throw new Error(`${path.join(".")} has no description`);
  const { description } = schema;
  if (schema.properties) return { path, description, keys: keysOf(schema, path) };
  return { path, description, type: typeOf(schema), default: schema.default, keys: [] };
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.type === "array") return `list of ${typeOf(asObject(schema.items))}`;
  if (schema.type === "object") return mapType(schema);
  if (schema.type === "number" || schema.type === "integer") return `${schema.type}${range(schema)}`;
  return schema.format === "uri" ? "URL" : String(schema.type ?? "any value");
}

function mapType(schema: JsonSchema): string {
  const values = asObject(schema.additionalProperties);
  return values.type === "object" ? "map of sections" : `map of ${typeOf(values)}`;
}

function range({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const low = minimum === undefined ? `, more than ${exclusiveMinimum}` : `, ${minimum}`;
  if (minimum === undefined && exclusiveMinimum === undefined) return "";
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? `${low} or more`
    : `${low} to ${maximum}`;
}

/** JSON Schema also allows `true`, `false` and lists of schemas where a schema may stand; ours has none of them. */
function asObject(schema: MaybeSchema | undefined): JsonSchema {
  return typeof schema === "object" && !Array.isArray(schema) ? schema : {};
}
