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

/** What getters say of every device: one line each, of the jobs that asked for facts, interfaces and BGP neighbours. */
export function gettersTable(jobs: readonly NetJob[]): string {
  const models = (name: string) =>
    new Map(
      jobs
        .find(({ metadata }) => metadata.name === name)
        ?.status?.results?.map(({ device, commands }) => [device, commands?.[0]?.parsed]),
    );
  const [facts, interfaces, neighbours] = [models("facts"), models("interfaces"), models("bgp-neighbors")];
  const rows = [...facts].map(([device, model]) => {
    const { vendor = "", model: hardware = "", os_version = "" } = asMap(model) as Record<string, string>;
    const ports = Object.values(asMap(interfaces.get(device)));
    const peers = Object.values(asMap(neighbours.get(device))).flatMap((vrf) =>
      Object.values(asMap(asMap(vrf).peers)),
    );
    return [
      device,
      vendor,
      hardware,
      // IOS answers with a whole line of `show version`.
      /Version ([^,\s]+)/.exec(os_version)?.[1] ?? os_version,
      upOf(ports),
      upOf(peers),
    ];
  });
  return textTable([["DEVICE", "VENDOR", "MODEL", "VERSION", "INTERFACES UP", "BGP UP"], ...rows]);
}

/** A compliance report: a line for each rule and device. */
export function complianceTable(job: NetJob): string {
  const rows = (job.status?.results ?? []).flatMap(({ device, commands }) =>
    Object.entries(asMap(commands?.[0]?.parsed))
      .filter(([rule]) => rule !== "complies" && rule !== "skipped")
      .map(([rule, report]) => {
        const { complies } = asMap(report);
        return [
          device,
          rule,
          complies === true ? styleText("green", "yes") : styleText("red", "no"),
          missingOf(report),
        ];
      }),
  );
  return textTable([["DEVICE", "RULE", "COMPLIES", "WHY NOT"], ...rows]);
}

/** The innermost names that a report misses, or that differ. */
function missingOf(report: unknown): string {
  const { missing, present } = asMap(report);
  const names = Array.isArray(missing) ? missing.map((name) => `no ${String(name)}`) : [];
  const inner = Object.entries(asMap(present)).flatMap(([name, entry]) => {
    const { complies, diff, actual_value } = asMap(entry);
    if (complies !== false) return [];
    return [diff === undefined ? `${name} is ${JSON.stringify(actual_value)}` : missingOf(diff)];
  });
  return [...names, ...inner].join(", ");
}

function upOf(all: readonly unknown[]): string {
  return `${all.filter((one) => asMap(one).is_up === true).length} of ${all.length}`;
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** What the jobs of the lab do, where they succeed. */
const WHAT: Readonly<Record<string, string>> = {
  "show-version": "one command on every device, parsed with TextFSM",
  "ntp-dry-run": "rendered with Jinja2; the difference was shown and nothing was changed",
  ntp: "the same change made, verified and saved",
  facts: "one model of four vendors, by eAPI, NX-API, NETCONF and a command line",
  interfaces: "the state of all interfaces",
  "bgp-neighbors": "BGP sessions by VRF",
  compliance: "the models compared with rules: see the condition Compliant",
};

function took(job: NetJob): string {
  const { startTime, completionTime, queuedTime } = job.status ?? {};
  const from = queuedTime ?? startTime;
  if (from === undefined || completionTime === undefined) return "";
  return `${((Date.parse(completionTime) - Date.parse(from)) / 1000).toFixed(1)} s`;
}
