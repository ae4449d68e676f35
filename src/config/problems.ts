import { type Document, isNode, isPair, type LineCounter, visit } from "yaml";
import type { z } from "zod";
import { nearestName } from "../plugin/nearest-name.ts";
import { placeOf, schemaUnder } from "../plugin/schema-place.ts";
import { type Override, variableFor, variableUnder } from "./environment.ts";

/** The file that was read, for the places of its keys. */
export interface ConfigSource {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly overrides: readonly Override[];
}

/** One line for each thing that is wrong: where it stands, which key, why, and what to write instead. */
export function describeProblems(error: z.ZodError, schema: z.ZodType, source: ConfigSource): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys")
      return [`${place(source, path)}: ${path.join(".")}: ${why(issue)}`];
    return issue.keys.map((key) => {
      const at = [...path, key];
      return `${place(source, at)}: ${at.join(".")} is not a known key. ${remedy(schema, path, key)}`;
    });
  });
}

function why(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^Invalid input: /, "");
}

function remedy(schema: z.ZodType, path: readonly string[], key: string): string {
  const known = knownKeys(schema, path);
  const near = nearestName(key, known);
  return near ? `Did you mean ${near}?` : `Remove it; known here are ${known.join(", ")}.`;
}

function knownKeys(schema: z.ZodType, path: readonly string[]): readonly string[] {
  const at = path.reduce<z.ZodType | undefined>((above, key) => above && schemaUnder(above, key), schema);
  const found = at && placeOf(at);
  return found?.kind === "section" ? found.keys : [];
}

function place(source: ConfigSource, path: readonly string[]): string {
  const { file, overrides } = source;
  const variable = variableFor(overrides, path);
  if (variable) return `environment variable ${variable}`;
  const line = lineOf(source, path);
  if (line !== undefined) return `${file}, line ${line}`;
  const under = variableUnder(overrides, path);
  if (under) return `environment variable ${under}`;
  // The key is not written anywhere, so the nearest section around it is what there is to look at.
  return path.length > 1 ? place(source, path.slice(0, -1)) : file;
}

function lineOf({ document, lines }: ConfigSource, path: readonly string[]): number | undefined {
  const offset = keyOffset(document, path);
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function keyOffset(document: Document, path: readonly string[]): number | undefined {
  let offset: number | undefined;
  visit(document, (_key, node, ancestors) => {
    if (!isPair(node) || !isNode(node.key)) return undefined;
    const keys = [...ancestors, node].filter(isPair).map((pair) => String(pair.key));
    if (keys.length !== path.length || keys.some((key, index) => key !== path[index])) return undefined;
    offset = node.key.range?.[0];
    return visit.BREAK;
  });
  return offset;
}
