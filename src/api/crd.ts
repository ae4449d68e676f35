import { z } from "zod";
import { GROUP, type Kind, VERSION } from "./kind.ts";

type JsonSchema = Record<string, unknown>;

/** The CustomResourceDefinition of a kind, as the API server wants it: a structural schema, made from zod. */
export function customResourceDefinition(kind: Kind): JsonSchema {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.plural}.${GROUP}`, labels: { "app.kubernetes.io/name": "netpulse" } },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.kind.toLowerCase(),
        shortNames: kind.shortNames,
        categories: ["netpulse"],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: kind.columns,
          ...(kind.selectableFields && {
            selectableFields: kind.selectableFields.map((jsonPath) => ({ jsonPath })),
          }),
          subresources: { ...(kind.status && { status: {} }), ...kind.subresources },
          schema: { openAPIV3Schema: rootSchema(kind) },
        },
      ],
    },
  };
}

function rootSchema(kind: Kind): JsonSchema {
  const properties: JsonSchema = {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
  };
  if (kind.spec) properties.spec = structural(kind.spec);
  if (kind.status) {
    const status = structural(kind.status);
    const defaulted = (status.properties as Record<string, JsonSchema> | undefined)?.observedGeneration;
    // The default of a nested field only applies when its parent is there.
    properties.status = defaulted
      ? { ...status, default: { observedGeneration: defaulted.default } }
      : status;
  }
  for (const [name, schema] of Object.entries(kind.fields ?? {})) properties[name] = structural(schema);
  return {
    type: "object",
    description: kind.description,
    properties,
    ...(kind.spec && { required: ["spec"] }),
    ...(kind.rules && { "x-kubernetes-validations": kind.rules }),
  };
}

/** zod's OpenAPI 3.0 output, brought to what Kubernetes calls structural. */
function structural(schema: z.ZodType): JsonSchema {
  const generated = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  return tidy(generated);
}

/** The bounds that zod writes for every integer; they are JavaScript's, not ours. */
const SAFE_INTEGERS = new Set<unknown>([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);
const DROPPED = new Set(["$schema", "additionalProperties", "propertyNames", "id"]);

function tidy(node: unknown): JsonSchema {
  const source = node as JsonSchema;
  const result: JsonSchema = {};
  for (const [key, value] of Object.entries(source)) {
    if (DROPPED.has(key)) continue;
    if ((key === "minimum" || key === "maximum") && SAFE_INTEGERS.has(value)) continue;
    if (key === "properties") result.properties = mapValues(value as JsonSchema, tidy);
    else if (key === "items") result.items = tidy(value);
    else if (key === "anyOf") Object.assign(result, tidy((value as unknown[])[0]));
    else result[key] = value;
  }
  const additional = source.additionalProperties;
  if (
    typeof additional === "object" &&
    additional !== null &&
    !result["x-kubernetes-preserve-unknown-fields"]
  )
    result.additionalProperties = tidy(additional);
  return result;
}

function mapValues(record: JsonSchema, map: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
