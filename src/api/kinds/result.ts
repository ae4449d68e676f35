import { z } from "zod";
import { anyValue, atomicList, label, objectName, text, time } from "../schema.ts";
import { transferOutcome, transferProgress } from "./transfer.ts";

/** Where an output stands that is too large for its place; nothing is cut silently. */
const outputRef = z.strictObject({
  kind: z.enum(["NetTask", "NetOutput"]),
  name: objectName.describe("The NetTask, or the first chunk; further chunks are numbered."),
  chunks: z.int().min(1).max(4096).optional(),
  size: z.int().min(0).describe("Bytes of the output; of text in UTF-8."),
  sha256: text(64),
  encoding: z
    .enum(["utf-8", "base64"])
    .optional()
    .describe("base64: no text; each chunk is base64 of its own. Absent: text."),
});
export type OutputRef = z.infer<typeof outputRef>;

/** A failure: code of the error catalogue and its message. */
const failure = z.strictObject({ reason: text(128), message: text(4096) });
export type Failure = z.infer<typeof failure>;

const lineResult = z.strictObject({
  line: text(4096),
  state: z.enum(["accepted", "rejected", "skipped"]),
  output: text(8192).optional(),
});

const commandResult = z.strictObject({
  command: text(4096),
  output: text(1_048_576).optional(),
  outputRef: outputRef.optional(),
  parsed: anyValue.optional(),
  lines: atomicList(lineResult, 10_000).optional().describe("Outcome per line of a configuration change."),
  diff: text(262_144).optional(),
  plan: atomicList(text(4096), 256)
    .optional()
    .describe("What the device would be told after a dry run, a line for each step."),
  exitStatus: z.int().optional(),
  stderr: text(1_048_576).optional(),
  notes: atomicList(text(1024), 16).optional(),
  transfer: transferOutcome.optional().describe("How a file was carried."),
  error: failure.optional(),
});
export type CommandOutcome = z.infer<typeof commandResult>;

const detachedStatus = z.strictObject({
  id: text(128).describe("Under which the device knows the program."),
  state: z.enum(["Running", "Exited", "Lost"]),
  startTime: text(64).optional().describe("By the device's clock."),
  endTime: text(64).optional(),
  exitStatus: z.int().optional(),
  logSize: z.int().min(0).describe("Bytes that it has written."),
  piece: z
    .strictObject({
      sequence: z.int().min(1).describe("Counts the pieces of one worker."),
      offset: z.int().min(0).describe("Byte of the log at which the piece begins."),
      text: text(65_536),
    })
    .optional()
    .describe("What it has written since the last piece, with logIntervalSeconds."),
});
export type DetachedStatus = z.infer<typeof detachedStatus>;

const deviceState = z.enum([
  "Pending",
  "Running",
  "Succeeded",
  "Failed",
  "Interrupted",
  "Cancelled",
  "NotStarted",
]);
export type DeviceState = z.infer<typeof deviceState>;

export const deviceResult = z.strictObject({
  device: label,
  state: deviceState,
  reason: text(128).optional(),
  message: text(4096).optional(),
  worker: objectName.optional(),
  task: objectName.optional(),
  attempts: z.int().min(0).max(100).optional(),
  startTime: time.optional(),
  endTime: time.optional(),
  sessionReused: z.boolean().optional(),
  progress: transferProgress.optional().describe("How far the file is that is being carried."),
  detached: detachedStatus.optional().describe("A program that outlives session and worker."),
  complies: z.boolean().optional().describe("What a compliance report says of the device."),
  commands: atomicList(commandResult, 256).optional(),
  ref: outputRef.optional().describe("Where the commands' outcomes stand when they are too large for here."),
});
export type DeviceResult = z.infer<typeof deviceResult>;
