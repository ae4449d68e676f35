import { createHash } from "node:crypto";
import type { NetJobSpec } from "./kinds/net-job.ts";

/** The fields whose change does not ask for another run. */
const IGNORED = new Set(["suspend", "cancel", "ttlSecondsAfterFinished", "webhooks"]);

const hashes = new WeakMap<NetJobSpec, string>();

/** What a run is about: equal specs have equal hashes, whatever the order of their keys. */
export function specHash(spec: NetJobSpec): string {
  const known = hashes.get(spec);
  if (known) return known;
  const relevant = Object.fromEntries(Object.entries(spec).filter(([field]) => !IGNORED.has(field)));
  const hash = createHash("sha256").update(canonical(relevant)).digest("hex").slice(0, 32);
  hashes.set(spec, hash);
  return hash;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
