import type { NetJob, NetTask } from "../../api/index.ts";
import { specHash } from "../../api/spec-hash.ts";

/** The run of a job that is on, or the last one. */
export interface Run {
  readonly number: number;
  /** Hash of the spec that the run carries out. */
  readonly hash: string;
  readonly state: "new" | "active" | "finished";
  /** The run's tasks in the order of their slices. */
  readonly tasks: readonly NetTask[];
}

/**
 * Which run a job is in. A run of one task leaves no trace in the job before it ends, so the tasks count as well; a finished
 * job whose spec differs from its last run's is in a new run.
 */
export function currentRun(job: NetJob, tasks: readonly NetTask[]): Run {
  const { run = 0, specHash: lastHash, completionTime } = job.status ?? {};
  const wanted = specHash(job.spec);
  if (run > 0 && completionTime && lastHash === wanted)
    return { number: run, hash: wanted, state: "finished", tasks: tasksOf(tasks, run) };

  const number = run > 0 && !completionTime ? run : run + 1;
  const ofRun = tasksOf(tasks, number);
  const recorded = number === run ? lastHash : undefined;
  const hash = recorded ?? ofRun[0]?.spec.jobRef.specHash ?? wanted;
  return { number, hash, state: ofRun.length > 0 || recorded ? "active" : "new", tasks: ofRun };
}

function tasksOf(tasks: readonly NetTask[], run: number): NetTask[] {
  return tasks.filter((task) => task.spec.jobRef.run === run).sort((a, b) => a.spec.slice - b.spec.slice);
}
