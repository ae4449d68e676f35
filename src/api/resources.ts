import { defineResource, type KubernetesObject } from "../runtime/objects.ts";
import { GROUP, type Kind, VERSION } from "./kind.ts";
import { type DevicePool, devicePool } from "./kinds/device-pool.ts";
import { type NetJob, netJob } from "./kinds/net-job.ts";
import { type NetOutput, netOutput } from "./kinds/net-output.ts";
import { type NetTask, netTask } from "./kinds/net-task.ts";
import { type NetWorker, netWorker } from "./kinds/net-worker.ts";
import { type PinMap, pinMap } from "./kinds/pin-map.ts";

/** Where the kinds live in the API. */
export const netJobs = resource<NetJob>(netJob);
export const devicePools = resource<DevicePool>(devicePool);
export const pinMaps = resource<PinMap>(pinMap);
export const netTasks = resource<NetTask>(netTask);
export const netWorkers = resource<NetWorker>(netWorker);
export const netOutputs = resource<NetOutput>(netOutput);

function resource<T extends KubernetesObject>({ kind, plural }: Kind) {
  return defineResource<T>({ group: GROUP, version: VERSION, kind, plural, namespaced: true });
}
