import { styleText } from "node:util";
import type { NetJob } from "../../api/index.ts";
import { conditionOf, succeeded } from "./jobs.ts";
import { textTable } from "./text-table.ts";

/** The last table: one line per NetJob. */
export function outcomeTable(jobs: readonly NetJob[]): string {
  const rows = jobs.map((job) => {
    const condition = conditionOf(job, "Succeeded");
    const { summary } = job.status ?? {};
    const word = succeeded(job)
      ? styleText("green", "Succeeded")
      : styleText("red", condition?.reason ?? "Unknown");
    return [
      job.metadata.name,
      `${summary?.succeeded ?? 0}/${summary?.total ?? 0}`,
      word,
      took(job),
      says(job),
    ];
  });
  return textTable([["NETJOB", "DEVICES", "OUTCOME", "TOOK", "WHAT HAPPENED"], ...rows]);
}

/** What the job that shows versions has parsed: a line per device. */
export function versionsTable(job: NetJob): string {
  const rows = (job.status?.results ?? []).map(({ device, commands }) => {
    const [first] = commands ?? [];
    const row = firstRow(first?.parsed);
    return [device, row.SOFTWARE ?? "", row.VERSION ?? "", row.UPTIME ?? ""];
  });
  return textTable([["DEVICE", "SOFTWARE", "VERSION", "UPTIME"], ...rows]);
}

/** The difference that a dry run has found on the first device. */
export function firstDiff(job: NetJob): string {
  const found = job.status?.results?.flatMap(({ device, commands }) =>
    (commands ?? []).flatMap(({ diff }) => (diff ? [{ device, diff }] : [])),
  )[0];
  if (found === undefined) return "";
  return [
    `  on ${found.device}:`,
    ...found.diff
      .trimEnd()
      .split("\n")
      .map((text) => `    ${colour(text)}`),
  ].join("\n");
}

function colour(text: string): string {
  if (text.startsWith("+")) return styleText("green", text);
  return text.startsWith("-") ? styleText("red", text) : text;
}

/** TextFSM's rows are objects by column name, in whatever case the template has. */
function firstRow(parsed: unknown): Readonly<Record<string, string>> {
  const row: unknown = Array.isArray(parsed) ? parsed[0] : undefined;
  if (typeof row !== "object" || row === null) return {};
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toUpperCase(), String(value)]));
}

function says(job: NetJob): string {
  const failed = job.status?.results?.find((result) => result.state !== "Succeeded");
  if (failed !== undefined) return `${failed.device}: ${failed.reason ?? ""}: ${failed.message ?? ""}`;
  const told = succeeded(job) ? WHAT[job.metadata.name ?? ""] : undefined;
  return told ?? conditionOf(job, "Succeeded")?.message ?? "";
}

/** What the jobs of the lab do, where they succeed. */
const WHAT: Readonly<Record<string, string>> = {
  "show-version": "one command on every device, parsed with TextFSM",
  "ntp-dry-run": "rendered with Jinja2; the difference was shown and nothing was changed",
  ntp: "the same change made, verified and saved",
};

function took(job: NetJob): string {
  const { startTime, completionTime, queuedTime } = job.status ?? {};
  const from = queuedTime ?? startTime;
  if (from === undefined || completionTime === undefined) return "";
  return `${((Date.parse(completionTime) - Date.parse(from)) / 1000).toFixed(1)} s`;
}
