import type { Plan } from "./plan.ts";

/**
 * NAPALM's configuration verbs on one device, each as a plan. An instance remembers what is loaded between verbs, as NAPALM's driver
 * does; it knows nothing of sessions.
 */
export interface ConfigVerbs<Request, Reply> {
  /** Times after which this platform takes a commit back by itself; absent where it cannot. */
  readonly revertIn?: RevertTimes;
  /** Whether this very device can do so, where that depends on how it is configured; absent: it can. */
  canRevert?(): Plan<Request, Reply, boolean>;
  /** Whether an empty difference means that there is nothing to commit; otherwise it is only an estimate. */
  readonly exactDiff: boolean;
  /** Under which name the device has what is loaded; absent: nothing is, or it has no name. */
  readonly candidate?: string | undefined;
  /** Throws `ConfigLocked` where others are changing the device and `ConfigRejected` for a line that it refuses at once. */
  load_merge_candidate(config: string): Plan<Request, Reply, void>;
  load_replace_candidate(config: string): Plan<Request, Reply, void>;
  /** The difference that a commit would make; empty without any. */
  compare_config(): Plan<Request, Reply, string>;
  /** Throws `CommitFailed`, `CommitPending`, or `NotImplemented` for what the platform lacks. */
  commit_config(options?: CommitOptions): Plan<Request, Reply, void>;
  /** Makes a commit final that waits for it, and keeps it for the next start as NAPALM does. Throws `NoCommitPending`. */
  confirm_commit(options?: Pick<CommitOptions, "save">): Plan<Request, Reply, void>;
  has_pending_commit(): Plan<Request, Reply, boolean>;
  discard_config(): Plan<Request, Reply, void>;
  /** Takes the last commit back, a pending one at once. */
  rollback(): Plan<Request, Reply, void>;
  /** What has to be put right before the session ends. */
  close(): Plan<Request, Reply, void>;
}

export interface CommitOptions {
  readonly message?: string;
  /** The device takes the commit back after this many seconds unless it is confirmed. */
  readonly revertIn?: number;
  /** Keep the running configuration for the next start; NAPALM always does. */
  readonly save?: boolean;
}

/** In seconds. */
export interface RevertTimes {
  readonly least: number;
  readonly most: number;
  /** What the platform counts in: a time is rounded up to it. */
  readonly step: number;
}
