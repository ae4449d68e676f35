import type { z } from "zod";
import type { CelRule } from "./schema.ts";

export const GROUP = "netpulse.io";
export const VERSION = "v1alpha1";

export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "date" | "boolean";
  readonly jsonPath: string;
  /** 1: only with `kubectl get -o wide`. */
  readonly priority?: number;
  readonly description?: string;
}

/** One kind of the API: everything the generator needs for its CustomResourceDefinition. */
export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec?: z.ZodType;
  readonly status?: z.ZodType;
  /** Fields beside spec and status, for kinds that are pure data as ConfigMap and Endpoints are. */
  readonly fields?: Readonly<Record<string, z.ZodType>>;
  readonly subresources: {
    readonly scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath: string };
  };
  readonly selectableFields?: readonly string[];
  readonly columns: readonly PrinterColumn[];
  /** Rules on the whole object; they see the stored status. */
  readonly rules?: readonly CelRule[];
}
