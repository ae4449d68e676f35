import { z } from "zod";
import type { Kind } from "../kind.ts";
import { label, type Metadata, objectName, text } from "../schema.ts";

/** 256 KiB of UTF-8 a chunk: 1.5 MB is etcd's limit for a request, and JSON may double what it carries. */
export const OUTPUT_CHUNK_BYTES = 262_144;

const fields = {
  task: objectName.optional(),
  device: label.optional(),
  command: text(4096).optional(),
  index: z.int().min(0).optional(),
  chunks: z.int().min(1).optional(),
  encoding: z
    .enum(["utf-8", "base64"])
    .optional()
    .describe("base64: data is base64 of this chunk's bytes. Absent: text."),
  data: text(1_048_576)
    .optional()
    .describe("This chunk of the output; chunks follow each other without a gap."),
};

export interface NetOutput {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly task?: string;
  readonly device?: string;
  readonly command?: string;
  readonly index?: number;
  readonly chunks?: number;
  readonly encoding?: "utf-8" | "base64";
  readonly data?: string;
}

export const netOutput = {
  kind: "NetOutput",
  plural: "netoutputs",
  shortNames: ["nout"],
  description: "A chunk of an output that is too large for its task. Deleted with the task.",
  fields,
  subresources: {},
  columns: [
    { name: "Task", type: "string", jsonPath: ".task" },
    { name: "Device", type: "string", jsonPath: ".device" },
    { name: "Chunk", type: "integer", jsonPath: ".index" },
    { name: "Of", type: "integer", jsonPath: ".chunks" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
} satisfies Kind;
