import { parse } from "yaml";
import { z } from "zod";
import { placeOf, schemaUnder } from "../plugin/schema-place.ts";

/** One environment variable that overrides one key. */
export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

const PREFIX = "NETPULSE_";
const SEPARATOR = "__";

/**
 * The overrides among environment variables: `NETPULSE_WORKER__CAPACITY=200` sets `worker.capacity`. Upper and lower case
 * are the same, and `_` and `-` inside a name may be written or left out (`IDLE_TIMEOUT_SECONDS`). A value is YAML, so that
 * numbers, booleans, lists and JSON work; where the key is a text, the value is taken as it stands.
 *
 * Variables without `__` are not for the configuration (a Service named netpulse makes the kubelet set some).
 *
 * @param file the configuration so far, which knows the spelling of free keys such as plugin names
 */
export function environmentOverrides(
  env: Readonly<Record<string, string | undefined>>,
  schema: z.ZodType,
  file: unknown,
): Override[] {
  return Object.entries(env)
    .filter(
      ([variable]) =>
        variable.toUpperCase().startsWith(PREFIX) && variable.includes(SEPARATOR, PREFIX.length),
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([variable, text]) => override(variable, text ?? "", schema, file));
}

function override(variable: string, text: string, root: z.ZodType, file: unknown): Override {
  const path: string[] = [];
  let schema: z.ZodType | undefined = root;
  let value = file;
  for (const written of variable.slice(PREFIX.length).split(SEPARATOR)) {
    const key: string = spelling(written, [...keysOf(schema), ...ownKeys(value)]);
    path.push(key);
    schema = schema && schemaUnder(schema, key);
    value = ownKeys(value).includes(key) ? Reflect.get(Object(value), key) : undefined;
  }
  return { variable, path, value: readValue(text, schema) };
}

/** Sets the overrides in a copy of the file's content. A longer path changes inside what a shorter one set. */
export function applyOverrides(file: unknown, overrides: readonly Override[]): unknown {
  const root: unknown = structuredClone(file) ?? {};
  for (const { path, value } of overrides) {
    let at = root;
    for (const key of path.slice(0, -1)) {
      if (!isMap(at)) break;
      if (!isMap(own(at, key))) set(at, key, {});
      at = own(at, key);
    }
    const last = path.at(-1);
    if (isMap(at) && last !== undefined) set(at, last, value);
  }
  return root;
}

/** The variable that set the key at `path`, by itself or as part of something above it. */
export function variableFor(overrides: readonly Override[], path: readonly string[]): string | undefined {
  return overrides.findLast((override) => startsWith(path, override.path))?.variable;
}

/** A variable that set something under `path`. */
export function variableUnder(overrides: readonly Override[], path: readonly string[]): string | undefined {
  return overrides.find((override) => startsWith(override.path, path))?.variable;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, index) => path[index] === key);
}

function readValue(text: string, schema: z.ZodType | undefined): unknown {
  const isText =
    schema &&
    !(schema instanceof z.ZodUnknown) &&
    placeOf(schema).kind === "value" &&
    schema.safeParse(text).success;
  if (isText) return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function spelling(written: string, known: readonly string[]): string {
  const plain = (key: string) => key.toLowerCase().replaceAll(/[_-]/g, "");
  const lower = written.toLowerCase();
  return (
    known.find((key) => key.toLowerCase() === lower) ??
    known.find((key) => plain(key) === plain(written)) ??
    lower
  );
}

function keysOf(schema: z.ZodType | undefined): readonly string[] {
  const place = schema && placeOf(schema);
  return place?.kind === "section" ? place.keys : [];
}

type PlainMap = Record<string, unknown>;

function isMap(value: unknown): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function ownKeys(value: unknown): string[] {
  return isMap(value) ? Object.keys(value) : [];
}

function own(map: PlainMap, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function set(map: PlainMap, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
