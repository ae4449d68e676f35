import type { ContainerStatus, Pod } from "../../runtime/builtin-resources.ts";
import { timestamp } from "./container-runner.ts";
import { LOOPBACK } from "./pod.ts";

/** What a pod's containers do, as far as its status depends on it. */
export interface ContainerView {
  readonly status: ContainerStatus & Record<string, unknown>;
  readonly ready: boolean;
  readonly finished: boolean;
  readonly exitCode: number | undefined;
  readonly running: boolean;
}

/** The status that the agent writes for a pod: phase, conditions and the containers' states. */
export function podStatus(
  pod: Pod,
  containers: readonly ContainerView[],
  now: number,
): Record<string, unknown> {
  const phase = podPhase(containers, pod.status?.phase);
  const ready = containers.length > 0 && containers.every((c) => c.ready);
  const done = phase === "Succeeded" || phase === "Failed";
  const condition = (type: string, met: boolean, reason?: string) => ({
    type,
    status: met ? "True" : "False",
    ...(met || reason === undefined ? {} : { reason }),
    lastTransitionTime: lastTransition(pod, type, met, now),
  });
  return {
    phase,
    hostIP: LOOPBACK,
    podIP: LOOPBACK,
    podIPs: [{ ip: LOOPBACK }],
    startTime: readText(pod.status, "startTime") ?? timestamp(now),
    conditions: [
      condition("PodScheduled", true),
      condition("PodReadyToStartContainers", !done),
      condition("Initialized", true),
      condition("ContainersReady", ready, done ? "PodCompleted" : "ContainersNotReady"),
      condition("Ready", ready, done ? "PodCompleted" : "ContainersNotReady"),
    ],
    containerStatuses: containers.map((c) => c.status),
  };
}

function podPhase(containers: readonly ContainerView[], before: string | undefined): string {
  if (containers.length > 0 && containers.every((c) => c.finished)) {
    return containers.every((c) => c.exitCode === 0) ? "Succeeded" : "Failed";
  }
  const everStarted = before === "Running" || containers.some((c) => c.running || c.exitCode !== undefined);
  return everStarted ? "Running" : "Pending";
}

function lastTransition(pod: Pod, type: string, met: boolean, now: number): string {
  const present = pod.status?.conditions?.find((c) => c.type === type);
  const same = present?.status === (met ? "True" : "False");
  return (same && readText(present, "lastTransitionTime")) || timestamp(now);
}

function readText(object: object | undefined, field: string): string | undefined {
  const value: unknown = object === undefined ? undefined : Reflect.get(object, field);
  return typeof value === "string" ? value : undefined;
}
