import { defineErrors } from "./define.ts";

/** Reasons that a NetJob, or one of its devices, ends or waits with, beside the failures of devices and plugins. */
export const jobErrors = defineErrors({
  InvalidSpec: {
    retry: "never",
    when: "The NetJob asks for something that cannot be done; no device was touched.",
    remedy: "Correct the field that the message names. An edit of a finished NetJob starts another run.",
    message: (e: { problems: readonly string[] }) => e.problems.join("; "),
  },
  PoolNotFound: {
    retry: "never",
    when: "The DevicePool that the NetJob names does not exist; the job waits for it.",
    remedy: "Create the pool, or correct spec.poolRef.name.",
    message: (e: { pool: string }) =>
      `there is no DevicePool ${e.pool} in this namespace; the job waits for it`,
  },
  Unschedulable: {
    retry: "never",
    when: "No worker of the pool has room for some devices, or none is ready; they wait.",
    remedy:
      "Raise spec.workers.replicas or spec.workers.capacity of the pool, or wait for other devices to be released.",
    message: (e: { waiting: number; why: string }) => `${e.waiting} device(s) wait for a worker: ${e.why}`,
  },
  Suspended: {
    retry: "never",
    when: "The NetJob is held by spec.suspend.",
    remedy: "Set spec.suspend to false.",
    message: () => "held by spec.suspend",
  },
  DevicesFailed: {
    retry: "never",
    when: "The run ended and at least one device failed.",
    remedy: "Look at status.results: each device has its own reason.",
    message: (e: { failed: number; total: number; first: string }) =>
      `${e.failed} of ${e.total} device(s) failed; first: ${e.first}`,
  },
  Interrupted: {
    retry: "never",
    when: "A worker was lost in the middle of a change: whether the device took it is unknown. It was not sent again.",
    remedy:
      "Look at the device, then edit or re-create the job; onInterrupted: Retry repeats such changes without asking.",
    message: (e: { interrupted: number; total: number; first: string }) =>
      `${e.interrupted} of ${e.total} device(s) were interrupted in the middle of a change; first: ${e.first}`,
  },
  WorkerLost: {
    retry: "never",
    when: "The worker that had begun to change the device was lost.",
    remedy: "Look at the device: the change may be complete, partial or missing.",
    message: (e: { worker: string }) =>
      `worker ${e.worker} was lost after it had begun; whether the device took the change is unknown`,
  },
  CommitUnconfirmed: {
    retry: "never",
    when: "The worker was lost in a change whose commit has to be confirmed (commit.confirmTimeoutSeconds).",
    remedy:
      "Wait until the time is over: the device takes the commit back by itself. Then run the job again; a change that was confirmed just before stays.",
    message: (e: { worker: string; seconds: number }) =>
      `worker ${e.worker} was lost after it had begun; unless the commit was confirmed already, the device takes it back by itself within ${e.seconds} s of it`,
  },
  DetachedLost: {
    retry: "never",
    when: "A detached program is gone without an exit status, as after a restart of its host, or its start was cut short.",
    remedy:
      "Look at the host: the program may have done its work wholly, in part or not at all. It is not started again; create another job for that.",
    message: (e: { device: string; id: string }) =>
      `program ${e.id} on ${e.device} is gone and left no exit status`,
  },
  NotCompliant: {
    retry: "never",
    when: "A compliance report says that a device does not comply; the job itself succeeded.",
    remedy: "Look at the report in the job's results: each rule has what was expected and what was found.",
    message: (e: { failing: number; total: number; first: string }) =>
      `${e.failing} of ${e.total} device(s) do not comply: ${e.first}`,
  },
  DeadlineExceeded: {
    retry: "never",
    when: "The run took longer than spec.activeDeadlineSeconds.",
    remedy: "Raise it, or look for the slow devices in status.results.",
    message: (e: { seconds: number }) => `the run took longer than activeDeadlineSeconds (${e.seconds} s)`,
  },
  QueueTimeout: {
    retry: "never",
    when: "No device had started within spec.queueTimeoutSeconds.",
    remedy: "Raise it, add workers, or look for jobs that hold the devices.",
    message: (e: { seconds: number }) => `no device had started within queueTimeoutSeconds (${e.seconds} s)`,
  },
  Cancelled: {
    retry: "never",
    when: "spec.cancel was set; what ran ended safely, the rest was not begun.",
    remedy: "Nothing. An edit of another field after setting spec.cancel to false starts another run.",
    message: () => "cancelled by spec.cancel",
  },
  TooManyFailures: {
    retry: "never",
    when: "More devices failed than spec.maxFailedDevices allows; the rest was not begun.",
    remedy: "Look at the failed devices first.",
    message: (e: { failed: number; allowed: number }) =>
      `${e.failed} devices failed, ${e.allowed} are allowed; the rest was not begun`,
  },
  Conflict: {
    retry: "never",
    when: "Another, earlier pool has a device with the same host and port; two sessions would disturb each other.",
    remedy: "Remove the device from one of the pools.",
    message: (e: { device: string; other: string }) =>
      `${e.device} is also ${e.other}; remove it from one of the pools`,
  },
  PinMoved: {
    retry: "never",
    when: "The device is pinned to another worker; the operator places it again.",
    remedy: "Nothing: it is placed again by itself.",
    message: (e: { device: string; worker: string }) => `${e.device} is not pinned to ${e.worker}`,
  },
  WorkerDraining: {
    retry: "never",
    when: "The worker is ending; the operator places the device again.",
    remedy: "Nothing: it is placed again by itself.",
    message: (e: { worker: string }) => `${e.worker} is draining`,
  },
  SpecChanged: {
    retry: "never",
    when: "The NetJob was edited in the moment its run began; devices not begun by then belong to the next run.",
    remedy: "Nothing: the next run starts by itself.",
    message: () => "the spec changed while the run began; devices not begun belong to the next run",
  },
  CredentialNotFound: {
    retry: "never",
    when: "The Secret of a credential is not mounted in the worker, or lacks a key.",
    remedy: "Create the Secret that spec.credentials of the pool names, with the key that the message names.",
    message: (e: { credential: string; why: string }) => `credential ${e.credential}: ${e.why}`,
  },
  TemplateNotFound: {
    retry: "never",
    when: "A ConfigMap or library file with a template or its context does not exist.",
    remedy: "Create it, or correct the reference.",
    message: (e: { source: string }) => `${e.source} does not exist`,
  },
});
