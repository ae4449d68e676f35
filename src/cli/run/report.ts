import { styleText } from "node:util";
import { stringify } from "yaml";
import type { CommandOutcome, DeviceResult, NetJob } from "../../api/index.ts";
import { textTable } from "../quickstart/text-table.ts";
import { tabular } from "../tabular.ts";

export type Format = "table" | "json" | "yaml";

/** Finished jobs for people (what devices said, then a table of outcomes) or for programs (the NetJobs with their status). */
export function report(jobs: readonly NetJob[], format: Format): string {
  const data = jobs.length === 1 ? jobs[0] : { apiVersion: "v1", kind: "List", items: jobs };
  switch (format) {
    case "json":
      return `${JSON.stringify(data, undefined, 2)}\n`;
    case "yaml":
      return stringify(data);
    case "table":
      return jobs.map(jobReport).join("\n");
  }
}

function jobReport(job: NetJob): string {
  const results = job.status?.results ?? [];
  const texts = results.map(deviceText).filter((text) => text !== "");
  const rows = parsedRows(results);
  const verdict = job.status?.conditions?.find(({ type }) => type === "Succeeded");
  const compliant = job.status?.conditions?.find(({ type }) => type === "Compliant");
  const table = textTable([
    ["DEVICE", "OUTCOME", "TOOK", "MESSAGE"],
    ...results.map((result) => [result.device, word(result), took(result), firstLine(result.message ?? "")]),
  ]);
  const parts = [
    ...texts,
    ...(rows ? [rows] : []),
    ...(results.length > 0 ? [table] : []),
    `NetJob ${job.metadata.name}: ${verdict?.reason ?? ""}: ${verdict?.message ?? ""}`,
    ...(compliant ? [`Compliant: ${compliant.status}: ${compliant.message}`] : []),
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}

/** Rows of all devices as one table, where a parser made rows of every output. */
function parsedRows(results: readonly DeviceResult[]): string | undefined {
  const rows = results.flatMap(({ device, commands = [] }) =>
    commands.flatMap(({ parsed }) => (isRows(parsed) ? parsed.map((row) => ({ device, ...row })) : [])),
  );
  return rows.length > 0 ? tabular(rows) : undefined;
}

function isRows(parsed: unknown): parsed is readonly Record<string, unknown>[] {
  return (
    Array.isArray(parsed) &&
    parsed.length > 0 &&
    parsed.every((row) => typeof row === "object" && row !== null && !Array.isArray(row))
  );
}

function deviceText({ device, commands = [] }: DeviceResult): string {
  return commands
    .map((outcome) => ({ outcome, text: outcomeText(outcome) }))
    .filter(({ text }) => text !== "")
    .map(({ outcome, text }) => `${styleText("bold", `${device}: ${outcome.command}`)}\n${text.trimEnd()}`)
    .join("\n\n");
}

function outcomeText(outcome: CommandOutcome): string {
  const {
    output = "",
    stderr = "",
    parsed,
    diff,
    plan = [],
    lines = [],
    notes = [],
    transfer,
    outputRef,
  } = outcome;
  const refused = lines.some(({ state }) => state === "rejected")
    ? lines.filter(({ state }) => state !== "accepted")
    : [];
  return [
    ...(parsed === undefined ? [output, stderr] : isRows(parsed) ? [] : [stringify(parsed)]),
    ...(diff === undefined ? [] : [diff === "" ? "no difference" : coloured(diff)]),
    ...(plan.length > 0 ? [`would then: ${plan.join("\n            ")}`] : []),
    ...refused.map(({ state, line, output: said }) => `${state}: ${line}${said ? `\n  ${said}` : ""}`),
    ...(transfer ? [transferred(transfer)] : []),
    ...(outputRef ? [`kept as ${outputRef.name} (${outputRef.size} bytes)`] : []),
    ...notes.map((note) => `note: ${note}`),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

function transferred({ bytes, verified, skipped }: NonNullable<CommandOutcome["transfer"]>): string {
  const facts = [
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
    ...(verified === undefined ? [] : [`verified by ${verified}`]),

    ...(skipped ? [`skipped: ${skipped}`] : []),
  ];
  return facts.join(", ");
}

function coloured(diff: string): string {
  const colour = (line: string) => {
    if (line.startsWith("+")) return styleText("green", line);
    return line.startsWith("-") ? styleText("red", line) : line;
  };
  return diff.trimEnd().split("\n").map(colour).join("\n");
}

function word({ state, reason }: DeviceResult): string {
  const text = state === "Succeeded" || reason === undefined ? state : `${state} (${reason})`;
  return styleText(state === "Succeeded" ? "green" : "red", text);
}

function took({ startTime, endTime }: DeviceResult): string {
  if (startTime === undefined || endTime === undefined) return "";
  return `${((Date.parse(endTime) - Date.parse(startTime)) / 1000).toFixed(1)} s`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
