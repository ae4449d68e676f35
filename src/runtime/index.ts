// A small controller runtime over the Kubernetes API. It knows nothing of the rest of this project.
export * from "./api-error.ts";
export * from "./builtin-resources.ts";
export {
  ApiClient,
  type DeleteOptions,
  type ListOptions,
  type ObjectList,
  type WatchOptions,
  type WriteOptions,
} from "./client.ts";
export { type Clock, FakeClock, sleep, systemClock, type TimerHandle } from "./clock.ts";
export * from "./conditions.ts";
export { Controller, type ControllerMetrics, type ControllerOptions, type Result } from "./controller.ts";
export {
  type Credentials,
  findCredentials,
  type Identity,
  inClusterCredentials,
  kubeConfigCredentials,
} from "./credentials.ts";
export { EventRecorder, type EventRecorderOptions } from "./event-recorder.ts";
export { Informer, type InformerFaults, type InformerOptions, withoutBallast } from "./informer.ts";
export { type LeaderElectionOptions, LeaderElector } from "./leader-election.ts";
export { type Logger, silentLogger } from "./logger.ts";
export {
  type Election,
  type Group,
  Manager,
  type ManagerOptions,
  type Runnable,
  type SignalSource,
} from "./manager.ts";
export { Metrics } from "./metrics.ts";
export * from "./objects.ts";
export { Reflector, type ReflectorOptions, type ReflectorSink, type ReflectorTiming } from "./reflector.ts";
export { type Change, type Indexes, Store } from "./store.ts";
export { TokenBucket } from "./token-bucket.ts";
export type { RequestRecord, TransportOptions } from "./transport.ts";
export type { WatchEvent } from "./watch-stream.ts";
export { LOW_PRIORITY, type QueueMetrics, WorkQueue, type WorkQueueOptions } from "./work-queue.ts";
