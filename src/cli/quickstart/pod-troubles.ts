import { readFileSync } from "node:fs";
import { type ApiClient, type Pod, pods } from "../../runtime/index.ts";

const LOG_LINES = 8;

/** What keeps the containers of a namespace's pods from running, in a line; empty when nothing is known. */
export async function podTroubles(client: ApiClient, namespace: string): Promise<string> {
  const { items } = await client.list(pods, { namespace });
  return [...new Set(items.flatMap(troublesOf))].join("; ");
}

function troublesOf(pod: Pod): string[] {
  return (pod.status?.containerStatuses ?? []).flatMap(({ name, state, lastState }) => {
    const { reason, message } = state?.waiting ?? {};
    const exit = lastState?.terminated;
    if (exit && exit.exitCode !== 0) return [`${name} ended with exit code ${exit.exitCode}`];
    return message ? [`${name}: ${reason}: ${message}`] : [];
  });
}

/** The last lines of log files, each under its name. */
export function logTails(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const lines = readFileSync(path, "utf8").trimEnd().split("\n").slice(-LOG_LINES);
      return `--- ${path}\n${lines.join("\n")}`;
    })
    .join("\n");
}
