import { evaluate } from "@marcbachmann/cel-js";
import { z } from "zod";
import { customResourceDefinition } from "../../api/crd.ts";
import type { Kind } from "../../api/kind.ts";

const rule = z.looseObject({ rule: z.string(), message: z.string() });
const node: z.ZodType<Node> = z.looseObject({
  properties: z
    .record(
      z.string(),
      z.lazy(() => node),
    )
    .optional(),
  items: z.lazy(() => node).optional(),
  "x-kubernetes-validations": z.array(rule).optional(),
});

interface Node {
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly items?: Node | undefined;
  readonly "x-kubernetes-validations"?: readonly z.infer<typeof rule>[] | undefined;
}

/**
 * The rules of a kind that an API server would check at admission, checked without one: a problem for each that does not hold, with its
 * field. Rules about an object's former state have nothing to compare here.
 */
export function brokenRules(kind: Kind, spec: unknown): string[] {
  const definition = definitionSchema.parse(customResourceDefinition(kind));
  const root = definition.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec;
  return root ? walk(root, spec, "spec") : [];
}

const definitionSchema = z.looseObject({
  spec: z.looseObject({
    versions: z.array(z.looseObject({ schema: z.looseObject({ openAPIV3Schema: node }) })),
  }),
});

function walk(schema: Node, value: unknown, field: string): string[] {
  if (value === undefined || value === null) return [];
  const own = (schema["x-kubernetes-validations"] ?? [])
    .filter(({ rule: text }) => !text.includes("oldSelf") && evaluate(text, { self: value }) !== true)
    .map(({ message }) => `${field}: ${message}`);
  const { items, properties = {} } = schema;
  if (Array.isArray(value)) {
    const inner = items ? value.flatMap((item, index) => walk(items, item, `${field}[${index}]`)) : [];
    return [...own, ...inner];
  }
  if (typeof value !== "object") return own;
  const fields = Object.entries(value).flatMap(([name, each]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return inner ? walk(inner, each, `${field}.${name}`) : [];
  });
  return [...own, ...fields];
}
