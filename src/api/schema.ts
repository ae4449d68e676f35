import { z } from "zod";
import type { ObjectMeta } from "../runtime/objects.ts";

/**
 * Building blocks of the kinds. Every string and list has a bound: it is what lets the API server estimate the cost of a CEL
 * rule, and what keeps one object from filling etcd.
 */

/** A rule of the Common Expression Language; `message` names the remedy. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly reason?:
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueRequired"
    | "FieldValueDuplicate";
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** Attaches CEL rules to a schema; the API server evaluates them at admission. */
export function withRules<S extends z.ZodType>(schema: S, ...rules: CelRule[]): S {
  return schema.meta({ ...schema.meta(), "x-kubernetes-validations": rules });
}

/** A list that server-side apply merges by `key`; the key must be unique. */
export function listByKey<S extends z.ZodType>(item: S, key: string, maximum: number) {
  return z
    .array(item)
    .max(maximum)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key] });
}

/** A list that is replaced as a whole. */
export function atomicList<S extends z.ZodType>(item: S, maximum: number) {
  return z.array(item).max(maximum).meta({ "x-kubernetes-list-type": "atomic" });
}

/**
 * For `.meta()` of an object that has one writer and is replaced as a whole. Without it the API server keeps a list of the
 * owners of each single field in the object: for a small task half of its size, decoded and encoded with every write.
 */
export const ownedByOneWriter = { "x-kubernetes-map-type": "atomic" };

/** A map from strings to `value`, with at most `maximum` entries. */
export function mapOf<S extends z.ZodType>(value: S, maximum: number) {
  return z.record(z.string().max(253), value).meta({ maxProperties: maximum });
}

/** Data whose shape belongs to a plugin: kept as it is, checked by the plugin's own schema. */
export const pluginData = z
  .record(z.string(), z.unknown())
  .meta({ "x-kubernetes-preserve-unknown-fields": true, type: "object" });

/** Any JSON value. */
export const anyValue = z.unknown().meta({ "x-kubernetes-preserve-unknown-fields": true });

/** RFC 1123 label: what names of objects' parts must look like, such as a device or a credential. */
export const label = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** RFC 1123 subdomain: the name of an object. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** The name of a plugin or an engine. */
export const pluginName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/);

export const text = (maximum: number) => z.string().max(maximum);
export const seconds = (maximum: number) => z.int().min(1).max(maximum);
export const count = z.int().min(0).max(1_000_000);

/** RFC 3339, as Kubernetes writes times. */
export const time = z.string().max(64).meta({ format: "date-time" });

/** Reference to an object of the same namespace. */
export const nameRef = z.strictObject({ name: objectName });

/** Reference to one key of a ConfigMap of the same namespace, or to a file of a library that the configuration names. */
export const textSource = withRules(
  z.strictObject({
    configMapRef: z.strictObject({ name: objectName, key: text(253).min(1) }).optional(),
    libraryRef: z.strictObject({ name: label, path: text(512).min(1) }).optional(),
  }),
  {
    rule: "has(self.configMapRef) != has(self.libraryRef)",
    message:
      "set exactly one of configMapRef (a key of a ConfigMap) and libraryRef (a file of a configured library)",
  },
);

/** metav1.LabelSelector. */
export const labelSelector = z.strictObject({
  matchLabels: mapOf(text(63), 32).optional(),
  matchExpressions: atomicList(
    z.strictObject({
      key: text(253).min(1),
      operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
      values: atomicList(text(63), 64).optional(),
    }),
    32,
  ).optional(),
});

/** metav1.Condition. */
const condition = z.strictObject({
  type: text(316).min(1),
  status: z.enum(["True", "False", "Unknown"]),
  observedGeneration: z.int().min(0).optional(),
  lastTransitionTime: time,
  reason: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/),
  message: text(32_768),
});
export type Condition = z.infer<typeof condition>;

export const conditions = listByKey(condition, "type", 16);

/**
 * Status of every kind starts at generation -1, so that tools which follow the kstatus convention read "in progress" before
 * the operator has looked at the object for the first time.
 */
export const observedGeneration = z.int().default(-1);

/** Metadata of an object that the API server has stored. */
export type Metadata = ObjectMeta &
  Required<
    Pick<ObjectMeta, "name" | "namespace" | "uid" | "resourceVersion" | "generation" | "creationTimestamp">
  >;
