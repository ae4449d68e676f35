import type { NetJobStatus } from "../../api/index.ts";

/**
 * The reason that a run has come to by a status write, where it is another one than before: what subscribers of webhooks hear once.
 * Undefined at its end, which is announced by itself.
 */
export function transitionOf(before: NetJobStatus | undefined, after: NetJobStatus): string | undefined {
  if (after.completionTime) return undefined;
  const reason = reasonOf(after);
  const sameRun = before?.run === after.run && !before?.completionTime;
  return sameRun && reasonOf(before) === reason ? undefined : reason;
}

function reasonOf(status: NetJobStatus | undefined): string | undefined {
  return status?.conditions?.find(({ type }) => type === "Succeeded")?.reason;
}
