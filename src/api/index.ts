import type { Kind } from "./kind.ts";
import { devicePool } from "./kinds/device-pool.ts";
import { netJob } from "./kinds/net-job.ts";
import { netOutput } from "./kinds/net-output.ts";
import { netTask } from "./kinds/net-task.ts";
import { netWorker } from "./kinds/net-worker.ts";
import { pinMap } from "./kinds/pin-map.ts";

export { GROUP, type Kind } from "./kind.ts";
export type * from "./kinds/device-pool.ts";
export type * from "./kinds/net-job.ts";
export { type NetOutput, OUTPUT_CHUNK_BYTES } from "./kinds/net-output.ts";
export type * from "./kinds/net-task.ts";
export type * from "./kinds/net-worker.ts";
export { DEFAULT_DRIVER } from "./kinds/operation.ts";
export type * from "./kinds/pin-map.ts";
export type * from "./kinds/result.ts";
export type * from "./kinds/transfer.ts";
export type { Condition, Metadata } from "./schema.ts";

/** All kinds of the API group. */
export const kinds: readonly Kind[] = [netJob, devicePool, pinMap, netTask, netWorker, netOutput];
export * from "./resources.ts";
