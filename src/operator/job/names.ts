import { createHash } from "node:crypto";
import type { NetJob } from "../../api/index.ts";

/** Room for the longest suffix (`-` 8 hex, run, slice) below the 253 characters of a name. */
const LONGEST_PREFIX = 200;

/**
 * A task's name says whose it is and, through the uid, stays unique when a job is deleted and made again under the same name.
 * Whoever computes it for the same slice of the same run gets the same name, so a task cannot be created twice.
 */
export function taskName(job: NetJob, run: number, slice: number): string {
  const uid = createHash("sha256").update(job.metadata.uid).digest("hex").slice(0, 8);
  return `${job.metadata.name.slice(0, LONGEST_PREFIX)}-${uid}-${run}-${slice}`;
}
